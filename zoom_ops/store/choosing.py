"""Choose events by what readers ask for: words, series, language, year, a recording that they may see."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, select

from .distinct import load_distinct
from .search import matching
from .tables import event as event_table
from .tables import publication

_LATEST = 500  # events whose series are offered: every series has a page and is found by its words besides

Gate = tuple[tuple[str, ...], ...]  # Event.recording_gate


@dataclass(frozen=True, kw_only=True)
class Wanted:
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


def iter_conditions(connection: Connection, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
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
