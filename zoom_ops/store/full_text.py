"""Full-text search of events with SQLite's FTS5 or PostgreSQL's tsvector."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, column, literal, select, table

from ..events import Event
from ..linear import normalize
from .db.upsert import insert_of
from .tables import event as event_table
from .tables import event_text

LONGEST_WORD = 24  # letters; the rest of a longer word is ignored, in texts and in queries
MOST_WORDS = 10_000  # of one event; PostgreSQL takes at most 1 MB of them
LONGEST_QUERY = 200  # letters
_MOST_TERMS = 32

_index = table("event_fts", column("rowid"), column("event_fts"))  # SQLite's index over event_text; triggers update it
_FIND = {
    "sqlite": "SELECT group_concat(rowid) FROM event_fts WHERE event_fts MATCH :words",
    "postgresql": "SELECT string_agg(id::text, ',') FROM event_text WHERE words @@ CAST(%(words)s AS tsquery)",
}
_INDEXED = 2  # letters of the beginnings that SQLite's index has
_FIND_SPELLED = (  # up to three words that begin so are looked up as a whole: FTS5 adds up a beginning row by row
    "SELECT group_concat(rowid) FROM event_fts WHERE event_fts MATCH ("
    """SELECT CASE WHEN count(*) BETWEEN 1 AND 3 THEN :whole || '("' || group_concat(term, '" OR "') || '")'"""
    " ELSE :words END FROM ("
    "SELECT term FROM temp.event_word WHERE term >= :begins AND term <= :begins || char(1114111) LIMIT 4))"
)
_SYNTAX = {"sqlite": ('"', "*", " "), "postgresql": ("'", ":*", " & ")}  # quotes, the sign of a prefix, "and"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNPARTED = "\u2e80-\u2fdf\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNPARTED}]+|[^\W_{_UNPARTED}]+")  # Chinese and Japanese put no space between words
_IS_UNPARTED = re.compile(rf"[{_UNPARTED}]")
_SAME = str.maketrans(  # letters with a simpler spelling that Unicode does not decompose
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"ى": "ي", "ة": "ه", "ٱ": "ا", "ـ": None}
)


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """List the distinct words of texts: letters and digits without marks, case-folded; at most MOST_WORDS.

    A run of Chinese or Japanese gives each pair of neighbouring characters in it, and its last character.
    """
    words = dict.fromkeys(part for text in texts for word in iter_words(text) for part in pairs_of(word, last=True))
    return tuple(words)[:MOST_WORDS]


def iter_words(text: str) -> Iterator[str]:
    """Yield the words of an HTML text in order; a run of Chinese or Japanese is one word."""
    for match in _WORD.finditer(fold(html.unescape(_TAG.sub(" ", text)))):
        yield match.group()


def pairs_of(word: str, *, last: bool = False) -> tuple[str, ...]:
    """Split a run of Chinese or Japanese into pairs of neighbours, with `last` also its last character alone.

    Any other word stays whole, cut to LONGEST_WORD.
    """
    if len(word) < 2 or not is_unparted(word):
        return (word[:LONGEST_WORD],)
    return tuple(word[place : place + 2] for place in range(len(word) if last else len(word) - 1))


def is_unparted(word: str) -> bool:
    """Return whether a word is a run of a script that puts no space between words."""
    return bool(_IS_UNPARTED.match(word))


def fold(text: str) -> str:
    """Fold case, marks and forms of letters, and write digits of any script as 0 to 9."""
    decomposed = normalize("NFKD", normalize("NFKD", text).casefold())
    letters = (letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))
    plain = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)
    return "".join(plain).translate(_SAME)


def index_event(connection: Connection, event: Event) -> None:
    """Write the words of an event for the search."""
    words = " ".join(words_of(searched_texts(event)))
    connection.execute(_upsert_in(connection.dialect.name), {"event_id": event.id, "words": words})


@lru_cache
def _upsert_in(dialect: str) -> Any:
    query = insert_of(dialect)(event_text)
    return query.on_conflict_do_update(index_elements=["event_id"], set_={"words": query.excluded.words})


def searched_texts(event: Event) -> Iterator[str]:
    """Yield the texts of an event that the search covers: only texts that every reader may see."""
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
    """Build the condition that an event has all words of a query, as `has_words_of` says."""
    return event_table.c.id.in_(select(event_text.c.event_id).where(has_words_of(connection, query)))


def has_words_of(connection: Connection, query: str) -> ColumnElement[bool]:
    """Build the condition that a row of `event_text` has all words of a query, in any order.

    The last word may be a prefix. No row has the words of a query without words.
    """
    words = _write(_terms(query), connection.dialect.name)
    if not words:
        return event_text.c.id.in_([])
    if connection.dialect.name == "sqlite":
        return event_text.c.id.in_(select(_index.c.rowid).where(_index.c.event_fts.op("MATCH")(words)))
    from sqlalchemy.dialects.postgresql import TSQUERY  # on SQLite it would take 3 MB for nothing

    return event_text.c.words.bool_op("@@")(cast(literal(words, Text), TSQUERY))


def find_texts(connection: Connection, query: str) -> str:
    """Find the numbers of the rows of `event_text` that `has_words_of` finds, with commas between: the quickest way."""
    statement, parameters = _write_search(connection.dialect.name, query)
    return (connection.exec_driver_sql(statement, parameters).scalar() or "") if statement else ""


def find_texts_beside(connection: Connection, query: str, value: str) -> tuple[Any, str]:
    """Return the value of another SQL query with the same numbers: both are of one state, and of one trip."""
    statement, parameters = _write_search(connection.dialect.name, query)
    both = f"SELECT ({value}), ({statement or 'NULL'})"  # statements of ours
    of_both, found = connection.exec_driver_sql(both, parameters).one()
    return of_both, found or ""


def _write_search(dialect: str, query: str) -> tuple[str, dict[str, str]]:
    """Write the statement that finds texts, with its parameters; empty for a query without words."""
    terms = _terms(query)
    if not terms:
        return "", {}
    words, (last, is_prefix) = _write(terms, dialect), terms[-1]
    if dialect == "sqlite" and is_prefix and len(last) > _INDEXED:
        before = "".join(f'"{part}"{"*" if begins else ""} AND ' for part, begins in terms[:-1])
        return _FIND_SPELLED, {"words": words, "whole": before, "begins": last}
    return _FIND[dialect], {"words": words}


def _write(terms: Iterable[tuple[str, bool]], dialect: str) -> str:
    """Write terms as the database takes them; empty if there are none."""
    sign, prefix, between = _SYNTAX[dialect]
    return between.join(f"{sign}{part}{sign}{prefix if is_prefix else ''}" for part, is_prefix in terms)


def _terms(query: str) -> tuple[tuple[str, bool], ...]:
    """List the terms of a query, each with whether it may be a prefix: letters and digits alone, no query syntax."""
    words = list(iter_words(query[:LONGEST_QUERY]))
    terms = [(part, False) for word in words for part in pairs_of(word)]
    if terms and (len(words[-1]) == 1 or not is_unparted(words[-1])):
        terms[-1] = (terms[-1][0], True)
    terms = [(part, is_prefix or (len(part) == 1 and is_unparted(part))) for part, is_prefix in terms]
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]
