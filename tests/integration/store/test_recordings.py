"""Recordings and publications in the database. Links and passcodes are stored encrypted."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from tests.builders import (
    END,
    EVENT_ID,
    NOW,
    START,
    UUID,
    WEBINAR_ID,
    a_publication,
    a_recording,
    a_recording_file,
    an_event,
)
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.events import save_event
from zoom_ops.store.recordings import (
    load_instances,
    load_publications,
    load_recordings,
    read_recording,
    record_instance,
    save_publication,
    save_recording,
)
from zoom_ops.store.tables import recording

pytestmark = pytest.mark.both_databases

BOX = SecretBox([make_key()])
HOUR = timedelta(hours=1)


def an_event_saved(database: Database, *event_ids: str) -> None:
    with database.begin() as connection:
        for event_id in event_ids or (EVENT_ID,):
            save_event(connection, an_event(id=event_id), NOW)


def test_recording_comes_back_as_zoom_told_it_less_the_download_link(database: Database) -> None:
    an_event_saved(database)
    recorded = a_recording(topic="", files=(a_recording_file(), a_recording_file(id="2", start=None, end=None)))

    with database.begin() as connection:
        save_recording(connection, BOX, EVENT_ID, recorded, "completed", NOW)
    with database.read() as connection:
        (row,) = load_recordings(connection, EVENT_ID)

    kept = a_recording(
        topic="",
        files=(
            a_recording_file(download_url=None),
            a_recording_file(id="2", start=None, end=None, download_url=None),
        ),
    )
    assert read_recording(row, BOX, WEBINAR_ID) == kept
    assert (row.state, row.fetched_at, row.started_at.tzinfo) == ("completed", NOW, UTC)


def test_recording_keeps_its_secrets_sealed(database: Database) -> None:
    an_event_saved(database)

    with database.begin() as connection:
        save_recording(connection, BOX, EVENT_ID, a_recording(), "completed", NOW)
        row = connection.execute(select(recording)).one()

    in_the_clear = repr(row)
    assert not [secret for secret in ("k+Y2w&q!", "encoded-play-passcode", "rec/download") if secret in in_the_clear]


def test_recording_told_again_is_updated(database: Database) -> None:
    an_event_saved(database)
    with database.begin() as connection:
        save_recording(connection, BOX, EVENT_ID, a_recording(share_url=None, files=()), "processing", NOW)

    with database.begin() as connection:
        save_recording(connection, BOX, EVENT_ID, a_recording(), "completed", NOW + HOUR)

    with database.read() as connection:
        (row,) = load_recordings(connection, EVENT_ID)
    assert (row.state, row.fetched_at, len(row.files)) == ("completed", NOW + HOUR, 1)


def test_recordings_come_in_the_order_they_were_held(database: Database) -> None:
    an_event_saved(database)
    with database.begin() as connection:
        for uuid, start in (("unknown", None), ("b", START), ("a", START), ("c", START - HOUR)):
            save_recording(connection, BOX, EVENT_ID, a_recording(uuid=uuid, start=start), "completed", NOW)
            record_instance(connection, uuid, EVENT_ID, started_at=start)

    with database.read() as connection:
        held = [row.uuid for row in load_instances(connection, EVENT_ID)]
        recorded = [row.uuid for row in load_recordings(connection, EVENT_ID)]

    assert held == recorded == ["c", "a", "b", "unknown"]


def test_instance_is_noted_bit_by_bit_and_nothing_known_is_lost(database: Database) -> None:
    an_event_saved(database)

    with database.begin() as connection:
        record_instance(connection, UUID, EVENT_ID, started_at=START)
        record_instance(connection, UUID, EVENT_ID, ended_at=END)
        record_instance(connection, UUID, EVENT_ID)
        record_instance(connection, UUID, EVENT_ID, practice=True)
        (row,) = load_instances(connection, EVENT_ID)

    assert (row.started_at, row.ended_at, row.practice) == (START, END, True)


def test_publications_come_by_event_in_the_order_of_their_parts(database: Database) -> None:
    an_event_saved(database, EVENT_ID, "other", "third")
    second = a_publication(recording_uuid="a-second", part=2, start=None, duration=0)
    elsewhere = a_publication(recording_uuid="elsewhere", start=None, duration=0)

    with database.begin() as connection:
        save_recording(connection, BOX, EVENT_ID, a_recording(), "completed", NOW)
        save_publication(connection, EVENT_ID, second)
        save_publication(connection, EVENT_ID, a_publication())
        save_publication(connection, "other", elsewhere)
        publications = load_publications(connection, [EVENT_ID, "third"])

    assert publications == {EVENT_ID: (a_publication(), second)}


def test_publication_written_again_replaces_itself(database: Database) -> None:
    an_event_saved(database)
    withdrawn = a_publication(state="withdrawn", start=None, duration=0)

    with database.begin() as connection:
        save_publication(connection, EVENT_ID, a_publication())
        save_publication(connection, EVENT_ID, withdrawn)
        publications = load_publications(connection, [EVENT_ID])

    assert publications == {EVENT_ID: (withdrawn,)}
