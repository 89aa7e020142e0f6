"""After a restored backup: what is newer at Zoom is found, and taken over, before anything is sent.

A backup knows nothing of the webinars that were made after it. So in a restored database no event gets a webinar before
the lists of all hosts of all accounts were read once. A webinar with the marker of an event that has none becomes that
event's own. Each webinar that the backup knows is read again before it or its panelists are changed (`refresh.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select, union

from ...errors import ParkedError, SettlingError
from ...events import Event
from ...planning import marked_event, newer_fields, window_of
from ...store.backups.newer import Kind, note_newer
from ...store.backups.restoration import Restoration, find_restoration, note_looked
from ...store.db.locks import exclude_others
from ...store.events import find_event
from ...store.hosts.unbound import Unbound, forget_unbound, load_strays, load_unbound, save_unbound
from ...store.tables import binding
from ...store.tables import host as host_table
from ...store.webinars import Bound, book, find_binding, load_bound, save_binding, unseat_all
from ...webinars import Panelist, Webinar
from ...zoom import SINGLE, Gateway, NoLicenceError, UserGoneError, WebinarGoneError
from ..context import Context
from ..timeline import record_happening, ring_event
from .executors import record_seats, reported_fields
from .known import Known
from .made_there import load_made_there
from .strays import iter_possible

_LOOKING = Lock()  # one look at a time in a process: its other runs wait, instead of reading the same lists
_AGAIN = timedelta(seconds=2)
_FIRST = "The database was restored from a backup: what is newer at Zoom is looked up first."
Tell = Callable[[int, int], None]


def settle_restored(context: Context, known: Known) -> bool:
    """Look at Zoom if that was not done since the database was restored; take over the event's webinar.

    An event without a webinar may have got one in any account: it may have been given to another one since.
    Return whether what is known may have changed. Raise SettlingError while the look cannot be made or is under way,
    ParkedError where several webinars could be the event's.
    """
    bound = known.bound
    if known.restoration is None:
        return False
    accounts = {bound.account} & set(context.gateways) if bound and bound.state == "bound" else set(context.gateways)
    unlooked = sorted(accounts - set(known.restoration.looked))
    for account in unlooked:
        look_at_account(context, account)
    has_none = bound is None or bound.state != "bound"
    return bool(unlooked) or (has_none and _claim_stray(context, known.event, bound))


def look_at_account(context: Context, account: str, tell: Tell = lambda *_: None) -> None:
    """Read the list of every host of an account, take over the webinars of events that have none, and note the others.

    A list costs one call for 300 webinars; each webinar that is no event's and was not read since then costs one more.
    Raise SettlingError while a change that was under way may still happen, or while another thread looks.
    """
    with context.database.read() as connection:
        now, restoration = context.database.now(connection), find_restoration(connection)
        hosts = _hosts_of(connection, context.gateway(account))
    until = context.journal.settled_at(restoration.at) if restoration else now
    if now < until:
        raise SettlingError(_FIRST, until=until)
    if not _LOOKING.acquire(blocking=False):
        raise SettlingError(_FIRST, until=now + _AGAIN)
    try:
        marked = dict[str, list[Webinar]]()
        for number, host in enumerate(hosts, 1):
            for event_id, webinar in _iter_marked(context, account, host):
                marked.setdefault(event_id, []).append(webinar)
            tell(number, len(hosts))
        found: dict[Kind, dict[str, Any]] = {"unknown": {}, "unclear": {}}
        for event_id, webinars in sorted(marked.items()):
            if kind := _settle(context, event_id, webinars):
                found[kind][event_id] = [(webinar.id, webinar.host) for webinar in webinars]
        with context.database.begin() as connection:
            for kind, events in found.items():
                note_newer(connection, kind, events)
            note_looked(connection, account)
    finally:
        _LOOKING.release()


def load_unsettled(context: Context, connection: Connection, restoration: Restoration, event_id: str) -> dict[str, Any]:
    """Load why an event without a webinar gets none yet, in the words of the planner's view."""
    strays = tuple(stray.webinar_id for stray in load_strays(connection, event_id))
    return {"unlooked": not set(context.gateways) <= set(restoration.looked), "made_since": strays}


def _hosts_of(connection: Connection, gateway: Gateway) -> list[str]:
    """List the hosts of an account: those of the settings, and those that it had."""
    name = gateway.account.name
    tables = (binding.c.host, binding.c.account), (host_table.c.email, host_table.c.account)
    known = connection.scalars(union(*(select(email).where(account == name) for email, account in tables)))
    return sorted({*gateway.account.hosts, *known})


