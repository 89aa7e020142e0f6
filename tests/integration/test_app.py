"""The service wired together: readiness, the engine at work, and one engine at a time."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import BASE_URL, END, EVENT_ID, an_event
from tests.integration.service import MakeService, Service
from tests.waiting import PATIENCE_S, wait_until
from zoom_ops.app import connect, is_ready
from zoom_ops.clock import SystemClock
from zoom_ops.errors import ConfigurationError
from zoom_ops.operations.admin.doctor import remember_key
from zoom_ops.operations.jobs.registry import schedule_of
from zoom_ops.settings import load_settings
from zoom_ops.store.db.connect import Database
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.db.upsert import upsert
from zoom_ops.store.tables import meta


def test_service_is_ready_while_its_engine_is_heard_of(service: Service) -> None:
    before = is_ready(service.app)
    assert service.app.engines.alone_lock.acquire()

    service.app.engines.daemon.start()
    wait_until(lambda: is_ready(service.app)[0], "the first heartbeat")
    service.app.engines.daemon.stop()
    service.clock.advance(END - service.clock.now())

    sentence = "The engine has not been heard of lately: is the daemon running?"
    assert before == (False, sentence)
    assert is_ready(service.app) == (False, sentence)


def test_engine_does_everything_by_itself(service: Service) -> None:
    assert service.app.engines.alone_lock.acquire()
    service.app.engines.daemon.start(schedule_of(job) for job in service.app.jobs.values())

    service.add()
    wait_until(lambda: "panelists_seated" in service.happened(), "everybody seated")
    service.zoom.hold()
    wait_until(service.published, "the recording")

    assert service.published() == [f"{BASE_URL}/events/{EVENT_ID}/recording"]
    assert {run.state for run in service.runs()} <= {"done", "active"}


def test_open_pages_are_rung_when_something_happened(service: Service) -> None:
    rings: list[float] = []
    service.app.change_signal.subscribe(lambda: rings.append(time.monotonic()))

    service.add()
    service.settle()

    assert rings


def test_only_one_service_of_a_database_does_the_work(make_service: MakeService) -> None:
    first, second = make_service(), make_service()

    taken = first.app.engines.alone_lock.acquire(), second.app.engines.alone_lock.acquire()
    first.app.engines.alone_lock.release()

    assert taken == (True, False)
    assert second.app.engines.alone_lock.acquire()


def test_installation_keeps_its_name_and_its_secrets(make_service: MakeService) -> None:
    first = make_service()
    first.add(an_event())
    first.settle()

    second = make_service()

    assert second.context.installation == first.context.installation
    assert second.plan(EVENT_ID).actions == ()
    assert second.context.box.unseal(first.context.box.seal("tidewater")) == "tidewater"


def test_first_starts_at_once_agree(database_url: str, tmp_path: Path) -> None:
    settings = load_settings({"ZOOM_OPS_DATABASE_URL": database_url, "ZOOM_OPS_DATA_DIR": str(tmp_path)}, tmp_path)

    with ThreadPoolExecutor(3) as pool:
        apps = list(pool.map(lambda _: connect(settings, SystemClock()), range(3)))
    sealed = [app.context.box.seal("a word") for app in apps]
    opened = {app.context.box.unseal(word) for app in apps for word in sealed}
    for app in apps:
        app.close()

    assert len({app.context.installation for app in apps}) == 1
    assert opened == {"a word"}


def test_process_with_another_key_does_not_start(make_service: MakeService) -> None:
    make_service(settings={"ZOOM_OPS_SECRET_KEY": make_key()})

    with pytest.raises(ConfigurationError, match="SECRET_KEY does not fit this database"):
        make_service(settings={"ZOOM_OPS_SECRET_KEY": make_key()})


def test_key_is_remembered_once_where_two_first_starts_meet(database: Database) -> None:
    box = SecretBox((make_key(),))

    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            upsert(connection, meta, {"name": "key_check"}, {}, value=(box.seal("zoom_ops") or b"").decode())
            other = pool.submit(remember_key, database, box)
            time.sleep(0.2)  # by now the other thread has looked, found nothing, and waits
        other.result(timeout=PATIENCE_S)

    with database.read() as connection:
        assert len(connection.execute(select(meta).where(meta.c.name == "key_check")).all()) == 1
