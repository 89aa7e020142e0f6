"""Find events by their words: SQLite's FTS5 or PostgreSQL's full text, behind one interface.

What is searched is what every visitor may read. Both databases keep the same folded words and no rules of their own, so
that they find the same.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Text, cast, column, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from ..events import Event
from .folding import is_unparted, iter_words, pairs_of, words_of
from .tables import event as event_table
from .tables import event_text
from .upsert import upsert

LONGEST_QUERY = 200  # letters
_MOST_TERMS = 32
_index = table("event_fts", column("rowid"), column("event_fts"))  # SQLite's, over event_text; triggers keep it


def index_event(connection: Connection, event: Event) -> None:
    """Write the words by which an event is found."""
    upsert(connection, event_text, {"event_id": event.id}, {"words": " ".join(words_of(searched_texts(event)))})


def searched_texts(event: Event) -> Iterator[str]:
    """Give the texts of an event that are searched: of what is for some readers only, nothing."""
    yield event.name
    yield event.series or ""
    for organizer in event.organizers:
        yield organizer.name
        yield organizer.acronym or ""
    for person in event.performers:
        yield person.name
        yield person.organization or ""
    yield event.description


def matching(connection: Connection, query: str) -> ColumnElement[bool]:
    """Build the condition that an event has all words of a query, in any order; the last may be the beginning of one.

    A query without a word in it is met by no event.
    """
    terms = _terms(query)
    if not terms:
        return event_table.c.id.in_([])
    found = _by_fts5(terms) if connection.dialect.name == "sqlite" else _by_tsvector(terms)
    return event_table.c.id.in_(select(event_text.c.event_id).where(found))


def _terms(query: str) -> tuple[tuple[str, bool], ...]:
    """List what is looked for, each with whether it may be a beginning: letters and digits alone, no syntax."""
    words = list(iter_words(query[:LONGEST_QUERY]))
    terms = [(part, False) for word in words for part in pairs_of(word)]
    if terms and (len(words[-1]) == 1 or not is_unparted(words[-1])):
        terms[-1] = (terms[-1][0], True)
    terms = [(part, begins or (len(part) == 1 and is_unparted(part))) for part, begins in terms]
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]


def _by_fts5(terms: tuple[tuple[str, bool], ...]) -> ColumnElement[bool]:
    query = " ".join(f'"{part}"{"*" if begins else ""}' for part, begins in terms)
    rows = select(_index.c.rowid).where(_index.c.event_fts.op("MATCH")(query))
    return event_text.c.id.in_(rows)


def _by_tsvector(terms: tuple[tuple[str, bool], ...]) -> ColumnElement[bool]:
    query = " & ".join(f"'{part}'{':*' if begins else ''}" for part, begins in terms)
    return event_text.c.words.bool_op("@@")(cast(literal(query, Text), TSQUERY))
