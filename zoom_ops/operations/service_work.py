"""The service itself in the hands of a run: its records of finished work."""

from functools import partial

from ..engine.runs import Run, guard
from ..store.pruning import prune, rules_of
from .context import Context


class ServiceWork:
    """The service itself in the hands of a run."""

    touched: tuple[str, ...] = ()  # no event that other jobs have to look at

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run

    def prune_records(self) -> str:
        """Throw away records of finished work that are older than they are kept for; tell how many of which."""
        database, hold = self._context.database, partial(guard, run=self._run)
        with database.read() as connection:
            rules = rules_of(self._context.kept, database.now(connection))
        gone = {rule.order.table.name: prune(database, rule, hold) for rule in rules}
        told = ", ".join(f"{name} {count}" for name, count in gone.items() if count)
        return f"Rows thrown away: {told}." if told else ""
