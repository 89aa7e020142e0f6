"""Previews say what an import does, and store nothing. An origin names an event whatever its name and time are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from tests.builders import AN_OPERATOR, END, EVENT_ID, JONAS, START, a_note, an_event
from tests.integration.service import Service
from zoom_ops.errors import BadInputError, NotFoundError, ParkedError
from zoom_ops.operations.events.editing import ChangedMeanwhileError
from zoom_ops.operations.events.importing import Imported, import_events
from zoom_ops.operations.events.previewing import (
    Preview,
    columns_of,
    digest_of,
    import_previewed,
    preview_events,
    preview_json,
)
from zoom_ops.readers import Announced, Source, read_events
from zoom_ops.store.audit import Actor
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.events import find_by_origins

WEEK = timedelta(days=7)
NOTES = (a_note(field="venue"),)


def announced(origin: str | None = None, *, line: int = 1, **changes: Any) -> Announced:
    return Announced(event=an_event(**changes), file="a.ics", line=line, origin=origin)


def take(service: Service, *events: Announced, **how: Any) -> tuple[Imported, ...]:
    return import_events(service.context, events, AN_OPERATOR, **how)


def preview(service: Service, *events: Announced, **how: Any) -> tuple[Preview, ...]:
    return preview_events(service.context, events, AN_OPERATOR, **how)


def outcomes(rows: tuple[Imported, ...] | tuple[Preview, ...]) -> list[tuple[str, str]]:
    return [(row.id, row.action) for row in rows]


def test_preview_says_what_an_import_does(service: Service) -> None:
    take(service, announced())
    changed = announced(venue="Pier 4", needs_review=(a_note(field="start"),))
    other = announced(id="other", name="Other", line=9)
    source = Source(field="venue", place="line 4", text="Pier 4")

    previews = preview(service, replace(changed, sources=(source,)), other)
    before = service.event()
    done = take(service, changed, other)

    assert before.venue != "Pier 4"
    assert outcomes(previews) == outcomes(done) == [(EVENT_ID, "updated"), ("other", "created")]
    assert [row.changes for row in previews] == [row.changes for row in done]
    assert (previews[0].is_held, previews[0].sources, previews[1].is_held) == (True, (source,), False)


def test_preview_asks_which_event_is_meant_and_an_import_asks_all_at_once(service: Service) -> None:
    take(service, announced(), announced(id="other", name="Other"))
    moved = {"start": START + WEEK, "end": END + WEEK}
    both = (announced(**moved), announced(id="other", name="Other", line=9, **moved))

    previews = preview(service, *both)
    with pytest.raises(ParkedError) as asked:
        take(service, *both)

    assert [row.action for row in previews] == ["unclear", "unclear"]
    assert previews[0].question
    assert previews[0].question.startswith("'Tides of Tomorrow' is known with another date")
    assert str(asked.value).startswith("a.ics:1: 'Tides of Tomorrow'")
    assert [note[:16] for note in asked.value.__notes__] == ["a.ics:9: 'Other'"]


def test_origin_names_the_event_whatever_its_name_and_time_are(service: Service) -> None:
    take(service, announced("ical:1"))
    moved = announced("ical:1", id="renamed", name="Renamed", start=START + WEEK, end=END + WEEK)

    previews, done = preview(service, moved), take(service, moved)

    assert outcomes(previews) == outcomes(done) == [(EVENT_ID, "updated")]
    assert (service.event().name, service.event().start_utc) == ("Renamed", START + WEEK)


def test_event_known_by_name_gets_its_origin(service: Service) -> None:
    take(service, announced())

    again = take(service, announced("ical:1"))
    renamed = take(service, announced("ical:1", id="renamed", name="Renamed"))

    assert outcomes((*again, *renamed)) == [(EVENT_ID, "unchanged"), (EVENT_ID, "updated")]


def test_another_origin_in_the_same_file_is_another_event(service: Service) -> None:
    weeks = [announced(f"ical:{n}", line=n + 1, start=START + n * WEEK, end=END + n * WEEK) for n in range(3)]

    previews = preview(service, *weeks)
    first, again = take(service, *weeks), take(service, *weeks)

    assert outcomes(previews) == outcomes(first)
    assert len({row.id for row in first}) == 3
    assert {row.action for row in again} == {"unchanged"}


def test_another_origin_in_another_file_is_told_by_name_and_date(service: Service) -> None:
    take(service, announced("ical:1"))

    anew = take(service, announced("ical:2"))
    with pytest.raises(ParkedError, match="is known with another date"):
        take(service, announced("ical:3", start=START + WEEK, end=END + WEEK))

    assert outcomes(anew) == [(EVENT_ID, "unchanged")]


def test_two_origins_with_one_name_and_time_are_asked_about(service: Service) -> None:
    with pytest.raises(ParkedError, match=r"known as .*, at the same time but from another origin. Same event as"):
        take(service, announced("ical:1"), announced("ical:2", line=9))


def test_series_that_is_renamed_and_moved_within_its_days_is_the_same(service: Service) -> None:
    def series(name: str, later: timedelta) -> list[Announced]:
        begins = [START + later + n * WEEK for n in range(3)]
        return [
            announced(f"ical:a/{at:%Y%m%dT%H%M%SZ}", id=name, name=name, start=at, end=at + (END - START))
            for at in begins
        ]

    first = take(service, *series("hour", timedelta()))
    moved = series("evening", timedelta(minutes=30))
    previews, second = preview(service, *moved), take(service, *moved)

    assert [row.id for row in second] == [row.id for row in first]
    assert outcomes(previews) == outcomes(second)
    assert {row.action for row in second} == {"updated"}


def test_options_go_before_the_origin(service: Service) -> None:
    take(service, announced("ical:1"), announced(id="other", name="Other"))

    named = take(service, announced("ical:1"), as_id="other")
    other = take(service, announced("ical:9", start=START + WEEK, end=END + WEEK), new=True)

    assert outcomes(named) == [("other", "updated")]
    assert other[0].action == "created"
    with service.app.database.read() as connection:
        found = find_by_origins(connection, ("ical:1", "ical:9"))
    assert found == {"ical:1": "other", "ical:9": other[0].id}


def test_author_takes_no_origin_from_another_event(service: Service) -> None:
    """Else the next import of that calendar would change the draft, and a published event would miss its news."""
    (published,) = take(service, announced("ical:tides"))
    author = Actor(name="Noor", publishes=False)

    import_events(service.context, [announced("ical:tides")], author, as_id="mine", new=True)
    (again,) = take(service, announced("ical:tides", venue="Pier 4"))

    assert (again.id, again.action, service.event("mine").visibility) == (published.id, "updated", "draft")


def test_long_origins_are_told_apart(service: Service) -> None:
    take(service, announced("ical:" + "a" * 2_000 + "1"), announced("ical:" + "a" * 2_000 + "2", id="b", name="Other"))

    renamed = take(service, announced("ical:" + "a" * 2_000 + "2", name="Renamed"))

    assert outcomes(renamed) == [("b", "updated")]


def test_two_different_events_of_a_file_with_one_name_are_refused(service: Service) -> None:
    twice = (announced(), announced(line=9, venue="Pier 4"))

    for way in (preview, take):
        with pytest.raises(BadInputError, match=f"a.ics:9: this is {EVENT_ID}, which line 1 describes already"):
            way(service, *twice)

    with pytest.raises(NotFoundError):
        service.event()


def test_only_what_was_previewed_is_stored(service: Service) -> None:
    seen = digest_of(service.context.box, map(preview_json, preview(service, announced(venue="Pier 4"))))
    take(service, announced())

    with pytest.raises(ChangedMeanwhileError):
        import_previewed(service.context, (announced(venue="Pier 4"),), AN_OPERATOR, expected={seen})
    assert seen != digest_of(SecretBox([make_key()]), map(preview_json, preview(service, announced(venue="Pier 4"))))
    now = digest_of(service.context.box, map(preview_json, preview(service, announced(venue="Pier 4"))))
    done = import_previewed(service.context, (announced(venue="Pier 4"),), AN_OPERATOR, expected={now})

    assert [(row.action, row.event.venue) for row in done] == [("updated", "Pier 4")]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_file_is_looked_up_in_as_many_statements_as_one_event(service: Service) -> None:
    """Its events, their origins and approvals, and the address book: each once for the whole file."""

    def asked(count: int, venue: str) -> tuple[int, int]:
        events = [
            announced(f"ical:{n}", id=f"event-{n}", name=f"{n}", venue=venue, performers=(JONAS,), needs_review=NOTES)
            for n in range(count)
        ]
        with selects(service) as previewed:
            preview(service, *events)
        with selects(service) as imported:
            take(service, *events)
        return len(previewed), len(imported)

    one, many, again = asked(1, "Pier 1"), asked(40, "Pier 2"), asked(40, "Pier 2")

    assert many == one
    assert max(*one, *again) <= 6


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_events_that_a_file_may_mean_are_loaded_at_once(service: Service) -> None:
    """Those of a series that was moved, and those with their date in the id: so all are locked in one order."""

    def asked(count: int) -> int:
        begins = [START + n * WEEK for n in range(count)]
        origins = [f"ical:{count}/{at:%Y%m%dT%H%M%SZ}" for at in begins]
        name = {"id": f"tides-{count}", "name": f"Tides {count}", "needs_review": NOTES}
        dates = [
            announced(origin, start=at, end=at + (END - START), **name)
            for origin, at in zip(origins, begins, strict=True)
        ]
        take(service, *dates)
        minute = timedelta(minutes=1)
        moved = [
            announced(f"ical:{count}/{at:%Y%m%dT%H%M%SZ}", start=at, end=at + (END - START), **name)
            for at in (begun + minute for begun in begins)
        ]
        with selects(service) as made:
            again = take(service, *moved)
        assert {row.action for row in again} == {"updated"}
        return len([each for each in made if "FROM event " in each.replace("\n", " ")])

    assert asked(2) == asked(9)


@contextmanager
def selects(service: Service) -> Iterator[list[str]]:
    """Collect the queries that are made meanwhile."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            made.append(statement)

    engine = service.app.database.engine
    listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        remove(engine, "before_cursor_execute", note)


def test_preview_says_how_the_columns_of_a_table_were_understood(service: Service) -> None:
    table = (
        b"Title,Date,Time,Duration,Speaker,Room no.\nWaves,2027-04-03,14:00,60,Ada\nWinds,2027-04-04,14:00,60,Ada,7\n"
    )

    columns = columns_of(preview(service, *read_events(table, "a.csv"), announced()))

    starts = ("Date", "start"), ("Time", "start")
    assert columns == (
        ("Title", "name"),
        *starts,
        ("Duration", "end"),
        ("Speaker", "performers.name"),
        ("Room no.", ""),
    )
