"""What holds work up, as it is stored: the service's facts, and the latest runs that did not do their work."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.builders import ACCOUNT, EVENT_ID, HOST
from tests.integration.service import CREATE, Service
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.engine.runs import Subject
from zoom_ops.messages import Step
from zoom_ops.operations.holdups import load_run_facts, load_service_facts
from zoom_ops.stages import RunFacts, ServiceFacts, find_holdup, find_service_holdups
from zoom_ops.store.accounts.stops import Stop, save_stop
from zoom_ops.store.schedules import ScheduleSetting, save_schedule_setting

THE_EVENT = Subject(kind="event", id=EVENT_ID)
THE_HOST = Subject(kind="host", id=f"{ACCOUNT}/{HOST}")


def test_process_that_performs_runs_is_known_by_its_latest_sign_of_life(service: Service) -> None:
    never = _service_facts(service)

    write_heartbeat(service.app.database)
    alive = _service_facts(service)
    service.clock.advance(timedelta(hours=8))
    silent = _service_facts(service)

    assert (never.is_performing, never.heard_at) == (False, None)
    assert (alive.is_performing, silent.is_performing) == (True, False)
    (holdup,) = find_service_holdups(silent)
    assert (holdup.message.code, holdup.message.values) == ("holdups.silent", {"heard": silent.heard_at})


def test_stopped_account_and_paused_job_are_loaded(service: Service) -> None:
    now = service.clock.now()
    stop = Stop(account=ACCOUNT, cause="credentials", sentence="Zoom refuses them.", since=now, fingerprint="1")
    with service.app.database.begin() as connection:
        save_stop(connection, stop)
        save_stop(connection, replace(stop, account="gone"))  # not configured any more
        save_schedule_setting(connection, "create_webinars", ScheduleSetting(paused=True), now)

    facts = _service_facts(service)

    assert [(stop.account, stop.verb) for stop in facts.stops] == [(ACCOUNT, "")]
    assert dict(facts.paused_jobs) == {"create_webinars": ""}


def test_latest_run_of_each_job_that_did_not_do_its_work_is_loaded(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=9)
    service.add()
    service.settle()

    found = _run_facts(service, THE_EVENT, THE_HOST)

    run = found["create_webinars", THE_EVENT]
    assert set(found) == {("create_webinars", THE_EVENT)}
    assert run.state == "failed"
    holdup = find_holdup("create_webinars", ACCOUNT, run, ServiceFacts())
    assert holdup is not None
    assert holdup.message.step == Step("runs.retry", {"run": run.id})


def test_run_that_is_done_after_a_failed_one_holds_up_nothing(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=9)
    service.add()
    service.settle()
    service.zoom.mend()
    service.ask("create_webinars", EVENT_ID)

    assert _run_facts(service, THE_EVENT) == {}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_runs_of_many_subjects_are_found_along_the_index(service: Service) -> None:
    query = (
        "EXPLAIN QUERY PLAN SELECT max(id) FROM run WHERE subject_kind = 'event' AND subject IN ('a', 'b') "
        "GROUP BY subject_kind, subject, job"
    )
    with service.app.database.read() as connection:
        steps = [row[3] for row in connection.execute(text(query))]

    assert _run_facts(service) == {}
    many = [Subject(kind=kind, id=f"event-{n}") for n in range(1_000) for kind in ("event", "record")]
    with service.app.database.read() as connection:  # as SQLite of other builds, or PostgreSQL of more
        driver: Any = connection.connection.driver_connection
        before = driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 1_500)
        assert load_run_facts(connection, many) == {}
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
    assert all("ix_run_subject" in step for step in steps), steps


def _service_facts(service: Service) -> ServiceFacts:
    with service.app.database.read() as connection:
        return load_service_facts(service.context, connection)


def _run_facts(service: Service, *subjects: Subject) -> dict[tuple[str, Subject], RunFacts]:
    with service.app.database.read() as connection:
        return dict(load_run_facts(connection, subjects))
