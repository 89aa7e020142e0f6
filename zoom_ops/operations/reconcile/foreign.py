"""Webinars that others make on our hosts: read from the hosts' lists, so that no event is put on top of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from ...events import Event
from ...messages import alerts as say
from ...messages import as_said
from ...planning import ForeignBooking, HostOnOffer, Observed, choose_host, marked_event
from ...profiles import Profile
from ...store.alerts import Alert, clear_alert, key_of, list_raised, raise_alert
from ...store.hosts.foreign import Foreign, Times, load_foreign, load_listed, mark_listed, save_listed
from ...store.hosts.unbound import load_unbound
from ...store.webinars import load_bookings, load_bound
from ...webinars import ListedWebinar, overlap
from ...zoom import (
    AccountStoppedError,
    MissingScopesError,
    NoLicenceError,
    WebinarGoneError,
    ZoomRefusedError,
)
from ..context import Context
from ..timeline import ring_event

log = structlog.get_logger()

ALERT = "host_list_unread"
SHARED = "host_shared"  # the notice of an event
_NO_FIXED_TIME, _SERIES = 6, 9
_READ_AT_MOST = 50  # series of one list


def read_list(context: Context, account: str, host: str) -> None:
    """Read a host's list and keep the webinars that are not ours.

    If Zoom refuses the list, an alert says so, and events are planned without it for an hour. Raises TemporaryError.
    """
    began, gateway = context.clock.now(), context.gateway(account)
    try:
        rows = tuple(gateway.iter_webinars(host))
    except NoLicenceError:
        gateway.mark_unlicensed(host)
        return
    except AccountStoppedError as error:  # perhaps only for lists: a create tells
        log.warning("host_list_refused", account=account, reason=str(error))
        return
    except (MissingScopesError, ZoomRefusedError) as error:
        log.warning("host_list_refused", account=account, reason=str(error))
        _report_unread(context, account, host, str(error), began)
        return
    keep_list(context, account, host, rows, began)


def keep_list(context: Context, account: str, host: str, rows: Sequence[ListedWebinar], read_at: datetime) -> None:
    """Keep what a host's list shows of webinars that are not ours; read the dates of a series that is new to us."""
    with context.database.read() as connection:
        bound = load_bound(connection, account, (row.id for row in rows))
        strays = {row.webinar_id for row in load_unbound(connection, account, host).values() if row.event_id}
        known = load_listed(connection, account, host)
    others = [
        row for row in rows if row.id not in bound | strays and not marked_event(row.agenda, context.installation)
    ]
    listed = tuple(_iter_foreign(context, account, host, others, known))
    with context.database.begin() as connection:
        save_listed(connection, account, host, listed, read_at)
        now = context.database.now(connection)
        clear_alert(connection, key_of(ALERT, account, host), now)
        _ring_sharers(context, connection, account, host, listed, now)


def find_unlisted_choice(event: Event, profile: Profile, observed: Observed, unlisted: Collection[str]) -> str | None:
    """Return the host that would be chosen if it is one of the `unlisted`: what its old list showed does not count."""
    if event.status == "postponed" or not unlisted:
        return None
    known = tuple(booking for booking in observed.foreign if booking.host not in unlisted)
    host = choose_host(event, profile, replace(observed, foreign=known))
    return host.email if isinstance(host, HostOnOffer) and host.email in unlisted else None


def load_foreign_bookings(
    connection: Connection, account: str, window: tuple[datetime, datetime]
) -> tuple[ForeignBooking, ...]:
    """Load the times that webinars of others take of an account's hosts in a window, and a day around it."""
    return choose_around(load_around(connection, account, window), window)


def load_around(connection: Connection, account: str, window: tuple[datetime, datetime]) -> tuple[Foreign, ...]:
    """Load the webinars of others that may take place in a window or a day around it."""
    return load_foreign(connection, account, *_widen(window))


def choose_around(rows: Iterable[Foreign], window: tuple[datetime, datetime]) -> tuple[ForeignBooking, ...]:
    """Return the times of those webinars that take place in a window or a day around it."""
    start, end = _widen(window)
    return tuple(
        ForeignBooking(webinar_id=row.webinar_id, topic=row.topic, host=row.host, start=first, end=last)
        for row in rows
        if row.times and overlap(min(row.times)[0], max(last for _, last in row.times), start, end)
        for first, last in row.times
    )


def _widen(window: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return window[0] - timedelta(days=1), window[1] + timedelta(days=1)  # more than any buffer


def _iter_foreign(
    context: Context, account: str, host: str, rows: Iterable[ListedWebinar], known: Mapping[int, Foreign]
) -> Iterator[Foreign]:
    now = context.clock.now()
    rows = tuple(rows)
    count, reads = Counter(row.id for row in rows), 0
    for number in count:
        dates = [row for row in rows if row.id == number]
        first = dates[0]
        shown = " ".join(f"{row.start and row.start.isoformat()}/{row.duration}" for row in dates)
        times = _times((row.start, row.duration) for row in dates if row.type != _NO_FIXED_TIME)
        held = known.get(number)
        if first.type == _SERIES and len(dates) == 1 and held and held.shown == shown:
            times = held.times
        elif first.type == _SERIES and len(dates) == 1 and reads < _READ_AT_MOST:
            reads += 1
            times = _read_series(context, account, number) or times
        if first.type == _NO_FIXED_TIME or not times or max(end for _, end in times) > now:
            yield Foreign(
                account=account,
                webinar_id=number,
                host=host,
                topic=first.topic,
                kind=first.type,
                shown=shown,
                times=tuple((start, end) for start, end in times if end > now),
            )


def _read_series(context: Context, account: str, webinar_id: int) -> Times:
    try:
        return _times(context.gateway(account).get_webinar(webinar_id).occurrences)
    except (WebinarGoneError, ZoomRefusedError, AccountStoppedError):
        return ()


def _times(dates: Iterable[tuple[datetime | None, int]]) -> Times:
    return tuple((start, start + timedelta(minutes=minutes)) for start, minutes in dates if start is not None)


def _report_unread(context: Context, account: str, host: str, reason: str, at: datetime) -> None:
    message = say.HOST_UNREAD(host=host, why=as_said(reason))
    with context.database.begin() as connection:
        mark_listed(connection, account, host, at)
        alert = Alert(kind=ALERT, subject=host, account=account, message=message)
        raise_alert(connection, alert, context.database.now(connection))


def _ring_sharers(
    context: Context, connection: Connection, account: str, host: str, listed: Iterable[Foreign], now: datetime
) -> None:
    """Ring the job that plans the events that share their host's time now, or no longer: it keeps their alerts."""
    noticed = {row.subject for row in list_raised(connection, (SHARED,)) if row.account == account}
    times = [span for webinar in listed for span in webinar.times]
    sharing = {
        row.event_id
        for start, end in times
        for row in load_bookings(connection, account, start, end, besides="")
        if row.host == host
    }
    coming = load_bookings(connection, account, now, now + timedelta(days=3650), besides="") if noticed else ()
    here = {row.event_id for row in coming if row.host == host}
    for event_id in sorted(sharing ^ (noticed & here)):
        ring_event(context, connection, event_id, "webinar.updated")
