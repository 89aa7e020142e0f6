"""Old records of finished work are deleted. Open, newest, published and audited ones stay."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, insert, select

from tests.builders import ACCOUNT, EVENT_ID, HOST, NOW, an_event
from tests.integration.service import Service
from zoom_ops.engine.runs import Subject
from zoom_ops.errors import FencedError
from zoom_ops.events import Picture
from zoom_ops.store.retention import prune as prune_by
from zoom_ops.store.retention import rules_of
from zoom_ops.store.tables import (
    alert,
    attempt,
    audit,
    delivery,
    effect,
    event_change,
    host_day,
    notification,
    picture,
    publication,
    refusal,
    run,
    tick,
    zoom_call,
)

pytestmark = pytest.mark.both_databases

JOB = "prune_records"
OLD = NOW - timedelta(days=100)
YOUNG = NOW - timedelta(days=20)


def write(service: Service, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows."""
    with service.app.database.begin() as connection:
        connection.execute(insert(table), list(rows))


def held(service: Service, column: Any, *where: Any) -> list[Any]:
    """List the values of a column."""
    with service.app.database.read() as connection:
        return list(connection.execute(select(column).where(*where).order_by(column)).scalars())


def count(service: Service, table: Table) -> int:
    """Count the rows of a table."""
    with service.app.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def prune(service: Service) -> str:
    """Perform the job. Return its outcome."""
    service.ask(JOB)
    return str(service.run(JOB, "records", kind="service")["outcome"])


def a_run(number: int, at: datetime = OLD, **changes: Any) -> dict[str, Any]:
    """Build the row of a finished run."""
    row = {"attempts": number, "job": "create_webinars", "subject_kind": "event", "subject": EVENT_ID, "state": "done"}
    return {**row, "created": at, "finished": at, "next_at": None, **changes}


def an_effect(number: int, **changes: Any) -> dict[str, Any]:
    """Build the row of an effect that is done."""
    about = {"subject_kind": "event", "subject": EVENT_ID}
    change = {"run_id": 1, "fence": number, "digest": "d", "kind": "CreateWebinar", "action": {}, "state": "done"}
    return {**about, **change, "began": OLD, "resolved": OLD, **changes}


def a_notification(number: int, **changes: Any) -> dict[str, Any]:
    """Build the row of a folded notification."""
    row = {"account": ACCOUNT, "body_hash": f"hash {number}", "kind": "webinar.ended", "event_id": EVENT_ID}
    return {**row, "webinar_id": number, "received_at": OLD, "body": b"", "state": "folded", **changes}


def a_message(name: str, **changes: Any) -> dict[str, Any]:
    """Build the row of a message that was accepted."""
    row = {"webhook": "away", "kind": "event.created", "event_id": EVENT_ID, "recording_uuid": None, "at": OLD}
    return {"id": name, **row, "state": "taken", "next_at": None, **changes}


def test_runs_that_ended_long_ago_go_but_the_newest_of_each_job_and_subject(service: Service) -> None:
    other = {"subject": "deep-water"}
    rows = [
        a_run(1),
        a_run(2, state="failed"),
        a_run(3, YOUNG),
        a_run(4, job="publish_recordings"),
        a_run(5, **other),
        a_run(6, state="cancelled", **other),
        a_run(7, subject_kind="host", subject=HOST),
    ]
    write(service, run, *rows)

    outcome = prune(service)

    assert held(service, run.c.attempts, run.c.job != JOB) == [3, 4, 6, 7]
    assert outcome == "Rows thrown away: run 3."


def test_run_that_is_open_stays_however_old(service: Service) -> None:
    far = NOW + timedelta(days=1)
    write(service, run, a_run(1, state="parked", finished=None), a_run(2, YOUNG))
    write(service, run, a_run(3, state="active", finished=None, subject="x", next_at=far), a_run(4, YOUNG, subject="x"))

    prune(service)

    assert held(service, run.c.attempts, run.c.job != JOB) == [1, 2, 3, 4]


def test_change_that_nobody_saw_the_end_of_stays(service: Service) -> None:
    write(service, effect, an_effect(1, state="intent", resolved=None), an_effect(2), an_effect(3, state="refused"))
    write(service, effect, an_effect(4, began=YOUNG, resolved=YOUNG))

    prune(service)

    assert held(service, effect.c.fence) == [1, 4]


def test_what_attempts_said_goes_when_it_is_old(service: Service) -> None:
    said = {"run_id": 1, "outcome": "retried", "sentence": "Zoom is away.", "first_at": OLD}
    write(service, attempt, *({"number": number, "at": at, **said} for number, at in enumerate((OLD, YOUNG, NOW))))

    prune(service)

    assert held(service, attempt.c.number) == [1, 2]


def test_calls_turns_days_and_alerts_go_when_they_are_old(service: Service) -> None:
    call = {"account": ACCOUNT, "method": "GET", "path": "/users", "status": 200}
    write(service, zoom_call, *({"at": OLD, **call} for _ in range(2)), {"at": NOW, **call})
    turns = [("sweep", OLD), ("sweep", YOUNG), ("paused", OLD)]
    write(service, tick, *({"schedule": name, "fire_time": at, "at": at} for name, at in turns))
    days = [OLD.date().isoformat(), YOUNG.date().isoformat()]
    write(service, host_day, *({"account": ACCOUNT, "host": HOST, "day": day, "used": 1} for day in days))
    stray = {"kind": "webinar_stray", "sentence": "A webinar is stray.", "raised_at": OLD}
    ends = [OLD, None, YOUNG]
    write(service, alert, *({"key": str(place), "cleared_at": end, **stray} for place, end in enumerate(ends)))

    prune(service)

    assert held(service, zoom_call.c.at) == [NOW]
    assert held(service, tick.c.schedule) == ["paused", "sweep"]
    assert held(service, host_day.c.day) == [days[1]]
    assert held(service, alert.c.key) == ["1", "2"]


