"""Bindings, seats and bookings of hosts in the database."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import (
    ACCOUNT,
    END,
    EVENT_ID,
    HOST,
    JONAS,
    NOW,
    START,
    UUID,
    WEBINAR_ID,
    a_panelist,
    a_webinar,
    an_event,
    some_fields,
)
from zoom_ops.errors import TemporaryError
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.events import save_event
from zoom_ops.store.recordings import is_live, load_held, record_instance
from zoom_ops.store.tables import binding, seat
from zoom_ops.store.webinars import (
    book,
    change_binding,
    count_upcoming,
    find_binding,
    find_event_of,
    find_event_of_instance,
    load_bookings,
    load_seats,
    lock_bookings,
    release,
    save_binding,
    seat_panelists,
    unseat,
    unseat_all,
)

pytestmark = pytest.mark.both_databases

BOX = SecretBox([make_key()])
HOUR = timedelta(hours=1)
FACTS = {"known": some_fields(), "asked": some_fields(), "refused": (), "origin": "created"}


@pytest.fixture
def saved(database: Database) -> Database:
    """A database with the event of the cast and another event."""
    with database.begin() as connection:
        save_event(connection, an_event(), NOW)
        save_event(connection, an_event(id="other"), NOW)
    return database


def bind(database: Database, event_id: str = EVENT_ID, **changes: object) -> None:
    with database.begin() as connection:
        save_binding(connection, BOX, event_id, a_webinar(**changes), NOW, **FACTS)


def test_binding_comes_back_as_it_was_saved(saved: Database) -> None:
    nested = (("settings.language_interpretation.interpreters", ((("email", "a@example.org"),),)), ("topic", "T"))

    with saved.begin() as connection:
        save_binding(connection, BOX, EVENT_ID, a_webinar(), NOW, **FACTS | {"refused": nested})
        row = find_binding(connection, EVENT_ID)

    assert row is not None
    assert (row.webinar_id, row.host, row.account, row.state) == (WEBINAR_ID, HOST, ACCOUNT, "bound")
    assert (row.known, row.asked) == (some_fields(), some_fields())
    assert row.refused == (
        ("settings.language_interpretation.interpreters", [[["email", "a@example.org"]]]),
        ("topic", "T"),
    )
    assert (row.known_at, row.origin) == (NOW, "created")


def test_binding_told_again_keeps_what_it_is_not_told(saved: Database) -> None:
    bind(saved)

    with saved.begin() as connection:
        change_binding(connection, EVENT_ID, refused=(("topic", "T"),), planned_revision=3)
        save_binding(connection, BOX, EVENT_ID, a_webinar(topic="Other"), NOW + HOUR, known=(("topic", "Other"),))
        row = find_binding(connection, EVENT_ID)

    assert row is not None
    assert (row.known, row.asked) == ((("topic", "Other"),), some_fields())
    assert (row.refused, row.planned_revision) == ((("topic", "T"),), 3)
    assert row.known_at == NOW + HOUR


def test_binding_is_found_by_webinar_and_by_instance(saved: Database) -> None:
    bind(saved)

    with saved.begin() as connection:
        record_instance(connection, UUID, EVENT_ID)

        assert find_event_of(connection, ACCOUNT, WEBINAR_ID) == EVENT_ID
        assert find_event_of(connection, "another", WEBINAR_ID) is None
        assert find_event_of_instance(connection, UUID) == EVENT_ID
        assert find_event_of_instance(connection, "never held") is None
        assert find_binding(connection, "other") is None


def test_one_webinar_is_never_bound_to_two_events(saved: Database) -> None:
    bind(saved)

    with pytest.raises(TemporaryError):
        bind(saved, "other")


def test_passcode_and_links_of_people_lie_sealed(saved: Database) -> None:
    bind(saved)

    with saved.begin() as connection:
        seat_panelists(connection, BOX, EVENT_ID, [a_panelist()], ours=True, now=NOW)
        rows = repr(connection.execute(select(binding)).one()) + repr(connection.execute(select(seat)).one())

    assert "tidewater" not in rows
    assert "jonas-secret" not in rows


def test_webinar_is_live_between_start_and_end(saved: Database) -> None:
    with saved.begin() as connection:
        record_instance(connection, "planned", EVENT_ID)
        before = is_live(load_held(connection, [EVENT_ID]), START)
        record_instance(connection, UUID, EVENT_ID, started_at=START)
        during = is_live(load_held(connection, [EVENT_ID]), START)
        next_day = is_live(load_held(connection, [EVENT_ID]), START + timedelta(days=1))
        record_instance(connection, UUID, EVENT_ID, ended_at=END)
        after = is_live(load_held(connection, [EVENT_ID]), START)

    assert (before, during, next_day, after) == (False, True, False, False)


def test_panelist_keeps_whose_he_is_and_what_is_known_of_him(saved: Database) -> None:
    by_hand, ours = a_panelist(email="guest@example.org", name="Guest"), a_panelist()

    with saved.begin() as connection:
        seat_panelists(connection, BOX, EVENT_ID, [ours], ours=True, now=NOW)
        seat_panelists(connection, BOX, EVENT_ID, [by_hand, ours], ours=False, now=NOW)
        renamed = a_panelist(name="J. Lindqvist", id=None, join_url=None)
        seat_panelists(connection, BOX, EVENT_ID, [renamed], ours=True, now=NOW)
        seats = load_seats(connection, EVENT_ID)
        row = connection.execute(select(seat).where(seat.c.email == JONAS.email)).one()

    assert [(row.email, row.name, row.ours) for row in seats] == [
        ("guest@example.org", "Guest", False),
        (JONAS.email, "J. Lindqvist", True),
    ]
    assert (row.panelist_id, BOX.unseal(row.join_url)) == (ours.id, ours.join_url)


def test_panelists_are_unseated_one_or_all(saved: Database) -> None:
    three = [a_panelist(email=f"{name}@example.org") for name in "abc"]

    with saved.begin() as connection:
        seat_panelists(connection, BOX, EVENT_ID, three, ours=True, now=NOW)
        unseat(connection, EVENT_ID, "b@example.org")
        left = [row.email for row in load_seats(connection, EVENT_ID)]
        unseat_all(connection, EVENT_ID)
        none = load_seats(connection, EVENT_ID)

    assert (left, none) == (["a@example.org", "c@example.org"], ())


def test_bookings_are_those_that_overlap_with_the_window(saved: Database) -> None:
    with saved.begin() as connection:
        book(connection, "other", ACCOUNT, HOST, START, END)

        def overlapping(start: timedelta, end: timedelta, account: str = ACCOUNT, besides: str = EVENT_ID) -> int:
            return len(load_bookings(connection, account, START + start, START + end, besides=besides))

        assert overlapping(-HOUR, HOUR) == 1
        assert overlapping(-HOUR, timedelta()) == 0
        assert overlapping(END - START, 2 * HOUR) == 0
        assert overlapping(-HOUR, HOUR, account="another") == 0
        assert overlapping(-HOUR, HOUR, besides="other") == 0


def test_event_books_one_host_at_a_time(saved: Database) -> None:
    with saved.begin() as connection:
        book(connection, EVENT_ID, ACCOUNT, HOST, START, END)
        book(connection, EVENT_ID, ACCOUNT, HOST, START + HOUR, END + HOUR)
        (row,) = load_bookings(connection, ACCOUNT, START, END + HOUR, besides="")
        release(connection, EVENT_ID)
        none = load_bookings(connection, ACCOUNT, START, END + HOUR, besides="")

    assert (row.start_at, row.end_at) == (START + HOUR, END + HOUR)
    assert none == ()


def test_two_events_never_book_the_same_time_of_a_host(database: Database) -> None:
    """Eight threads look for a free hour of one host, and book it if they find one."""
    with database.begin() as connection:
        for n in range(8):
            save_event(connection, an_event(id=f"talk-{n}"), NOW)

    def look_and_book(event_id: str) -> None:
        with database.begin() as connection:
            lock_bookings(connection, ACCOUNT)
            if not load_bookings(connection, ACCOUNT, START, END, besides=event_id):
                book(connection, event_id, ACCOUNT, HOST, START, END)

    threads = [threading.Thread(target=look_and_book, args=(f"talk-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as connection:
        assert len(load_bookings(connection, ACCOUNT, START, END, besides="")) == 1


def test_upcoming_webinars_are_counted_by_account(saved: Database) -> None:
    bind(saved)
    bind(saved, "other", id=WEBINAR_ID + 1)

    with saved.begin() as connection:
        before = count_upcoming(connection, ACCOUNT, NOW)
        change_binding(connection, "other", state="cancelled")
        cancelled = count_upcoming(connection, ACCOUNT, NOW)
        begun = count_upcoming(connection, ACCOUNT, START)
        elsewhere = count_upcoming(connection, "another", NOW)

    assert (before, cancelled, begun, elsewhere) == (2, 1, 0, 0)
