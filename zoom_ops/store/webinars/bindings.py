"""Bindings of events to webinars."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Text, and_, bindparam, exists, func, insert, select, update

from ...webinars import Webinar
from ..db.encryption import SecretBox
from ..db.values import columns_as_stored, load_values, parse_stored, slices
from ..event_queries import IS_DRAFT
from ..tables import binding, event, instance, recording

Fields = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The binding of an event to its webinar, with the last known state of the webinar."""

    event_id: str
    account: str
    host: str
    webinar_id: int
    state: Literal["bound", "cancelled", "gone"]
    origin: Literal["created", "adopted", "home"]
    known: Fields
    asked: Fields
    refused: Fields
    known_at: datetime
    recording_refused_at: datetime | None  # when Zoom last dropped the auto_recording that we asked for
    planned_revision: int
    seated_revision: int
    move_to: str | None = None  # the host to which an operator moves the event
    left_webinar_id: int | None = None  # the event's webinar on its host before, still to be deleted
    left_host: str | None = None
    refused_seats: Fields | None = None  # (address, {name, reason, full_at}) of those whom Zoom refused as panelists
    held: Literal["held", "never", "gone"] | None = None  # what Zoom said when it was asked after the event


def find_binding(connection: Connection, event_id: str) -> Bound | None:
    """Find the event's binding, or None."""
    return load_bindings(connection, (event_id,)).get(event_id)


def find_join_url(connection: Connection, box: SecretBox, event_id: str) -> str | None:
    """Find the common join link of the event's webinar, or None. The link contains the passcode."""
    return box.unseal(connection.scalar(select(binding.c.join_url).where(binding.c.event_id == event_id)))


def find_registration_url(connection: Connection, box: SecretBox, event_id: str) -> str | None:
    """Find the registration link of the event's webinar, or None where it needs no registration."""
    return box.unseal(connection.scalar(select(binding.c.registration_url).where(binding.c.event_id == event_id)))


_BINDINGS = select(*columns_as_stored(Bound, binding)).where(
    binding.c.event_id.in_(bindparam("event_ids", expanding=True))
)
_HAS = {"registers": binding.c.registration_url, "joins": binding.c.join_url}
_SHOWN = (  # in one trip: each look at an event that may be on the air asks it
    select(
        event.c.id.label("event_id"),
        *(url.is_not(None).label(name) for name, url in _HAS.items()),
        *instance.c["uuid", "started_at", "ended_at", "practice"],
        exists().where(recording.c.uuid == instance.c.uuid).label("recorded"),
    )
    .select_from(event)
    .outerjoin(binding, and_(binding.c.event_id == event.c.id, binding.c.state == "bound"))
    .outerjoin(instance, instance.c.event_id == event.c.id)
    .where(event.c.id.in_(bindparam("event_ids", expanding=True)))
    .order_by(event.c.id, instance.c.uuid)
)
_DIFFERING = select(binding).where(
    binding.c.state == "bound",
    binding.c.event_id.in_(bindparam("event_ids", expanding=True)),
    binding.c.known.cast(Text) != binding.c.asked.cast(Text),
)

_IS_COMING = event.c.end_at > bindparam("now"), ~IS_DRAFT
_COMING = select(event.c.id).where(*_IS_COMING).order_by(event.c.end_at)
_NAMED_COMING = (
    select(event.c.id, event.c.document.cast(Text).label("document"), *columns_as_stored(Bound, binding))
    .select_from(event.outerjoin(binding, binding.c.event_id == event.c.id))
    .where(*_IS_COMING, event.c.id.in_(bindparam("event_ids", expanding=True)))
)


def load_shown(connection: Connection, event_ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """Load what readers may know of the webinars of several events: rows by event, one for each instance.

    Each says which links the bound webinar has (registers, joins), and of the instance uuid, started_at, ended_at,
    practice, recorded. An event without an instance has one row whose uuid is None.
    """
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_SHOWN, {"event_ids": list(event_ids)}):
        rows.setdefault(row.event_id, []).append(row)
    return rows


