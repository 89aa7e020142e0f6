"""What a run for the service itself works on."""

from functools import partial

from ...engine.attempts import guard
from ...engine.runs import Run
from ...store.retention import prune, rules_of
from ..alerting.round import tell_round
from ..context import Context


class ServiceWork:
    """The work of a run for the service itself."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run

    def tell(self) -> str:
        """Write what operators are told now; return a sentence of how many messages."""
        return tell_round(self._context, self._run)

    def prune_records(self) -> str:
        """Delete records of finished work that are older than their retention; return the counts in a sentence."""
        database, fence = self._context.database, partial(guard, run=self._run)
        with database.read() as connection:
            rules = rules_of(self._context.kept, database.now(connection))
        deleted = {rule.order.table.name: prune(database, rule, fence) for rule in rules}
        counts = ", ".join(f"{name} {count}" for name, count in deleted.items() if count)
        return f"Rows thrown away: {counts}." if counts else ""
