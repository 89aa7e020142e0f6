"""The watch over all events: what is late or stuck is an alert with its next action, and doing that ends it."""

from datetime import timedelta
from typing import Any

from tests.builders import ACCOUNT, AMARA, AN_OPERATOR, END, EVENT_ID, HOST, NOW, START, an_event
from tests.integration.service import CREATE, Service
from zoom_ops.operations.jobs.requests import retry_run
from zoom_ops.operations.stages.facts import load_stages
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts
from zoom_ops.stages import Stage

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SOON = {"start": NOW + HOUR, "end": NOW + 2 * HOUR}


def watch(service: Service) -> dict[str, Any]:
    """Watch once; return the open alerts by kind and subject."""
    service.tick("watch_events")
    service.settle()
    return {f"{alert['kind']} {alert['subject']}": alert for alert in show_alerts(service.context.database)}


def stages(service: Service) -> dict[str, Stage]:
    return {stage.name: stage for stage in load_stages(service.context, EVENT_ID)}


def test_refused_webinar_an_hour_before_its_event_is_critical_and_retrying_it_ends_the_alert(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=1)
    service.add(an_event(**SOON))
    service.settle()

    alerts = watch(service)
    (run,) = [run for run in service.runs() if run.job == "create_webinars"]

    assert list(alerts) == [f"webinar_late {EVENT_ID}"]
    alert = alerts[f"webinar_late {EVENT_ID}"]
    assert (alert["severity"], "Not so." in alert["sentence"]) == ("critical", True)
    assert f"zoom-ops runs retry {run.id}" in alert["sentence"]

    retry_run(service.context, run.id, AN_OPERATOR)
    service.settle()

    assert watch(service) == {}


def test_events_that_fail_for_one_cause_share_it(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=None)
    starts = [NOW + number * 3 * HOUR for number in (1, 2, 3)]  # one after another, so that the host is free for each
    service.add(*(an_event(id=f"talk-{at:%H}", start=at, end=at + HOUR, display_times=()) for at in starts))
    service.settle()
    watch(service)

    alerts = show_alerts(service.context.database)

    assert len(alerts) == 3
    assert len({alert["cause"] for alert in alerts}) == 1


def test_unknown_profile_is_told_at_once(service: Service) -> None:
    service.write(an_event(profile="lectuer"))  # its file was taken away afterwards

    (alert,) = watch(service).values()

    assert alert["kind"] == "record_incomplete"
    assert "wants the profile 'lectuer'; there are" in alert["sentence"]
    assert stages(service)["webinar"].state == "ahead"


def test_speaker_without_an_address_is_told_a_day_before_and_the_address_ends_it(service: Service) -> None:
    service.add(an_event(performers=(AMARA.model_copy(update={"email": None}),)))
    service.settle()
    early = watch(service)
    service.clock.advance(START - 20 * HOUR - service.clock.now())
    late = watch(service)

    service.introduce((AMARA.name, "amara@example.org"))
    service.settle()

    assert (early, list(late)) == ({}, [f"speakers_late {EVENT_ID}"])
    assert watch(service) == {}


def test_webinar_that_has_not_begun_is_told_until_it_begins(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START + 11 * MINUTE - service.clock.now())

    late, unwell = watch(service), service.plan()
    began = (START + 11 * MINUTE).isoformat()
    service.tell(
        "webinar.started", {"id": service.zoom.webinar()["id"], "uuid": "live==", "type": 5, "start_time": began}
    )
    service.settle()

    assert late[f"not_started {EVENT_ID}"]["severity"] == "critical"
    assert [sentence for _, sentence in unwell.late] == [late[f"not_started {EVENT_ID}"]["sentence"]]
    assert (unwell.actions, unwell.is_idle) == ((), False)  # nothing is as it should be while a stage is late
    assert watch(service) == {}
    assert stages(service)["started"].state == "done"


def test_run_for_a_host_that_failed_is_told_until_it_is_done(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(END + HOUR - service.clock.now())
    service.zoom.fault("GET /users/*/recordings", "http", status=400, code=300, message="Not so.", times=1)
    service.tick("fetch_recordings")
    service.settle()

    late = watch(service)
    (run,) = [run for run in service.runs() if run.job == "fetch_recordings" and run.subject.kind == "host"]
    retry_run(service.context, run.id, AN_OPERATOR)
    service.settle()

    assert f"run_failed host {ACCOUNT}/{HOST}" in late
    assert f"run_failed host {ACCOUNT}/{HOST}" not in watch(service)


def test_dismissed_alert_stays_away_until_its_cause_was_over_once(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=None)
    service.add(an_event(**SOON))
    service.settle()
    (alert,) = watch(service).values()

    dismiss_alert(service.context.database, alert["id"], AN_OPERATOR)
    stays = watch(service)
    service.zoom.mend()
    service.ask("create_webinars", EVENT_ID)
    over = watch(service)
    service.clock.advance(SOON["start"] + 11 * MINUTE - service.clock.now())

    assert (stays, over) == ({}, {})
    assert list(watch(service)) == [f"not_started {EVENT_ID}"]


def test_watch_writes_nothing_where_all_is_said(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.", times=None)
    service.add(an_event(**SOON))
    service.settle()
    first = watch(service)

    assert watch(service) == first


def test_event_goes_through_all_its_stages(service: Service) -> None:
    service.add()
    states = [{name: stage.state for name, stage in stages(service).items()}]
    service.settle()
    states.append({name: stage.state for name, stage in stages(service).items()})
    service.clock.advance(END + MINUTE - service.clock.now())
    service.zoom.hold()
    service.settle()
    states.append({name: stage.state for name, stage in stages(service).items()})

    before = ["record", "webinar", "speakers", "settings"]
    assert states[0] == dict.fromkeys(states[0], "ahead") | {
        "record": "done",
        "webinar": "waits",
    }  # no process has performed runs
    assert states[1] == dict.fromkeys(states[1], "ahead") | dict.fromkeys(before, "done")
    assert set(states[2].values()) == {"done"}
    assert watch(service) == {}
