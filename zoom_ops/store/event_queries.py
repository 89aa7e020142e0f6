"""Queries for events that do not read their documents: filters for readers, lists for operators."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from .db.upsert import has_words, load_distinct
from .db.values import slices
from .full_text import has_words_of
from .lists.gates import Gate, read_gate, write_gate
from .tables import binding, event, instance, publication, recording, withheld

IS_LISTED = event.c.visibility == "listed"
IS_UNLISTED = event.c.visibility == "unlisted"
IS_DRAFT = event.c.visibility == literal_column("'draft'")  # as the index of drafts has it
RESTS = IS_DRAFT & (event.c.intended == "draft")  # a draft on purpose: nobody has to be told of it
_LATEST = 500  # events whose series are offered as choices; other series are found by their words and have a page, too


@dataclass(frozen=True, kw_only=True)
class ProgrammeFilter:
    """A filter of events; empty, it lets all events pass."""

    words: str = ""
    series: str = ""  # its slug
    language: str = ""
    year: int | None = None  # of the start, in the event's own time zone
    recorded: bool = False  # only events with a recording that the reader may see


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The choices that the filter offers."""

    series: tuple[tuple[str, str], ...]  # slug and name
    languages: tuple[str, ...]
    years: tuple[int, ...]  # the latest first


def load_choices(connection: Connection) -> Choices:
    """Load the choices: languages and years of all listed events, series of the latest ones."""
    slug = event.c.series_slug
    latest = select(slug, event.c.series).where(IS_LISTED).order_by(event.c.start_at.desc()).limit(_LATEST)
    series: dict[str, str] = {}
    for series_slug, name in connection.execute(latest):
        if series_slug:
            series.setdefault(series_slug, name)
    return Choices(
        series=tuple(sorted(series.items(), key=lambda choice: choice[1].casefold())),
        languages=tuple(load_distinct(connection, event.c.language, IS_LISTED)),
        years=tuple(reversed(load_distinct(connection, event.c.year, IS_LISTED))),
    )


def find_series(
    connection: Connection, words: str, *, limit: int, where: Sequence[ColumnElement[bool]]
) -> tuple[str, ...]:
    """Find the series with all words among events that meet some conditions, the latest first."""
    query = select(event.c.series).where(event.c.series.is_not(None), *has_words(words, event.c.series), *where)
    latest = query.group_by(event.c.series).order_by(func.max(event.c.start_at).desc(), event.c.series)
    return tuple(connection.scalars(latest.limit(limit)))