def load_bindings(connection: Connection, event_ids: Iterable[str]) -> dict[str, Bound]:
    """Load the bindings of several events, by event."""
    rows = (row for some in slices(event_ids) for row in connection.execute(_BINDINGS, {"event_ids": some}).all())
    return {row.event_id: parse_stored(Bound, binding, row) for row in rows}


def load_differing(connection: Connection, event_ids: Iterable[str]) -> dict[str, Bound]:
    """Load the bindings of several events, by event, without those whose webinar is all that was asked for."""
    found = load_values(connection, Bound, _DIFFERING, {"event_ids": list(event_ids)})
    return {bound.event_id: bound for bound in found}


def list_coming_ids(connection: Connection, now: datetime) -> Sequence[str]:
    """List the events that are not over and no drafts, the first to end first."""
    return connection.scalars(_COMING, {"now": now}).all()


def load_coming_as_stored(connection: Connection, now: datetime, event_ids: Collection[str]) -> Sequence[Row[Any]]:
    """Load those of these events that are not over and no drafts, with their bindings, in any order; parse nothing.

    Rows with id, document (text) and the columns of `parse_bound`.
    """
    return connection.execute(_NAMED_COMING, {"now": now, "event_ids": list(event_ids)}).all()


def parse_bound(row: Row[Any]) -> Bound | None:
    """Build the binding in a row of `load_coming_as_stored`; None where the event has none."""
    return None if row.event_id is None else parse_stored(Bound, binding, row)


def find_event_of(connection: Connection, account: str, webinar_id: int) -> str | None:
    """Find the event to which a webinar is bound, or None."""
    return find_events_of(connection, (webinar_id,)).get((account, webinar_id))


def load_bound(connection: Connection, account: str, webinar_ids: Iterable[int]) -> frozenset[int]:
    """Load which of these webinars are bound to an event, without those that we have deleted."""
    query = select(binding.c.webinar_id).filter_by(account=account).where(binding.c.state != "cancelled")
    return frozenset(connection.scalars(query.where(binding.c.webinar_id.in_(list(webinar_ids)))))


def load_converted(connection: Connection, account: str, host: str) -> frozenset[int]:
    """Load which webinars of a host are no longer there: they may be meetings now, and keep their number."""
    query = select(binding.c.webinar_id).filter_by(account=account, host=host, state="gone")
    return frozenset(connection.scalars(query))


def load_bound_elsewhere(
    connection: Connection, account: str, webinar_ids: Iterable[int], event_id: str
) -> frozenset[int]:
    """Load which of these webinars are bound to other events."""
    owners = find_events_of(connection, tuple(webinar_ids))
    return frozenset(number for (of, number), owner in owners.items() if of == account and owner != event_id)


def load_owners(connection: Connection, webinar_ids: Collection[int]) -> tuple[tuple[int, str], ...]:
    """Load the events that have these webinars, of any account: pairs of webinar and event."""
    query = select(binding.c.webinar_id, binding.c.event_id).where(binding.c.state == "bound")
    rows = connection.execute(query.where(binding.c.webinar_id.in_(list(webinar_ids))))
    return tuple((row.webinar_id, row.event_id) for row in rows)


def find_events_of(connection: Connection, webinar_ids: Collection[int]) -> dict[tuple[str, int], str]:
    """Find the events to which webinars are bound, by account and webinar id."""
    rows = connection.execute(_EVENTS_OF, {"webinars": list(webinar_ids)}) if webinar_ids else ()
    return {(row.account, row.webinar_id): row.event_id for row in rows}


def find_events_of_instances(connection: Connection, uuids: Collection[str]) -> dict[str, str]:
    """Find the events of instances, by uuid."""
    rows = connection.execute(_EVENTS_OF_INSTANCES, {"uuids": list(uuids)}) if uuids else ()
    return {row.uuid: row.event_id for row in rows}


def find_event_of_instance(connection: Connection, uuid: str) -> str | None:
    """Find the event of an instance, or None."""
    return find_events_of_instances(connection, (uuid,)).get(uuid)


