"""Event records in the database, and the history of each."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import AMARA, END, EVENT_ID, NOW, SLIDES, START, YUSUF, a_note, a_recording, an_event
from zoom_ops.drafts import Decided
from zoom_ops.errors import NotFoundError
from zoom_ops.events import Event, Listing
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.event_queries import EventFilter, load_times, page_events
from zoom_ops.store.events import (
    find_event,
    latest_seq,
    load_changes,
    load_changes_after,
    load_event,
    load_events,
    load_past,
    load_record,
    load_upcoming,
    record_changes,
    save_event,
)
from zoom_ops.store.lists.pages import Totals, count_listed
from zoom_ops.store.published import list_unpublished
from zoom_ops.store.recordings import find_recorded, load_held, load_publications, save_recording
from zoom_ops.store.tables import event as event_table
from zoom_ops.store.webinars import load_bindings, load_seats_of

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)


def a_change(event_id: str, at: datetime, sentence: str) -> dict[str, object]:
    return {"event_id": event_id, "at": at, "what": "imported", "sentence": sentence}


def save(database: Database, *events: Event, now: datetime = NOW) -> None:
    with database.begin() as connection:
        for event in events:
            save_event(connection, event, now)


def a_programme(database: Database) -> None:
    """Save four events of an hour each. They begin at START - 1 h, START, START + 1 h and START + 2 h."""
    save(
        database,
        *(
            an_event(id=name, start=START + n * HOUR, end=START + (n + 1) * HOUR)
            for name, n in (("third", 1), ("first", -1), ("fourth", 2), ("second", 0))
        ),
    )


def ids(events: tuple[Event, ...]) -> list[str]:
    return [event.id for event in events]


@pytest.mark.parametrize("visibility", ["draft", "unlisted", "listed"])
def test_visibility_is_written_where_it_is_not_the_usual_one(database: Database, visibility: Listing) -> None:
    event = an_event(visibility=visibility)

    save(database, event)
    with database.read() as connection:
        (document,) = connection.scalars(select(event_table.c.document))
        record = load_record(connection, EVENT_ID)

    assert ("visibility" in document) == (visibility != "listed")  # an older program, in a rolling upgrade, reads it
    assert (record.event, record.decided) == (event, Decided(visibility=visibility, intended=visibility))


def test_event_comes_back_as_it_was_saved(database: Database) -> None:
    event = an_event(
        name="مدّ وجزر 🌊 – « Marées »",
        description="<p>One</p>\n\nTwo",
        performers=(AMARA, YUSUF),
        attachments=(SLIDES,),
        needs_review=(a_note(),),
        previous_start=START - 24 * HOUR,
        status="rescheduled",
        consent="ask",
    )

    save(database, event)
    with database.read() as connection:
        loaded = load_event(connection, EVENT_ID)

    assert loaded == event
    assert loaded.to_json() == event.to_json()


def test_event_saved_again_is_updated_and_counted(database: Database) -> None:
    save(database, an_event())
    save(database, an_event(name="Tides of Today"), now=NOW + HOUR)

    with database.read() as connection:
        rows = connection.execute(select(event_table)).all()
    assert [(row.name, row.revision, row.created_at, row.updated_at) for row in rows] == [
        ("Tides of Today", 2, NOW, NOW + HOUR)
    ]
    assert (rows[0].start_at, rows[0].end_at) == (START, END)


def test_change_that_calendars_show_raises_the_sequence(database: Database) -> None:
    states: tuple[dict[str, object], ...] = (
        {},
        {"description": "Another text."},
        {"name": "Tides of Today"},
        {"name": "Tides of Today", "venue": "Hall 3"},
        {"name": "Tides of Today", "venue": "Hall 3", "end": END + HOUR},
        {"name": "Tides of Today", "venue": "Hall 3", "end": END + HOUR, "timezone": "America/Toronto"},
        {"name": "Tides of Today", "end": END + HOUR, "timezone": "America/Toronto", "status": "cancelled"},
        {"name": "Tides of Today", "end": END + HOUR, "timezone": "America/Toronto", "status": "cancelled"},
    )

    sequences = []
    for changes in states:
        save(database, an_event(**changes))
        with database.read() as connection:
            sequences.append(connection.execute(select(event_table.c.sequence)).scalar_one())

    assert sequences == [0, 0, 1, 2, 3, 4, 5, 5]


def test_event_is_found_by_its_series(database: Database) -> None:
    save(database, an_event(), an_event(id="alone", series=None))

    with database.read() as connection:
        rows = connection.execute(select(event_table.c.id, event_table.c.series_slug)).all()

    assert {tuple(row) for row in rows} == {(EVENT_ID, "harbour-talks"), ("alone", None)}


def test_unknown_event_is_none_or_an_error_with_the_nearest(database: Database) -> None:
    save(database, an_event())

    with database.read() as connection:
        assert find_event(connection, "harbour-talks-tides") is None
        with pytest.raises(NotFoundError, match=f"There is no event 'harbour-talks-tides'. Did you mean {EVENT_ID}"):
            load_event(connection, "harbour-talks-tides")


def test_events_that_go_on_are_upcoming_and_those_that_ended_are_past(database: Database) -> None:
    a_programme(database)

    with database.read() as connection:
        at_the_end_of_first = START
        assert ids(load_upcoming(connection, at_the_end_of_first, limit=10)) == ["second", "third", "fourth"]
        assert ids(load_past(connection, at_the_end_of_first, limit=10)) == ["first"]
        assert count_listed(connection, at_the_end_of_first, (), found=False) == Totals(coming=3, past=1)
        assert ids(load_past(connection, START + 9 * HOUR, limit=10)) == ["fourth", "third", "second", "first"]


def test_events_are_listed_in_pages(database: Database) -> None:
    a_programme(database)

    with database.read() as connection:
        assert ids(load_upcoming(connection, NOW, limit=3)) == ["first", "second", "third"]
        assert ids(load_upcoming(connection, NOW, limit=3, offset=3)) == ["fourth"]
        assert ids(load_events(connection, ["fourth", "first", "nobody"])) == ["first", "fourth"]
        assert load_events(connection, []) == ()


def test_operators_list_events_by_start_whenever_they_end(database: Database) -> None:
    a_programme(database)
    long = an_event(id="long", start=START - 2 * HOUR, end=START + 1.5 * HOUR, display_times=())
    save(database, long, an_event(id="draft", visibility="draft", start=START - 3 * HOUR, end=START - 2 * HOUR))
    filters = {
        "coming": EventFilter(over=False),
        "over": EventFilter(over=True),
        "named": EventFilter(words="LONG", over=True),
        "drafts": EventFilter(drafts=True),
        "no drafts": EventFilter(over=True, drafts=False),
    }

    with database.read() as connection:
        found = {
            (what, offset): [
                row.id for row in page_events(connection, each, START + 1.75 * HOUR, limit=3, offset=offset)
            ]
            for what, each in filters.items()
            for offset in (0, 3)
        }

    assert found == {
        ("coming", 0): ["third", "fourth"],
        ("coming", 3): [],
        ("over", 0): ["second", "first", "long"],
        ("over", 3): ["draft"],
        ("named", 0): ["long"],
        ("named", 3): [],
        ("drafts", 0): ["draft"],
        ("drafts", 3): [],
        ("no drafts", 0): ["second", "first", "long"],
        ("no drafts", 3): [],
    }


def test_no_events_are_counted_as_none(database: Database) -> None:
    with database.read() as connection:
        assert count_listed(connection, NOW, (), found=False) == Totals(coming=0, past=0)
        assert latest_seq(connection) == 0


def test_event_whose_record_does_not_show_its_new_recording_is_listed(database: Database) -> None:
    a_programme(database)
    box = SecretBox([make_key()])
    with database.begin() as connection:
        save_recording(connection, box, "first", a_recording(), "completed", START + HOUR)
        save_recording(connection, box, "second", a_recording(uuid="old"), "completed", START - 40 * 24 * HOUR)

    with database.read() as connection:
        assert list_unpublished(connection, START - 30 * 24 * HOUR, "https://") == {"first"}


def test_changes_are_told_in_order_and_from_a_place_on(database: Database) -> None:
    save(database, an_event(), an_event(id="other"))
    with database.begin() as connection:
        for n, event_id in enumerate([EVENT_ID, "other", EVENT_ID]):
            record_changes(connection, [a_change(event_id, NOW + n * HOUR, f"Sentence {n}.")])

    with database.read() as connection:
        of_one = load_changes(connection, EVENT_ID)
        everything = load_changes_after(connection, 0)
        newer = load_changes_after(connection, everything[0].seq)
        newest = latest_seq(connection)

    assert [(change.at, change.what, change.sentence) for change in of_one] == [
        (NOW, "imported", "Sentence 0."),
        (NOW + 2 * HOUR, "imported", "Sentence 2."),
    ]
    assert newer == everything[1:]
    assert newest == everything[-1].seq
    assert all(change.at.tzinfo == UTC for change in everything)


def test_change_is_not_told_before_it_is_committed(database: Database) -> None:
    save(database, an_event())

    with database.begin() as writer:
        record_changes(writer, [a_change(EVENT_ID, NOW, "Imported.")])
        with database.read() as reader:
            assert load_changes_after(reader, 0) == ()

    with database.read() as reader:
        assert len(load_changes_after(reader, 0)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_more_events_than_a_statement_takes_are_loaded_part_by_part(database: Database) -> None:
    a_programme(database)
    many = ["second", *(f"event-{number}" for number in range(1_500)), "first"]
    others = (load_bindings, find_recorded, load_publications, load_held, load_seats_of, load_times)
    with database.read() as connection:
        driver: Any = connection.connection.driver_connection
        before = driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1_100)  # of PostgreSQL: 65,535
        found = load_events(connection, many)
        sizes = [len(load(connection, many)) for load in others]
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)

    assert ids(found) == ["first", "second"]
    assert sizes == [0, 0, 0, 0, 0, 2]
