"""A home that cannot be read: how long it fails, when it is asked again, and the alert."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ...errors import ParkedError, ZoomOpsError
from ...messages import alerts as say
from ...messages import as_said
from ...store.alerts import Alert, clear_alert, key_of, raise_alert
from ...store.homes.records import Pulled, find_pull, save_pull

KIND = "home_down"
PATIENCE = timedelta(minutes=15)  # from the first failure to the alert
LONGEST_REST = timedelta(minutes=15)
_FIRST_REST = timedelta(minutes=1)


def note_failed(connection: Connection, home: str, error: ZoomOpsError, now: datetime) -> datetime:
    """Note that a pull failed, raise the alert once it is time, and return when to try again."""
    pulled = find_pull(connection, home)
    since = pulled.failing_since or now
    save_pull(connection, home, tried_at=now, failing_since=since, failure=str(error))
    if isinstance(error, ParkedError) or now - since >= PATIENCE:
        raise_alert(connection, _alert_of(pulled, error, since), now)
    return now + rest_after(now - since)


def note_mended(connection: Connection, home: str, now: datetime) -> None:
    """Note that a pull came to its end, and clear the alert."""
    if find_pull(connection, home).failing_since is not None:
        save_pull(connection, home, failing_since=None, failure=None)
    forget_trouble(connection, home, now)


def forget_trouble(connection: Connection, home: str, now: datetime) -> None:
    """Clear the alert of a home that works, or that is configured no more."""
    clear_alert(connection, key_of(KIND, None, home), now)


def rest_after(failing: timedelta) -> timedelta:
    """Return how long to rest before the next try: as long as it fails already, from one minute to fifteen."""
    return min(max(failing, _FIRST_REST), LONGEST_REST)


def _alert_of(pulled: Pulled, error: ZoomOpsError, since: datetime) -> Alert:
    why = as_said(str(error))
    if pulled.pulled_at:
        message = say.HOME_DOWN(home=pulled.home, why=why, since=since, read=pulled.pulled_at)
    else:
        message = say.HOME_NEVER_READ(home=pulled.home, why=why, since=since)
    return Alert(
        kind=KIND,
        subject=pulled.home,
        severity="critical" if isinstance(error, ParkedError) else "warning",
        message=message,
        cause=type(error).__name__,
    )