def _iter_marked(context: Context, account: str, host: str) -> Iterator[tuple[str, Webinar]]:
    """Yield the webinars in a host's list that are bound to no event and carry our marker, with its event.

    They are noted as unbound, and so are those that are not ours: those are not read a second time.
    """
    gateway = context.gateway(account)
    try:
        listed = {row.id: row for row in gateway.iter_webinars(host)}
    except (NoLicenceError, UserGoneError):
        return  # it holds no webinars
    with context.database.read() as connection:
        bound, known = load_bound(connection, account, listed), load_unbound(connection, account, host)
    for row, shown, is_nobodys in iter_possible(context.installation, listed, bound, known):
        if is_nobodys:
            continue
        try:
            webinar = gateway.get_webinar(row.id)
        except WebinarGoneError:
            continue
        event_id = marked_event(webinar.agenda, context.installation)
        with context.database.begin(durable=False) as connection:
            exclude_others(connection, f"stray webinars {account}")
            read = Unbound(account=account, webinar_id=row.id, host=host, shown=shown, event_id=event_id)
            save_unbound(connection, read)
        if event_id is not None:
            yield event_id, webinar


def _settle(context: Context, event_id: str, webinars: list[Webinar]) -> Kind | None:
    """Take over the only webinar of an event that has none; return what it is where that cannot be."""
    with context.database.read() as connection:
        event, bound = find_event(connection, event_id), find_binding(connection, event_id)
    if event is None:
        return "unknown"
    if bound and bound.state == "bound":  # another process may have taken one over since they were listed
        webinars = [each for each in webinars if (each.account, each.id) != (bound.account, bound.webinar_id)]
    if not webinars:
        return None
    if len(webinars) > 1 or not _may_take(context, event, bound, webinars[0]):
        return "unclear"
    _take_over(context, event, bound, webinars[0])
    return None


def _may_take(context: Context, event: Event, bound: Bound | None, webinar: Webinar) -> bool:
    """Return whether a marked webinar can only be the event's: it has no other one at Zoom."""
    if event.status == "cancelled" or webinar.type != SINGLE or event.profile not in context.profiles:
        return False
    if bound is None or bound.state != "bound":
        return True
    try:
        context.gateway(bound.account).get_webinar(bound.webinar_id)
    except WebinarGoneError:
        return True
    return False


def _claim_stray(context: Context, event: Event, bound: Bound | None) -> bool:
    """Take over the webinar of an event that was unknown or cancelled when Zoom was looked at, and is wanted again."""
    with context.database.read() as connection:
        strays = [stray for stray in load_strays(connection, event.id) if stray.account in context.gateways]
    webinars = list(_iter_there(context, strays))
    if not webinars:
        return False
    if len(webinars) == 1 and _may_take(context, event, bound, webinars[0]):
        _take_over(context, event, bound, webinars[0])
        return True
    if event.status == "cancelled":
        return False
    numbers = ", ".join(str(webinar.id) for webinar in webinars)
    raise ParkedError(
        f"No webinar is made for this event: since the restored backup Zoom holds {numbers} for it. Adopt the one that "
        f"stays: zoom-ops events adopt {event.id} WEBINAR_ID"
    )


def _iter_there(context: Context, strays: Iterable[Unbound]) -> Iterator[Webinar]:
    """Yield those of these webinars that are still there and still carry the marker."""
    for stray in strays:
        with suppress(WebinarGoneError):
            webinar = context.gateway(stray.account).get_webinar(stray.webinar_id)
            if marked_event(webinar.agenda, context.installation) == stray.event_id:
                yield webinar
                continue
        with context.database.begin(durable=False) as connection:
            forget_unbound(connection, stray.account, stray.webinar_id)


def _take_over(context: Context, event: Event, before: Bound | None, webinar: Webinar) -> None:
    """Bind an event to the webinar that was made for it after the backup, unless another process has done so."""
    panelists: tuple[Panelist, ...] = context.gateway(webinar.account).get_panelists(webinar.id)
    profile = context.profile_of(event)
    reported = reported_fields(webinar)
    newer = newer_fields(event, profile, context.installation, reported)
    with context.database.begin() as connection:
        exclude_others(connection, "restored")  # a later one would seat the panelists of an earlier time
        if find_binding(connection, event.id) != before:
            return
        now, records = context.database.now(connection), load_made_there(context, connection, event.id)
        origin = "home" if any(record.webinar_id == webinar.id for record in records) else "created"
        save_binding(
            connection, context.box, event.id, webinar, now,
            known=tuple(sorted((*reported, *newer))), asked=(), refused=(), origin=origin, state="bound",
            refused_seats=None, recording_refused_at=None, move_to=None, left_webinar_id=None, left_host=None,
            held=None, planned_revision=0, seated_revision=0,
        )  # fmt: skip
        unseat_all(connection, event.id)
        record_seats(context, connection, event, panelists, ours=True)
        book(connection, event.id, webinar.account, webinar.host, *window_of(event, profile))
        sentence = f"Webinar {webinar.id} was taken over: it was made after the backup that was restored."
        record_happening(context, connection, event.id, "webinar_adopted", sentence)
        note_newer(connection, "taken", {event.id: webinar.id})
        ring_event(context, connection, event.id, "event.changed")
