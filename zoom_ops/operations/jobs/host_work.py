"""What a run for one host works on."""

from datetime import timedelta

from ...engine.runs import Run
from ...zoom import UserGoneError
from ..context import Context
from ..due import host_of, removed_long_ago, sweep_from
from ..reconcile.lost_hosts import report_host
from ..reconcile.strays import report_strays
from ..recordings.check import check_host, report_user_gone
from ..recordings.fetch import fetch_all
from ..recordings.sweep import sweep_host


class HostWork:
    """The work of a run for one host."""

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run
        self.touched: tuple[str, ...] = ()

    def fetch_recordings(self) -> str:
        """Fetch recordings of the host's list that we do not hold: of the last days; once a day of the last month."""
        account, host = self._run.account, host_of(self._run)
        now = self._context.clock.now()
        with self._context.database.read() as connection:
            earliest = sweep_from(connection, self._run.job, account, host, now)
            removed = removed_long_ago(connection, self._run.job, account, host, now)
        self.touched = fetch_all(self._context, account, removed)  # are they back from the trash?
        if earliest is not None:
            first = (earliest - timedelta(days=1)).date()  # Zoom's dates are UTC, and an event may begin early
            try:
                found = sweep_host(self._context, account, host, first)
            except UserGoneError as error:
                report_user_gone(self._context, account, host)
                return str(error)
            self.touched = tuple(dict.fromkeys((*self.touched, *found)))
        elif not removed:
            return "Nothing is missing."
        return f"Recordings of {len(self.touched)} events were found."

    def check_recordings(self) -> str:
        """Look at the host's published recordings that are due for it; withdraw what is gone."""
        self.touched = check_host(self._context, self._run.account, host_of(self._run))
        return f"Recordings of {len(self.touched)} events have changed at Zoom." if self.touched else ""

    def report_stray_webinars(self) -> str:
        """Raise an alert for webinars of the host that carry an event's marker and are not its own."""
        account, host = self._run.account, host_of(self._run)
        if account in self._context.gateways and not report_host(self._context, account, host):
            return f"Host {host} can hold no webinars at Zoom."
        return report_strays(self._context, account, host)
