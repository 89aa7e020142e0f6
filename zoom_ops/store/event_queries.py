"""Find events: by what readers ask for, and as lists for operators. No document is read."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from .db.upsert import load_distinct
from .full_text import matching
from .tables import binding, event, instance, publication, recording, withheld
from .tables import event as event_table

_LATEST = 500  # events whose series are offered: every series has a page and is found by its words besides

Gate = tuple[tuple[str, ...], ...]  # Event.recording_gate


@dataclass(frozen=True, kw_only=True)
class ProgrammeFilter:
    """Which events are asked for; one that says nothing is met by all of them."""

    words: str = ""
    series: str = ""  # its address
    language: str = ""
    year: int | None = None  # in which it begins, by its own zone
    recorded: bool = False  # with a recording that the reader may see


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to choose from."""

    series: tuple[tuple[str, str], ...]  # address and name
    languages: tuple[str, ...]
    years: tuple[int, ...]  # the latest first


def load_choices(connection: Connection) -> Choices:
    """Load what there is to choose from: languages and years of all events, series of the latest ones."""
    slug = event_table.c.series_slug
    latest = select(slug, event_table.c.series).order_by(event_table.c.start_at.desc()).limit(_LATEST)
    series: dict[str, str] = {}
    for address, name in connection.execute(latest):
        if address:
            series.setdefault(address, name)
    return Choices(
        series=tuple(sorted(series.items(), key=lambda one: one[1].casefold())),
        languages=tuple(load_distinct(connection, event_table.c.language)),
        years=tuple(reversed(load_distinct(connection, event_table.c.year))),
    )


def iter_conditions(connection: Connection, wanted: ProgrammeFilter) -> Iterator[ColumnElement[bool]]:
    """Build the conditions that an event has to meet, but for its recording, which depends on who asks."""
    if wanted.words:
        yield matching(connection, wanted.words)
    if wanted.series:
        yield event_table.c.series_slug == wanted.series
    if wanted.language:
        yield event_table.c.language == wanted.language
    if wanted.year is not None:
        yield event_table.c.year == wanted.year


def load_gates(connection: Connection) -> tuple[Gate, ...]:
    """Load the gates that stand before recordings, each once: they are few, whatever the number of events."""
    written = load_distinct(connection, event_table.c.recording_gate)
    return tuple(read_gate(text) for text in written)


def is_recorded(gates: Iterable[Gate], *, only_public: bool) -> ColumnElement[bool]:
    """Build the condition that an event has a published recording behind one of these gates."""
    published = exists().where(publication.c.event_id == event_table.c.id, publication.c.state == "published")
    if only_public:
        published = published.where(publication.c.visibility == "public")
    return event_table.c.recording_gate.in_([write_gate(gate) for gate in gates]) & published


def write_gate(gate: Gate) -> str:
    """Write a gate as it stands in the database."""
    return json.dumps(gate)


def read_gate(text: str) -> Gate:
    """Read a gate as it stands in the database."""
    return tuple(tuple(groups) for groups in json.loads(text))


_LISTED = (
    event.c.id,
    event.c.name,
    event.c.series,
    event.c.start_at,
    event.c.end_at,
    event.c.status,
    event.c.doubts,
    event.c.unaddressed,
    event.c.profile,
    binding.c.webinar_id,
    binding.c.host,
    binding.c.state.label("webinar_state"),
)
_WITH_WEBINAR = event.outerjoin(binding, binding.c.event_id == event.c.id)


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events are wanted: some words of the name, series or id, and whether they are over; None: whichever."""

    words: str = ""
    over: bool | None = None


def page_events(
    connection: Connection, wanted: EventFilter, now: datetime, *, limit: int, offset: int
) -> tuple[Row[Any], ...]:
    """List a page of events: what is to come in order, what is over with the latest first."""
    order = event.c.start_at.desc() if wanted.over else event.c.start_at
    query = select(*_LISTED).select_from(_WITH_WEBINAR).where(*_conditions(wanted, now))
    return tuple(connection.execute(query.order_by(order, event.c.id).limit(limit).offset(offset)))


def count_filtered(connection: Connection, wanted: EventFilter, now: datetime) -> int:
    """Count the events that are wanted."""
    query = select(func.count()).select_from(event).where(*_conditions(wanted, now))
    return int(connection.execute(query).scalar_one())


def load_names(connection: Connection, event_ids: Iterable[str]) -> dict[str, str]:
    """Load the names of events by their ids; what is no event's id has none."""
    query = select(event.c.id, event.c.name).where(event.c.id.in_(tuple(event_ids)))
    return {row.id: row.name for row in connection.execute(query)}


def list_live(connection: Connection, since: datetime, *, limit: int) -> tuple[Row[Any], ...]:
    """List the webinars that have started since a moment and not ended, as far as we were told."""
    recorded = exists().where(recording.c.uuid == instance.c.uuid)
    query = (
        select(*_LISTED, instance.c.started_at, instance.c.practice)
        .select_from(_WITH_WEBINAR.join(instance, instance.c.event_id == event.c.id))
        .where(instance.c.started_at >= since, instance.c.ended_at.is_(None), ~recorded)
    )
    return tuple(connection.execute(query.order_by(instance.c.started_at).limit(limit)))


def list_doubtful(connection: Connection, since: datetime, *, limit: int) -> tuple[Row[Any], ...]:
    """List the events, not over since longer than a moment, with review notes or people who have no address."""
    doubtful = or_(event.c.doubts > 0, and_(event.c.unaddressed > 0, event.c.status != "cancelled"))
    query = select(*_LISTED).select_from(_WITH_WEBINAR).where(event.c.end_at > since, doubtful)
    return tuple(connection.execute(query.order_by(event.c.start_at, event.c.id).limit(limit)))


def list_noted(connection: Connection, since: datetime, *, limit: int) -> tuple[str, ...]:
    """List the ids of events, not over since longer than a moment, with review notes."""
    query = select(event.c.id).where(event.c.end_at > since, event.c.doubts > 0)
    return tuple(connection.execute(query.order_by(event.c.start_at, event.c.id).limit(limit)).scalars())


def list_unapproved(connection: Connection, since: datetime, *, limit: int) -> tuple[str, ...]:
    """List the ids of events since a moment with a complete recording that nobody keeps back, and nothing published."""
    kept = exists().where(withheld.c.event_id == recording.c.event_id, withheld.c.recording_uuid == recording.c.uuid)
    recorded = exists().where(recording.c.event_id == event.c.id, recording.c.state == "completed", ~kept)
    published = exists().where(publication.c.event_id == event.c.id, publication.c.state == "published")
    query = select(event.c.id).where(event.c.end_at > since, recorded, ~published)
    return tuple(connection.execute(query.order_by(event.c.start_at.desc(), event.c.id).limit(limit)).scalars())


def _conditions(wanted: EventFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.over is not None:
        conditions.append(event.c.end_at <= now if wanted.over else event.c.end_at > now)
    for word in wanted.words.split()[:8]:
        found = [column.icontains(word, autoescape=True) for column in (event.c.name, event.c.series, event.c.id)]
        conditions.append(or_(*found))
    return conditions
