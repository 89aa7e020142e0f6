"""The address book, Zoom's notifications, and the calls of a run in the database."""

from typing import Any

import pytest

from tests.builders import ACCOUNT, EVENT_ID, JONAS, NOW, WEBINAR_ID
from zoom_ops.store.address_book import ContactRow, load_contacts, save_contact
from zoom_ops.store.db.connect import Database
from zoom_ops.store.notifications import load_new, mark_folded, store_notifications
from zoom_ops.store.zoom_calls import load_calls, record_call

pytestmark = pytest.mark.both_databases


def a_contact(**changes: Any) -> ContactRow:
    contact = {"name": JONAS.name, "name_key": "jonas lindqvist", "organization": JONAS.organization,
               "email": JONAS.email}  # fmt: skip
    return ContactRow(**contact | changes)


def a_notification(**changes: Any) -> dict[str, Any]:
    notification = {
        "account": ACCOUNT,
        "request_id": "request-1",
        "body_hash": "hash-1",
        "kind": "recording.completed",
        "webinar_id": WEBINAR_ID,
        "event_id": EVENT_ID,
        "received_at": NOW,
        "body": b"sealed",
        "state": "new",
    }
    return notification | changes


def test_contact_is_known_by_the_address(database: Database) -> None:
    moved = a_contact(organization="Tidal Works, Ltd.")

    with database.begin() as connection:
        became = [save_contact(connection, contact, NOW) for contact in (a_contact(), a_contact(), moved, moved)]
        book = load_contacts(connection)

    assert became == ["created", "unchanged", "updated", "unchanged"]
    assert book == (moved,)


def test_contacts_are_found_by_how_their_names_compare(database: Database) -> None:
    namesake = a_contact(email="j.lindqvist@example.org", organization=None)
    another = a_contact(name="Ann Bell", name_key="ann bell", email="ann.bell@example.org")

    with database.begin() as connection:
        for contact in (a_contact(), another, namesake):
            save_contact(connection, contact, NOW)

        assert load_contacts(connection) == (another, namesake, a_contact())
        assert load_contacts(connection, ("jonas lindqvist",)) == (namesake, a_contact())
        assert load_contacts(connection, ()) == ()


def test_notification_is_stored_once(database: Database) -> None:
    deliveries = [
        a_notification(),
        a_notification(),
        a_notification(body_hash="hash-2"),  # the same request again
        a_notification(request_id="request-2"),  # the same body again
        a_notification(account="another"),
        a_notification(request_id=None, body_hash="hash-3"),
        a_notification(request_id=None, body_hash="hash-4"),
    ]

    with database.begin() as connection:
        stored = [store_notifications(connection, [delivery])[0] for delivery in deliveries]

    assert stored == [True, False, False, False, True, True, True]


def test_notification_is_new_until_it_is_folded(database: Database) -> None:
    with database.begin() as connection:
        for n, kind in enumerate(["recording.completed", "webinar.ended", "recording.completed"]):
            store_notifications(connection, [a_notification(request_id=None, body_hash=f"hash-{n}", kind=kind)])
        first, second = load_new(connection, EVENT_ID, ["recording.completed"])
        mark_folded(connection, [first.id])

        assert [row.id for row in load_new(connection, EVENT_ID, ["recording.completed"])] == [second.id]
        assert load_new(connection, "other", ["recording.completed"]) == ()


def test_calls_of_a_run_are_told_in_order(database: Database) -> None:
    call = {"account": ACCOUNT, "at": NOW, "method": "GET", "path": "/webinars/1", "status": 200, "tracking_id": "T"}

    with database.begin() as connection:
        record_call(connection, 7, call)
        record_call(connection, 8, call)
        record_call(connection, None, call)
        record_call(connection, 7, call | {"method": "PATCH", "status": None})
        calls = load_calls(connection, 7)

    assert [(row.method, row.status, row.at) for row in calls] == [("GET", 200, NOW), ("PATCH", None, NOW)]
