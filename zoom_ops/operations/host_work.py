"""One host in the hands of a run: what no notification told of, and what should not be there."""

from datetime import timedelta

from ..engine.runs import Run
from .context import Context
from .strays import report_strays
from .sweeping import look_for_removed, sweep_host
from .turns import host_of, removed_long_ago, sweep_from


class HostWork:
    """One host in the hands of a run."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self.touched: tuple[str, ...] = ()

    def fetch_recordings(self) -> str:
        """Fetch what the host's list of recordings holds and we do not: of the last days, once a day of the month."""
        account, host = self._run.account, host_of(self._run)
        now = self._context.clock.now()
        with self._context.database.read() as connection:
            earliest = sweep_from(connection, self._run.job, account, host, now)
            removed = removed_long_ago(connection, self._run.job, account, host, now)
        self.touched = look_for_removed(self._context, account, removed)
        if earliest is not None:
            first = (earliest - timedelta(days=1)).date()  # Zoom's dates are UTC, and an event may begin early
            found = sweep_host(self._context, account, host, first)
            self.touched = tuple(dict.fromkeys((*self.touched, *found)))
        elif not removed:
            return "Nothing is missing."
        return f"Recordings of {len(self.touched)} events were found."

    def report_stray_webinars(self) -> str:
        """Tell operators which of the host's webinars carry an event's mark and are not its own."""
        return report_strays(self._context, self._run.account, host_of(self._run))
