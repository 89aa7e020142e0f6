"""The alert for stray webinars, until they are gone: they carry an event's marker and are not the event's own."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from sqlalchemy import Connection

from ...engine.runs import Subject
from ...events import Event
from ...messages import Message, Step
from ...messages import alerts as say
from ...planning import marked_event
from ...store.alerts import Alert, clear_alert, key_of, list_raised, raise_alert
from ...store.db.locks import exclude_others
from ...store.events import find_event
from ...store.hosts.unbound import STRAY, Unbound, keep_unbound, load_strays, load_unbound, save_unbound
from ...store.webinars import Bound, find_binding, load_bound
from ...webinars import ListedWebinar
from ...zoom import WebinarGoneError
from ..context import Context
from .foreign import keep_list


def report_strays(context: Context, account: str, host: str) -> str:
    """Look for stray webinars in a host's list; raise an alert for each event that has some, clear old alerts.

    The list costs one call a page, and each webinar that no event has and whose agenda the list cuts costs one more. It
    is read once, and again only if it carries our marker or the list shows it differently. A webinar that is over does
    not count.
    """
    if account not in context.gateways:
        return f"The Zoom account {account!r} is not configured any more."
    read_at, rows = context.clock.now(), tuple(context.gateway(account).iter_webinars(host))
    listed = {row.id: row for row in rows}
    read = tuple(_iter_unbound(context, account, host, listed))
    with context.database.begin() as connection:
        exclude_others(connection, f"stray webinars {account}")  # runs for several hosts may share an alert
        kept = [row for row in read if row.event_id is None or _is_stray(context, connection, row, row.event_id)]
        before = load_unbound(connection, account, host)
        keep_unbound(connection, account, host, kept)
        news = {row.event_id for row in kept if row.event_id and row != before.get(row.webinar_id)}
        _update_alerts(context, connection, account, news)
    keep_list(context, account, host, rows, read_at)
    numbers = ", ".join(str(row.webinar_id) for row in kept if row.event_id)
    return f"Webinars with our mark that are no event's own: {numbers}." if numbers else "No webinar is stray."


def report_strays_of(context: Context, event_id: str) -> str:
    """Look for stray webinars on the hosts where an event has its webinar, or had a stray one."""
    with context.database.read() as connection:
        bound, strays = find_binding(connection, event_id), load_strays(connection, event_id)
    hosts = {(webinar.account, webinar.host) for webinar in (*strays, *((bound,) if bound else ()))}
    return " ".join(report_strays(context, *host) for host in sorted(hosts)) or "The event has no webinar."


def iter_possible(
    installation: str, listed: Mapping[int, ListedWebinar], bound: Collection[int], held: Mapping[int, Unbound]
) -> Iterator[tuple[ListedWebinar, str, bool]]:
    """Yield the listed webinars that are bound to no event and may carry our marker.

    With each come the digest of what the list shows of it, and whether it was read when the list showed the same, and
    is nobody's: then it need not be read again.
    """
    for row in listed.values():
        if row.id not in bound and (row.cut or marked_event(row.agenda, installation) is not None):
            shown, before = hashlib.sha256(row.agenda.encode()).hexdigest(), held.get(row.id)
            yield row, shown, before is not None and before.event_id is None and before.shown == shown


def _iter_unbound(context: Context, account: str, host: str, listed: Mapping[int, ListedWebinar]) -> Iterator[Unbound]:
    """Yield a host's webinars that no event has and that may carry our marker; read them at Zoom where necessary.

    A stray webinar that the list no longer shows is gone only if Zoom says so.
    """
    now = context.clock.now()
    with context.database.read() as connection:
        bound = load_bound(connection, account, listed)
        known = load_unbound(connection, account, host)
    for row, shown, is_nobodys in iter_possible(context.installation, listed, bound, known):
        if row.start is not None and now - row.start >= timedelta(minutes=row.duration):
            continue  # it is over
        if is_nobodys:
            yield known[row.id]
        else:
            yield from _read(context, account, host, row.id, shown)
    for held in known.values():
        if held.event_id and held.webinar_id not in listed:
            yield from _read(context, account, host, held.webinar_id, held.shown)


def _read(context: Context, account: str, host: str, webinar_id: int, shown: str) -> Iterator[Unbound]:
    """Read a webinar, unless it is gone. If it is not ours, save that at once, because a look may be interrupted."""
    try:
        agenda = context.gateway(account).get_webinar(webinar_id).agenda
    except WebinarGoneError:
        return
    event_id = marked_event(agenda, context.installation)
    read = Unbound(account=account, webinar_id=webinar_id, host=host, shown=shown, event_id=event_id)
    if event_id is None:
        with context.database.begin(durable=False) as connection:
            save_unbound(connection, read)
    yield read


def _is_stray(context: Context, connection: Connection, read: Unbound, event_id: str) -> bool:
    """Return whether a webinar is stray: neither is its event's webinar being made, nor has it been bound since."""
    # In the other order, a webinar that is bound between the two questions would count as stray.
    return not _is_being_made(context, event_id) and not load_bound(connection, read.account, (read.webinar_id,))


def _is_being_made(context: Context, event_id: str) -> bool:
    """Return whether the creation of the event's webinar is open, with an unknown outcome. Its run settles that."""
    intent = context.journal.find_intent(Subject(kind="event", id=event_id))
    return intent is not None and intent.change.kind == "CreateWebinar"


def _update_alerts(context: Context, connection: Connection, account: str, news: set[str]) -> None:
    """Raise the alerts of events with news, and update or clear the open ones. A dismissed alert stays dismissed."""
    now = context.database.now(connection)
    alerted = {row.subject for row in list_raised(connection, (STRAY,)) if row.account == account}
    for event_id in sorted(news | alerted):
        strays = tuple(stray for stray in load_strays(connection, event_id) if stray.account == account)
        if strays:
            event, bound = find_event(connection, event_id), find_binding(connection, event_id)
            message = _describe(event_id, event, bound, strays)
            raise_alert(connection, Alert(kind=STRAY, subject=event_id, account=account, message=message), now)
        elif not _is_being_made(context, event_id):
            clear_alert(connection, key_of(STRAY, account, event_id), now)


def _describe(event_id: str, event: Event | None, bound: Bound | None, strays: tuple[Unbound, ...]) -> Message:
    """Say which webinars are stray, why that may be, and what operators can do."""
    webinars = tuple(say.STRAY_WEBINAR(webinar=stray.webinar_id, host=stray.host) for stray in strays)
    adopt = Step("events.adopt_one", {"event": event_id})
    if len(strays) == 1:
        adopt = Step("events.adopt", {"event": event_id, "webinar": strays[0].webinar_id})
    if event is None:
        return say.STRAY_OF_NO_EVENT(event=event_id, webinars=webinars, adopt=adopt)
    if event.status == "cancelled":
        return say.STRAY_OF_CANCELLED(event=event_id, webinars=webinars)
    if bound is None or bound.state != "bound":
        return say.STRAY_OF_UNBOUND(event=event_id, webinars=webinars, adopt=adopt)
    return say.STRAY_BESIDE(event=event_id, webinar=bound.webinar_id, host=bound.host, webinars=webinars, adopt=adopt)
