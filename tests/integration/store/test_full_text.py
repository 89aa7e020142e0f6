"""Full-text search and filters of events: the same on both databases."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, insert, select, text

from tests.builders import (
    AMARA,
    END,
    EVENT_ID,
    HARBOUR_INSTITUTE,
    JONAS,
    NOW,
    SLIDES,
    START,
    a_note,
    a_performer,
    an_event,
)
from tests.plans.plans import listening
from zoom_ops.events import Organizer
from zoom_ops.store.db.connect import Database
from zoom_ops.store.events import save_event
from zoom_ops.store.full_text import has_words_of, matching
from zoom_ops.store.lists.pages import Totals, count_listed, find_page
from zoom_ops.store.tables import event as event_table
from zoom_ops.store.tables import event_text

pytestmark = pytest.mark.both_databases

PROGRAMME: dict[str, dict[str, Any]] = {
    "tides": {"name": "Tides of Tomorrow"},
    "french": {"name": "L’élévation de la mer : où allons-nous ?", "series": "Débats"},
    "arabic": {"name": "المدّ والجزر غداً: كيف تتكيف الموانئ", "series": "أحاديث الميناء"},
    "chinese": {"name": "海平面上升与港口的未来", "series": None},
    "russian": {"name": "Приливы завтрашнего дня: ещё один взгляд", "series": None},
    "spanish": {"name": "Mañana, según los pescadores", "description": "<p>Se habla de <b>mareas</b> y puertos.</p>"},
    "polish": {"name": "Łódź na Bałtyku", "performers": (a_performer(name="Søren Østergård"),)},
    "numbers": {"name": "COP30 and ISO 14001", "organizers": (Organizer(name="Guild of Dredgers", acronym="GOD"),)},
}
FOUND: dict[str, set[str]] = {
    "tides": {"tides"},
    "TOMORROW tides": {"tides"},  # in any order, in any case
    "tid": {"tides"},  # the last word may be a prefix
    "tid tomorrow": set(),  # another word may not
    "ides": set(),  # a suffix does not match
    "tides mareas": set(),  # all words must match
    "elevation MER": {"french"},
    "élévation": {"french"},
    "debats": {"french"},
    "l'élévation": {"french"},
    "المد": {"arabic"},  # without vowel marks
    "الجزر": set(),
    "والجزر": {"arabic"},
    "احاديث": {"arabic"},  # alef without its hamza
    "الموانئ": {"arabic"},
    "上升": {"chinese"},
    "海平面": {"chinese"},
    "港口 海平面": {"chinese"},
    "来": {"chinese"},
    "平海": set(),
    "ПРИЛИВЫ": {"russian"},
    "завтрашн": {"russian"},
    "еще": {"russian"},  # ё is written е
    "mareas puertos": {"spanish"},
    "manana": {"spanish"},
    "lodz": {"polish"},
    "baltyku": {"polish"},
    "soren ostergard": {"polish"},
    "dredgers": {"numbers"},
    "god": {"numbers"},
    "14001": {"numbers"},
    "cop30": {"numbers"},
    "p": {"spanish"},
    "b": {"polish"},  # markup is not searched
}
RUBBISH = (
    "tides'", '"tides', "tides)", "(tides", "tides OR", "NOT tides", "tides AND", "NEAR(tides, 3)", "tides*", "*",
    "words:tides", "^tides", "tides:*", "tides & ", "| tides", "!tides", "tides <-> tomorrow", "\\", "'", '"', "''",
    "%", "_", "-", "--", ";", "\x00", "tides\x00", "\ud800", "🌊", "tides 🌊",
    "a" * 10_000, "海" * 10_000, "a " * 5_000,
    "'; DROP TABLE event; --", "\u202e", "ﷺ", "\u0301", "𝓉𝒾𝒹𝑒𝓈", "ⓣⓘⓓⓔⓢ",
)  # fmt: skip


def save_programme(database: Database) -> None:
    plain: dict[str, Any] = {"description": "", "performers": (), "organizers": (), "series": None}
    save(database, *(an_event(id=name, **plain | changes) for name, changes in PROGRAMME.items()))


def save(database: Database, *events: Any) -> None:
    with database.begin() as connection:
        for event in events:
            save_event(connection, event, NOW)


def matches(database: Database, query: str) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(event_table.c.id).where(matching(connection, query))).scalars())


def test_events_are_found_by_their_words(database: Database) -> None:
    save_programme(database)

    assert {query: matches(database, query) for query in FOUND} == FOUND


def test_rubbish_in_a_query_is_no_error(database: Database) -> None:
    save_programme(database)

    assert [query for query in RUBBISH if not matches(database, query) <= set(PROGRAMME)] == []


def test_signs_in_a_query_do_not_count(database: Database) -> None:
    save_programme(database)
    queries = ("tides'", '"tides', "(tides)", "tides*", "-tides", "tides 🌊", "𝓉𝒾𝒹𝑒𝓈", "tides\x00", "%tides")

    assert [query for query in queries if matches(database, query) != {"tides"}] == []


def test_query_without_a_word_finds_nothing(database: Database) -> None:
    save_programme(database)

    assert [query for query in ("!", "🌊", " ", "'") if matches(database, query)] == []


def test_people_series_organizers_and_description_are_searched(database: Database) -> None:
    save(database, an_event(performers=(AMARA, JONAS), organizers=(HARBOUR_INSTITUTE,)), an_event(id="other"))
    queries = (
        "amara diallo",
        "lindqvist",
        "harbour institute",
        "HI",
        "harbour talks",
        "rising sea",
        "university sound",
    )

    assert [len(matches(database, query)) for query in queries] == [2] * len(queries)


def test_what_is_not_for_everybody_is_not_searched(database: Database) -> None:
    hidden = an_event(
        attachments=(SLIDES.model_copy(update={"title": "Zebra", "url": "https://example.org/quagga"}),),
        needs_review=(a_note(text="Okapi", reason="Bongo"),),
        account="gnu",
        profile="kudu",
        performers=(a_performer(name="Jonas", email="eland@example.org"),),
    )
    save(database, hidden)

    words = ("zebra", "quagga", "okapi", "bongo", "gnu", "kudu", "eland", "example")
    assert [word for word in words if matches(database, word)] == []


def test_event_that_changed_is_found_by_its_new_words_only(database: Database) -> None:
    save(database, an_event(name="Tides"))
    save(database, an_event(name="Currents"))

    assert (len(matches(database, "tides")), len(matches(database, "currents"))) == (0, 1)


def test_event_that_was_deleted_is_not_found(database: Database) -> None:
    save(database, an_event(), an_event(id="other", name="Tides of Today"))
    with database.begin() as connection:
        connection.execute(event_table.delete().where(event_table.c.id == "other"))

    assert len(matches(database, "tides")) == 1
    assert matches(database, "today") == set()


def test_words_are_written_together_with_their_event(database: Database) -> None:
    with database.begin() as connection:
        save_event(connection, an_event(), NOW)
        seen_by_others = matches(database, "tides")
        connection.rollback()

    assert (seen_by_others, matches(database, "tides")) == (set(), set())


def test_long_text_is_searched(database: Database) -> None:
    many = " ".join(f"word{number}" for number in range(9_000))
    save(database, an_event(description=f"{'x' * 5_000} {many} {'海' * 40_000}"), an_event(id="o", name="Other"))

    assert len(matches(database, "word8999")) == 1
    assert len(matches(database, "x" * 5_000)) == 1


def test_lists_and_counts_are_of_what_was_found(database: Database) -> None:
    over = {"start": START - timedelta(days=40), "end": END - timedelta(days=40)}
    save(
        database,
        an_event(),
        an_event(id="over", **over),
        an_event(id="other", name="Other", series=None, description=""),
    )

    with database.read() as connection:
        where = (has_words_of(connection, "tides"),)
        coming, past = (
            find_page(connection, NOW, where, found=True, past=past, limit=10, offset=0) for past in (False, True)
        )
        totals = count_listed(connection, NOW, where, found=True)

    assert (past, coming, totals) == (("over",), (EVENT_ID,), Totals(coming=1, past=1))


def test_rare_word_is_found_by_an_index(database: Database) -> None:
    fill(database, 10_000)
    save(database, an_event(id="rare", name="Zebra"))

    with database.read() as connection:
        query = select(event_table.c.document).where(event_table.c.end_at > NOW, matching(connection, "zebra"))
        plan = explain(connection, query.order_by(event_table.c.start_at, event_table.c.id).limit(20))

    assert matches(database, "zebra") == {"rare"}
    assert full_scans(plan) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_found_events_are_counted_without_their_records(database: Database) -> None:
    with database.read() as connection, listening(database) as heard:
        where = (has_words_of(connection, "zebra"), event_table.c.visibility == "listed")
        find_page(connection, NOW, where, found=True, past=True, limit=20, offset=0)
        count_listed(connection, NOW, where, found=True)
        plans = [
            str(row[-1])
            for statement in heard.values()
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.values)
        ]

    searched = [step for step in plans if step.startswith("SEARCH")]
    assert len(searched) == 4
    assert all("COVERING INDEX" in step for step in searched)


def fill(database: Database, count: int) -> None:
    """Write many events at once, each with a word of its own."""
    rows: list[dict[str, Any]] = [
        {"id": f"event-{n}", "at": f"{START + timedelta(hours=n):%Y-%m-%d %H:%M:%S.%f}", "words": f"tides n{n}"}
        for n in range(count)
    ]
    with database.begin() as connection:
        connection.execute(text(_AN_EVENT), rows)
        connection.execute(insert(event_text), [{"event_id": row["id"], "words": row["words"]} for row in rows])
        for table in () if database.is_sqlite else ("event", "event_text"):
            connection.execute(text(f"ANALYZE {table}"))


_AN_EVENT = (
    "INSERT INTO event (id, name, start_at, end_at, status, profile, document, created_at, updated_at) VALUES"
    " (:id, 'Tides', :at, :at, 'scheduled', 'default', '{}', :at, :at)"
)


def explain(connection: Connection, query: Select[Any]) -> list[str]:
    """Return the database's plan for a query, a line for each step."""
    ask = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
    return [str(row[-1]) for row in connection.exec_driver_sql(f"{ask} {str(compiled).replace('%', '%%')}")]


def full_scans(plan: Iterable[str]) -> list[str]:
    """List the steps that read every row of a table."""
    return [line for line in plan if re.search(r"SCAN (?!event_fts VIRTUAL)|Seq Scan", line)]
