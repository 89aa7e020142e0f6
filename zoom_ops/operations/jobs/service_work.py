"""What a run for the service itself works on."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from ...engine.attempts import guard
from ...engine.rounds import forget_earlier
from ...engine.runs import Run
from ...errors import PermanentError
from ...store.backups.files import back_up_into
from ...store.db.change_counts import fold_changes
from ...store.retention import prune, rules_of
from ..alerting.round import tell_round
from ..context import Context
from ..stages.watch import watch_events
from ..watching.watch import watch_service


class ServiceWork:
    """The work of a run for the service itself."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self.finish: Callable[[Connection], None] | None = None  # in the transaction that ends the run

    def watch_events(self) -> str:
        """Report what is late or stuck, and the runs that need a person. Of all rounds only the latest are kept."""
        sentence = watch_events(self._context)
        self.finish = self._forget_earlier
        return sentence

    def tell(self) -> str:
        """Write what operators are told now; return a sentence of how many messages."""
        return tell_round(self._context, self._run)

    def prune_records(self) -> str:
        """Delete records of finished work that are older than their retention; return the counts in a sentence."""
        database, fence = self._context.database, partial(guard, run=self._run)
        with database.read() as connection:
            rules = rules_of(self._context.kept, database.now(connection))
        deleted = {rule.order.table.name: prune(database, rule, fence) for rule in rules}
        with database.begin(durable=False) as connection:
            fence(connection)
            fold_changes(connection)
        counts = ", ".join(f"{name} {count}" for name, count in deleted.items() if count)
        return f"Rows thrown away: {counts}." if counts else ""

    def make_backup(self) -> str:
        """Back the database up as the settings say; return a sentence, also where they say that it is not wanted."""
        nightly = self._context.nightly
        if nightly is None:
            return "BACKUP_DIR is not set: no backup is made."
        context = self._context
        made = back_up_into(context.database, nightly.folder, context.installation, keep=nightly.keep)
        if made.stuck:
            raise PermanentError(f"{made.file} is made, but {len(made.stuck)} older backups could not be deleted.")
        older = f", {len(made.removed)} older deleted" if made.removed else ""
        return f"{made.file}: {made.bytes:,} bytes, checked{older}."

    def watch(self) -> str:
        """Keep the alerts about the service itself true, and ping the monitor of its silence."""
        return watch_service(self._context, self._run)

    def _forget_earlier(self, connection: Connection) -> None:
        forget_earlier(connection, self._run, self._context.database.now(connection))