def iter_conditions(connection: Connection, filters: ProgrammeFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of the filter, without `recorded`, which depends on the reader.

    With words, one of them is about `event_text`.
    """
    if filters.words:
        yield has_words_of(connection, filters.words)
    if filters.series:
        yield event.c.series_slug == filters.series
    if filters.language:
        yield event.c.language == filters.language
    if filters.year is not None:
        yield event.c.year == filters.year


def load_gates(connection: Connection) -> tuple[Gate, ...]:
    """Load the distinct gates of recordings; they are few, however many events there are."""
    return tuple(map(read_gate, load_distinct(connection, event.c.recording_gate)))


def is_recorded(gates: Iterable[Gate], *, only_public: bool) -> ColumnElement[bool]:
    """Build the condition that an event has a published recording behind one of these gates."""
    published = exists().where(publication.c.event_id == event.c.id, publication.c.state == "published")
    if only_public:
        published = published.where(publication.c.visibility == "public")
    return event.c.recording_gate.in_([write_gate(gate) for gate in gates]) & published


_LISTED = (
    *event.c["id", "name", "series", "start_at", "end_at", "visibility", "status", "doubts", "unaddressed", "profile"],
    *binding.c["webinar_id", "host"],
    binding.c.state.label("webinar_state"),
)
_ENDED = event.c.end_at <= bindparam("now")
_ENDS_LATER = event.c.end_at > bindparam("since")
_MOST: BindParameter[int] = bindparam("most")
_SKIPPED: BindParameter[int] = bindparam("skipped")
_BY_END = "ix_event_listed"  # SQLite would go through all events by their starts, to sort nothing
WITH_WEBINAR = event.outerjoin(binding, binding.c.event_id == event.c.id)
IS_GIVEN = event.c.id.in_(bindparam("ids", expanding=True))
_NAMES = select(event.c.id, event.c.name).where(IS_GIVEN)
_TIMES = select(event.c.id, event.c.start_at, event.c.end_at).where(IS_GIVEN)


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """A filter of events: all `words` in the name, series or id; whether they are `over` or drafts, None for both."""

    words: str = ""
    over: bool | None = None
    drafts: bool | None = None


def page_events(
    connection: Connection, filters: EventFilter, now: datetime, *, limit: int, offset: int
) -> tuple[Row[Any], ...]:
    """List a page of events by start: upcoming events in order, past ones (`over`) with the latest first."""
    return tuple(connection.execute(_select_page(filters), {"now": now, "most": limit, "skipped": offset}))


@lru_cache(maxsize=16)
def _select_page(filters: EventFilter) -> Select[Any]:
    """Build the query of a page of events: its `now`, the `most` that are listed, and how many are `skipped`."""
    found = select(event.c.id).where(*_conditions(filters))
    if not filters.over:
        index = "ix_event_draft" if filters.drafts else _BY_END
        return _select_listed(_select_first(found, index=index).offset(_SKIPPED))
    # read from the latest on (`offset(0)` keeps this order), of which SQLite has to sort the fewest again
    latest = found.add_columns(event.c.start_at).order_by(event.c.end_at.desc()).offset(0)
    past = latest.with_hint(event, f"INDEXED BY {_BY_END}", "sqlite").subquery()
    some = select(past.c.id).order_by(past.c.start_at.desc(), past.c.id).limit(_MOST).offset(_SKIPPED)
    return _select_listed(some, event.c.start_at.desc())


def count_filtered(connection: Connection, filters: EventFilter, now: datetime) -> int:
    """Count the events that pass the filter."""
    return connection.scalar(_select_count(filters), {"now": now}) or 0


@lru_cache(maxsize=16)
def _select_count(filters: EventFilter) -> Select[int]:
    return select(func.count()).select_from(event).where(*_conditions(filters))


def load_names(connection: Connection, event_ids: Iterable[str]) -> dict[str, str]:
    """Load the names of events by their ids; unknown ids are left out."""
    return {row.id: row.name for some in slices(event_ids) for row in connection.execute(_NAMES, {"ids": some}).all()}


def find_named(connection: Connection, words: str) -> tuple[str, ...]:
    """Find the events that a person names by an id, else by a whole name, else by the beginning of either.

    At most two ids are returned: with a second one the words name no single event.
    """
    begins = event.c.id.startswith(words.lower(), autoescape=True), event.c.name.istartswith(words, autoescape=True)
    for condition in (event.c.id == words, func.lower(event.c.name) == func.lower(words), or_(*begins)):
        found = tuple(connection.scalars(select(event.c.id).where(condition).limit(2)))
        if found:
            return found
    return ()


def load_times(connection: Connection, event_ids: Iterable[str]) -> dict[str, tuple[datetime, datetime]]:
    """Load the start and the end of events by their ids; unknown ids are left out."""
    found = (row for some in slices(event_ids) for row in connection.execute(_TIMES, {"ids": some}))
    return {row.id: (row.start_at, row.end_at) for row in found}


def list_live(connection: Connection, since: datetime, *, limit: int) -> tuple[Row[Any], ...]:
    """List the webinars that have started since a moment and, as far as we know, not ended."""
    return tuple(connection.execute(_select_live(), {"since": since, "most": limit}))


@cache
def _select_live() -> Select[Any]:
    recorded = exists().where(recording.c.uuid == instance.c.uuid)
    held = WITH_WEBINAR.join(instance, instance.c.event_id == event.c.id)
    query = select(*_LISTED, instance.c.started_at, instance.c.practice).select_from(held)
    live = query.where(instance.c.started_at >= bindparam("since"), instance.c.ended_at.is_(None), ~recorded)
    return live.order_by(instance.c.started_at).limit(_MOST)


def list_doubtful(connection: Connection, since: datetime, *, limit: int) -> tuple[Row[Any], ...]:
    """List the events that end after `since`, with review notes or with performers who have no e-mail address."""
    return tuple(connection.execute(_select_doubtful(), {"since": since, "most": limit}))


@cache
def _select_doubtful() -> Select[Any]:
    doubtful = or_(event.c.doubts > 0, and_(event.c.unaddressed > 0, event.c.status != "cancelled"))
    return _select_listed(_select_first(select(event.c.id).where(_ENDS_LATER, doubtful, ~RESTS)))


def list_noted(connection: Connection, since: datetime, *, limit: int) -> tuple[str, ...]:
    """List the ids of events that end after `since`, with review notes."""
    return tuple(connection.scalars(_select_noted(), {"since": since, "most": limit}))


@cache
def _select_noted() -> Select[Any]:
    return _select_first(select(event.c.id).where(_ENDS_LATER, event.c.doubts > 0))


def list_unapproved(connection: Connection, since: datetime, *, limit: int) -> tuple[str, ...]:
    """List the ids of events that end after `since`, with a completed recording, neither withheld nor published."""
    return tuple(connection.scalars(_select_unapproved(), {"since": since, "most": limit}))


@cache
def _select_unapproved() -> Select[Any]:
    kept = exists().where(withheld.c.event_id == recording.c.event_id, withheld.c.recording_uuid == recording.c.uuid)
    published = exists().where(
        publication.c.event_id == recording.c.event_id,
        publication.c.recording_uuid == recording.c.uuid,
        publication.c.state == "published",
    )
    recorded = exists().where(recording.c.event_id == event.c.id, recording.c.state == "completed", ~kept, ~published)
    return _select_first(select(event.c.id).where(_ENDS_LATER, recorded), event.c.start_at.desc())


def _select_listed(found: Select[Any], order: Any = event.c.start_at) -> Select[Any]:
    """List the events whose ids a query finds: the webinars of others are not looked at."""
    query = select(*_LISTED).select_from(WITH_WEBINAR).where(event.c.id.in_(found.correlate(None)))
    return query.order_by(order, event.c.id)


def _select_first(query: Select[Any], order: Any = event.c.start_at, index: str = _BY_END) -> Select[Any]:
    """Take the `most` events of a query that are the first in an order."""
    return query.order_by(order, event.c.id).limit(_MOST).with_hint(event, f"INDEXED BY {index}", "sqlite")


def _conditions(filters: EventFilter) -> list[ColumnElement[bool]]:
    conditions = has_words(filters.words, event.c.name, event.c.series, event.c.id)
    if filters.over is not None:
        conditions.append(_ENDED if filters.over else ~_ENDED)
    if filters.drafts is not None:
        conditions.append(IS_DRAFT if filters.drafts else ~IS_DRAFT)
    return conditions