_EVENTS_OF = select(binding.c.account, binding.c.webinar_id, binding.c.event_id).where(  # built once, for notifications
    binding.c.webinar_id.in_(bindparam("webinars", expanding=True))
)
_EVENTS_OF_INSTANCES = select(instance.c.uuid, instance.c.event_id).where(
    instance.c.uuid.in_(bindparam("uuids", expanding=True))
)


def save_binding(
    connection: Connection, box: SecretBox, event_id: str, webinar: Webinar, now: datetime, **values: Any
) -> None:
    """Bind an event to a webinar as Zoom reports it; `values` are columns: known, asked, refused, origin, state…"""
    row = {
        "account": webinar.account,
        **({"host": webinar.host} if webinar.host else {}),
        "webinar_id": webinar.id,
        "uuid": webinar.uuid,
        "join_url": box.seal(webinar.join_url),
        "registration_url": box.seal(webinar.registration_url),
        "passcode": box.seal(webinar.passcode),
        "known_at": now,
        **{name: _document(value) for name, value in values.items()},
    }
    if not connection.execute(update(binding).where(binding.c.event_id == event_id).values(row)).rowcount:
        connection.execute(insert(binding).values({"state": "bound", **row, "event_id": event_id, "created_at": now}))


def change_binding(connection: Connection, event_id: str, **values: Any) -> None:
    """Write some columns of a binding."""
    row = {name: _document(value) for name, value in values.items()}
    connection.execute(update(binding).where(binding.c.event_id == event_id).values(row))


def find_refusal(connection: Connection, account: str, host: str) -> datetime | None:
    """Find when Zoom last dropped an auto_recording that we asked for a webinar of this host, or None."""
    moment: datetime | None = connection.scalar(_LAST_REFUSAL, {"of": account, "on": host})
    return moment


_LAST_REFUSAL = select(func.max(binding.c.recording_refused_at)).where(
    binding.c.account == bindparam("of"),
    binding.c.host == bindparam("on"),
    binding.c.state == "bound",
    binding.c.recording_refused_at.is_not(None),
)


def load_coming(
    connection: Connection, account: str, now: datetime, *, host: str | None = None, limit: int
) -> tuple[str, ...]:
    """Load the events of an account, or of one host, that have a webinar and are not over: those that end first."""
    query = select(binding.c.event_id).join(event, event.c.id == binding.c.event_id)
    query = query.where(binding.c.account == account, binding.c.state == "bound", event.c.end_at > now)
    query = query if host is None else query.where(binding.c.host == host)
    return tuple(connection.scalars(query.order_by(event.c.end_at, event.c.id).limit(limit)))


def list_unheld_cancelled(connection: Connection, since: datetime, now: datetime) -> tuple[str, ...]:
    """List the cancelled events that were over since a moment and never held, and still have a webinar at Zoom."""
    return tuple(connection.scalars(_UNHELD, {"since": since, "now": now}))


_UNHELD = (
    select(event.c.id)
    .select_from(binding.join(event, event.c.id == binding.c.event_id))
    .where(event.c.end_at > bindparam("since"), event.c.end_at <= bindparam("now"), event.c.status == "cancelled")
    .where(binding.c.state == "bound", binding.c.held == "never")
)


def count_upcoming(
    connection: Connection, account: str, now: datetime, *, status: str | None = None, besides: str | None = None
) -> int:
    """Count the upcoming bound webinars of an account, of events with `status` where given, without event `besides`."""
    conditions = [binding.c.account == account, binding.c.state == "bound", event.c.start_at > now]
    if status is not None:
        conditions.append(event.c.status == status)
    if besides is not None:
        conditions.append(event.c.id != besides)
    bound = binding.join(event, event.c.id == binding.c.event_id)
    return connection.scalar(select(func.count()).select_from(bound).where(*conditions)) or 0


def _document(value: Any) -> Any:
    """Turn fields into the JSON object of a column; leave any other value as it is."""
    return dict(value) if isinstance(value, tuple) else value
