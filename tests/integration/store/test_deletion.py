"""Deletion of an event with all its rows, and what says that something of it has left the service."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from tests.builders import EVENT_ID, NOW, an_event
from zoom_ops.drafts import Outside
from zoom_ops.engine.runs import Request, Subject, submit
from zoom_ops.messages import as_said
from zoom_ops.messages import runs as say
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.db.connect import Database
from zoom_ops.store.deletion import delete_event, fence_runs, load_outside, take_back
from zoom_ops.store.events import find_records, load_upcoming, record_changes, save_event
from zoom_ops.store.full_text import matching
from zoom_ops.store.tables import alert, delivery, effect, event_change, metadata, run
from zoom_ops.store.webhook_deliveries import post

pytestmark = pytest.mark.both_databases
OTHER = an_event(id="other", name="Deep Water")
EFFECT: dict[str, Any] = {
    "fence": 1, "subject_kind": "event", "subject": EVENT_ID, "digest": "d", "kind": "CreateWebinar", "action": {},
    "began": NOW,
}  # fmt: skip


def change(connection: Connection, event_id: str) -> None:
    record_changes(connection, [{"event_id": event_id, "at": NOW, "what": "imported", "sentence": "Imported."}])


def ring(connection: Connection, event_id: str) -> int:
    return submit(connection, Request(job="create_webinars", subject=Subject(kind="event", id=event_id)), NOW)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with two events; the newest rows are those of the second."""
    with database.begin() as connection:
        for event in (OTHER, an_event()):
            save_event(connection, event, NOW, "unlisted")
            change(connection, event.id)
            raise_alert(
                connection, Alert(kind="event_late", subject=event.id, message=as_said(f"{event.name} is late.")), NOW
            )
            connection.execute(insert(effect).values(**EFFECT, run_id=ring(connection, event.id), state="absent"))
    return database


def test_nothing_of_a_deleted_event_is_left(filled: Database) -> None:
    with filled.begin() as connection:
        fence_runs(connection, EVENT_ID, NOW, say.EVENT_DELETED())
        outside = load_outside(connection, EVENT_ID)
        delete_event(connection, EVENT_ID, NOW)

    with filled.read() as connection:
        counts = {
            name: connection.scalar(select(func.count()).select_from(metadata.tables[name])) for name in metadata.tables
        }
        newest = connection.execute(select(run.c["state", "outcome"]).order_by(run.c.id.desc())).first()
        told = list(connection.execute(select(alert.c["sentence", "cleared_at"]).order_by(alert.c.id)))
        found = load_upcoming(connection, NOW, 9, where=(matching(connection, "Tides"),))
        changed = list(connection.execute(select(event_change.c["id", "event_id"])))
        assert find_records(connection, (EVENT_ID,)) == {}
    assert outside == Outside()
    assert (counts["event"], counts["event_text"], found) == (1, 1, ())
    assert (counts["run"], newest) == (2, ("cancelled", say.EVENT_DELETED()))  # no number is used twice
    assert told == [(as_said("Deep Water is late."), None), (say.EVENT_DELETED(), NOW)]
    assert changed == [(2, "other")]  # whoever has seen change 2 sees the next one


@pytest.mark.parametrize("state", ["intent", "done"])
def test_change_at_zoom_is_outside(filled: Database, state: str) -> None:
    with filled.begin() as connection:
        connection.execute(insert(effect).values(**EFFECT, run_id=ring(connection, EVENT_ID), state=state))

        assert load_outside(connection, EVENT_ID) == Outside(changed=True)
        assert load_outside(connection, "other") == Outside()


def test_message_is_outside_once_it_may_have_been_sent(filled: Database) -> None:
    message = {"id": "msg_1", "webhook": "cms", "kind": "event.created", "event_id": EVENT_ID, "recording_uuid": None}
    with filled.begin() as connection:
        post(connection, [{**message, "at": NOW}])
        waiting = load_outside(connection, EVENT_ID)
        of_webhook = submit(connection, Request(job="tell_others", subject=Subject(kind="webhook", id="cms")), NOW)
        connection.execute(run.update().where(run.c.id == of_webhook).values(started=NOW))
        sending = load_outside(connection, EVENT_ID)
        connection.execute(run.update().where(run.c.id == of_webhook).values(started=None))
        connection.execute(delivery.update().values(attempts=1))
        tried = load_outside(connection, EVENT_ID)
        take_back(connection, EVENT_ID)
        taken_back = connection.scalar(select(func.count()).select_from(delivery))

    assert (waiting, sending, tried) == (Outside(), Outside(told=("cms",)), Outside(told=("cms",)))
    assert taken_back == 0
