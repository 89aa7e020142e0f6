"""What decides for many events at once whether Zoom records them: the right of a host, the storage of an account."""

from datetime import datetime

import structlog
from sqlalchemy import Connection

from ...engine.runs import Request, Subject, submit_all
from ...messages import Message
from ...messages import alerts as say
from ...store.accounts.cloud_storage import find_storage, save_storage
from ...store.alerts import Alert, Severity, clear_alert, key_of, raise_alert
from ...store.webinars import Bound, load_coming
from ...webinars import CloudStorage
from ...zoom import STORAGE_KIND, ZoomRefusedError
from ..context import Context

log = structlog.get_logger()
FULL, NEARLY_FULL = "storage_full", "storage_nearly_full"
_RUNG_AT_ONCE = 200  # events; Zoom waits 3 s for our answer, and the others have their turn


def look_up_right(context: Context, bound: Bound) -> None:
    """Look up whether a webinar's host may record to the cloud. A change makes all events of the host due.

    Zoom is asked once a day, or after 15 minutes while the host may not record.
    """
    try:
        context.gateway(bound.account).get_host(bound.host)
    except ZoomRefusedError as error:
        log.warning("host_refused", account=bound.account, reason=str(error))


def ring_coming(
    context: Context, connection: Connection, account: str, now: datetime, *, host: str | None = None
) -> None:
    """Ring the jobs of webinars for the events of an account, or of one host, that are not over."""
    events = load_coming(connection, account, now, host=host, limit=_RUNG_AT_ONCE)
    jobs = context.rings.get(STORAGE_KIND, ())
    subjects = [Subject(kind="event", id=event_id) for event_id in events]
    submit_all(connection, (Request(job=job, subject=it, account=account) for it in subjects for job in jobs), now)


def note_storage(context: Context, connection: Connection, account: str, storage: CloudStorage, now: datetime) -> None:
    """Keep how full an account's cloud storage is, raise or clear its alerts, ring its events if that decides anything.

    A notification that is older than what is known says nothing.
    """
    before = find_storage(connection, account)
    if before is not None and before.told_at >= storage.told_at:
        return
    save_storage(connection, account, storage, now)
    for kind, lasts in ((FULL, storage.is_full), (NEARLY_FULL, storage.is_nearly_full)):
        if lasts:
            severity: Severity = "critical" if kind == FULL else "warning"
            alert = Alert(kind=kind, account=account, message=_describe(account, storage), severity=severity)
            raise_alert(connection, alert, now)
        else:
            clear_alert(connection, key_of(kind, account, None), now)
    if storage.is_full != (before is not None and before.is_full):
        ring_coming(context, connection, account, now)


def _describe(account: str, storage: CloudStorage) -> Message:
    used = f"{storage.used_percentage} %" + (f", {storage.used}" if storage.used else "")
    full = say.STORAGE_FULL if storage.is_full else say.STORAGE_NEARLY_FULL
    return full(account=account, used=used, told=storage.told_at)
