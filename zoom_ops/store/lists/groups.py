"""Events by all that a filter asks about, in memory: a filtered list is put together from a few groups."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from ...events import Listing, Visibility
from ..event_queries import Gate
from ..tables import event, event_text, publication
from .texts import Texts

_ASKED = select(event_text.c.id, *event.c["id", "visibility", "series_slug", "language", "year", "recording_gate"])
_PUBLISHED = select(publication.c.event_id, publication.c.visibility).where(publication.c.state == "published")


class Facts(NamedTuple):
    """What filters ask of an event."""

    visibility: Listing
    series: str | None  # its slug
    language: str | None
    year: int | None
    gate: Gate  # of its recordings
    published: Visibility | None  # public if one of its published recordings is; None: it has none


@dataclass(frozen=True, kw_only=True)
class Groups:
    """The texts of all events, by their numbers in the index, each in the group of its facts."""

    by_facts: Mapping[Facts, frozenset[str]]

    def choose(self, found: Texts | None, fits: Callable[[Facts], bool]) -> Texts:
        """Return those of some texts, or of all, whose facts fit."""
        fitting, others = list[frozenset[str]](), list[frozenset[str]]()
        for facts, texts in self.by_facts.items():
            (fitting if fits(facts) else others).append(texts)
        if found is None or found.are_left_out:
            chosen = Texts(numbers=frozenset().union(*fitting))
            return chosen.without(found.numbers) if found else chosen
        if sum(map(len, others)) < len(found.numbers):  # the quicker way to the same
            return Texts(numbers=found.numbers.difference(*others))
        return Texts(numbers=frozenset().union(*(texts & found.numbers for texts in fitting)))


def load_groups(connection: Connection) -> Groups:
    """Load the facts of all events. They take 100 bytes each; 440 if each event has a series of its own."""
    published: dict[str, Visibility] = {}
    for event_id, visibility in connection.execute(_PUBLISHED):
        if visibility == "public" or event_id not in published:
            published[event_id] = visibility
    groups: dict[Facts, set[str]] = {}
    rows = connection.execute(_ASKED.join(event, event.c.id == event_text.c.event_id))
    for number, event_id, visibility, series, language, year, gate in rows:
        facts = Facts(visibility, series, language, year, _read_gate(gate), published.get(event_id))
        groups.setdefault(facts, set()).add(str(number))
    return Groups(by_facts={facts: frozenset(texts) for facts, texts in groups.items()})


@lru_cache(maxsize=100)
def _read_gate(text: str) -> Gate:
    return tuple(tuple(groups) for groups in json.loads(text))