def test_notifications_go_unless_a_run_may_still_look_into_them(service: Service) -> None:
    waits = {"state": "new", "event_id": "deep-water"}
    write(service, run, a_run(1, state="parked", finished=None, subject="deep-water"))
    write(service, notification, a_notification(1), a_notification(2, state="ignored", event_id=None))
    write(service, notification, a_notification(3, **waits), a_notification(4, received_at=YOUNG))

    prune(service)

    assert held(service, notification.c.webinar_id) == [3, 4]


def test_messages_that_wait_or_tell_of_a_recording_stay(service: Service) -> None:
    service.add()
    waits = {"state": "waiting", "next_at": NOW + timedelta(days=1)}
    write(service, delivery, a_message("taken"), a_message("failed", state="failed"), a_message("waits", **waits))
    write(service, delivery, a_message("recorded", recording_uuid="u"), a_message("young", at=YOUNG))

    prune(service)

    assert held(service, delivery.c.id) == ["recorded", "waits", "young"]


def test_timeline_of_an_event_goes_long_after_the_event(service: Service) -> None:
    service.add()
    line = {"event_id": EVENT_ID, "what": "event_updated", "sentence": "It was changed."}
    write(service, event_change, *({**line, "at": OLD} for _ in range(3)))

    prune(service)
    kept = held(service, event_change.c.what, event_change.c.at == OLD)
    service.clock.advance(timedelta(days=100))
    prune(service)

    assert kept == ["event_updated"] * 3
    assert count(service, event_change) == 1  # the newest stays, so that its number is not reused


def test_what_is_published_and_who_did_what_stay_for_good(service: Service) -> None:
    service.add()
    service.settle()
    webinar = service.shown()["webinar"]
    service.clock.advance(timedelta(days=8))
    service.zoom.hold()
    service.settle()
    (address,) = service.published()
    audited = count(service, audit)

    service.clock.advance(timedelta(days=400))
    outcome = prune(service)

    assert "zoom_call" in outcome
    assert "notification" in outcome
    assert service.published() == [address]
    assert count(service, publication) == 1
    assert service.shown()["webinar"] == webinar
    assert count(service, audit) == audited + 1  # one entry for the request of the job itself
    assert {ended.job for ended in service.runs(subject=Subject(kind="event", id=EVENT_ID))} >= {"create_webinars"}


def test_refusals_of_the_audit_go_and_the_rest_of_it_stays(service: Service) -> None:
    line = {"who": "amara", "how": "session", "subject_kind": "user", "subject": "amara", "detail": {}}
    whats = ("sign_in_refused", "proof_refused", "password_change_refused", "user_changed")
    write(service, audit, *({"at": at, "what": what, **line} for what in whats for at in (OLD, YOUNG)))
    refused = {"kind": "stream", "network": "", "refused": 7}
    write(service, refusal, {"at": NOW - timedelta(hours=3), **refused}, {"at": NOW, **refused})

    outcome = prune(service)

    assert outcome == "Rows thrown away: audit 3, refusal 1."
    assert held(service, audit.c.what, audit.c.at == OLD) == ["user_changed"]
    assert len(held(service, audit.c.what, audit.c.at == YOUNG)) == 4
    assert held(service, refusal.c.at) == [NOW]


def test_pictures_go_that_no_event_shows_now_or_before_its_latest_edit(service: Service) -> None:
    rows = [{"digest": str(n) * 32, "width": 4, "height": 3, "content": b"", "small": b"", "at": OLD} for n in range(5)]
    rows[3]["at"] = YOUNG
    write(service, picture, *rows)
    for shown in (0, 1, 2):
        service.add(an_event(image=Picture(digest=str(shown) * 32)))

    outcome = prune(service)

    assert "picture 1" in outcome
    assert held(service, picture.c.digest) == [str(n) * 32 for n in (1, 2, 3, 4)]  # the last is the newest row


def test_many_rows_go_in_batches(service: Service) -> None:
    call = {"account": ACCOUNT, "method": "GET", "path": "/users", "status": 200, "at": OLD}
    write(service, zoom_call, *(call for _ in range(2_501)))

    outcome = prune(service)

    assert outcome == "Rows thrown away: zoom_call 2500."
    assert count(service, zoom_call) == 1  # the newest stays, so that its number is not reused


def test_whose_run_was_taken_over_throws_nothing_away(service: Service) -> None:
    write(service, notification, a_notification(1), a_notification(2))
    *_, rule = (rule for rule in rules_of(service.context.kept, NOW) if rule.order.table is notification)

    def hold(_connection: Connection) -> None:
        raise FencedError("Run 1 was taken over or cancelled.")

    with pytest.raises(FencedError):
        prune_by(service.app.database, rule, hold)

    assert count(service, notification) == 2
