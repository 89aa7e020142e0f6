"""The work of a run for one home."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from ...engine.attempts import write_for
from ...engine.rounds import forget_earlier
from ...engine.runs import JUST_HAPPENED, Run
from ...errors import FencedError, PermanentError, WaitingError, ZoomOpsError
from ...homes import PacedError
from ...store.homes.records import find_pull
from ..context import Context
from .hook import next_pull
from .pull import pull_home
from .trouble import note_failed


class HomeWork:
    """The work of a run for one home."""

    touched: tuple[str, ...] = ()  # what was taken in rings its jobs itself

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run, self._name = context, run, run.subject.id
        self.finish: Callable[[Connection], None] | None = None  # in the transaction that ends the run

    def pull(self) -> str:
        """Read what changed in the home. While it cannot be read, the run waits for it, longer from time to time."""
        if self._name not in self._context.homes:
            raise PermanentError(f"The home {self._name} is not configured any more.")
        self._rest()
        opening = partial(write_for, self._context.database, self._run)
        try:
            sentence = pull_home(self._context, self._name, opening).sum_up()
        except (FencedError, PacedError):
            raise
        except ZoomOpsError as error:
            with opening() as connection:
                until = note_failed(connection, self._name, error, self._context.database.now(connection))
            raise WaitingError(str(error), until=until) from error
        self.finish = self._forget_earlier
        return sentence

    def _rest(self) -> None:
        """Wait for the pause after the latest pull, where calls of the home alone brought this one about.

        A call during a pull makes its run due once more, at once.
        """
        if self._run.priority != JUST_HAPPENED:
            return
        with self._context.database.read() as connection:
            now = self._context.database.now(connection)
            at = next_pull(find_pull(connection, self._name), now)
        if at > now:
            raise WaitingError("The home was read just now, and called again meanwhile.", until=at)

    def _forget_earlier(self, connection: Connection) -> None:
        forget_earlier(connection, self._run, self._context.database.now(connection))
