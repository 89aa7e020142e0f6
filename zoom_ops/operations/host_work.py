"""One host in the hands of a run: the sweep that finds what no notification told of."""

from datetime import timedelta

from ..engine.runs import Run
from .context import Context
from .recordings import fetch_host_recordings
from .turns import earliest_unfetched


class HostWork:
    """One host in the hands of a run."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self.touched: tuple[str, ...] = ()

    def fetch_recordings(self) -> str:
        """Fetch what the host's list of recordings holds of events that have none yet."""
        account, host = self._run.account, self._run.subject.id
        with self._context.database.read() as connection:
            earliest = earliest_unfetched(connection, account, host, self._context.clock.now())
        if earliest is None:
            return "Nothing is missing."
        first = (earliest - timedelta(days=1)).date()  # Zoom's dates are UTC, and an event may begin early
        self.touched = fetch_host_recordings(self._context, account, host, first)
        return f"Recordings of {len(self.touched)} events were found."
