"""Recordings that are not where Zoom's cloud has them, or not as they were: local, in own storage, trimmed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import AGENDA, END, EVENT_ID, HOST, a_publication, a_recording, an_attachment, an_event
from tests.integration.operations.reconcile.test_special import alerts
from tests.integration.operations.recordings.test_fetch import ADDRESS, RECORDINGS, held
from tests.integration.operations.recordings.test_half_ready import answer_of
from tests.integration.service import Service
from zoom_ops.access import VISITOR
from zoom_ops.errors import NotFoundError
from zoom_ops.messages import as_said
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.operations.views.alerts import show_alerts
from zoom_ops.operations.views.dashboard import load_dashboard
from zoom_ops.operations.views.events import timeline
from zoom_ops.store.alerts import Alert, list_raised, settle_alerts
from zoom_ops.store.events import save_event
from zoom_ops.store.recordings import save_publication, save_recording

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LINKED = an_attachment(state="available", url="https://video.example.org/tides")
PLACE = "https://key:secret@recordings.example.org/bucket/2040?signature=abc"


def overdue(service: Service, **policy: Any) -> str:
    """Hold an event's webinar under a policy and wait until its recording is overdue; return the alert's sentence."""
    service.zoom.control("POST", "/policy", policy)
    service.add(an_event())
    service.settle()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(record="auto")
    service.settle()
    service.tick()
    service.later(2 * DAY)
    return alerts(service)["recording_missing"]


def answer_with_link(service: Service, link: str, **more: str) -> None:
    """Have Zoom answer with this link wherever a recording has one."""
    files = [file | {"play_url": link} for file in answer_of(service)["recording_files"]]
    answer = answer_of(service) | {"share_url": link, "recording_files": files} | more
    service.zoom.fault(RECORDINGS, "http", status=200, body=answer, times=None)


def test_local_recording_lies_on_the_hosts_computer(service: Service) -> None:
    sentence = overdue(service, settings={"locked": {"auto_recording": "local"}})
    assert f"was recorded on the computer of {HOST}" in sentence
    assert f"zoom-ops events import FILE --id {EVENT_ID}" in sentence


def test_recording_that_the_record_links_is_missing_no_more(service: Service) -> None:
    overdue(service, settings={"locked": {"auto_recording": "local"}})
    service.change(attachments=[AGENDA.model_dump(), LINKED.model_dump()])
    service.settle()
    assert "recording_missing" not in alerts(service)


def test_recording_that_the_record_links_is_never_missing(service: Service) -> None:
    service.zoom.control("POST", "/policy", {"settings": {"locked": {"auto_recording": "local"}}})
    service.add(an_event(attachments=(LINKED,)))
    service.settle()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold(record="auto")
    service.tick()
    service.later(2 * DAY)
    assert "recording_missing" not in alerts(service)


def test_recording_in_own_storage_is_published_with_a_notice(service: Service) -> None:
    service.zoom.control("POST", "/policy", {"recordings": {"external_storage": PLACE}})
    held(service)
    assert service.published() == [ADDRESS]
    sentence = alerts(service)["recording_in_own_storage"]
    assert "at recordings.example.org. Check that its link at Zoom plays them." in sentence
    assert "secret" not in sentence
    assert "signature" not in sentence


def test_recording_in_own_storage_without_a_link_is_not_published(service: Service) -> None:
    held(service, tell=False)
    answer_with_link(service, "", external_storage_addr=PLACE)
    service.clock.advance(31 * MINUTE)
    service.tick()
    service.later(2 * DAY)
    service.tick("watch_events")
    service.settle()
    assert service.published() == []
    assert list(alerts(service)) == ["recording_in_own_storage"]
    assert "Zoom gives no link that plays them" in alerts(service)["recording_in_own_storage"]


def test_trimmed_recording_keeps_its_address_and_is_followed(service: Service) -> None:
    held(service)
    (recording,) = service.zoom.state()["recordings"]
    service.zoom.control("POST", "/recordings/trim", {"uuid": recording["uuid"], "minutes": 60})
    service.clock.advance(31 * MINUTE)
    service.tick("fetch_recordings")
    service.settle()

    (entry,) = service.shown()["recordings"]
    assert (entry["duration_s"], service.published()) == (60 * 60, [ADDRESS])
    told = [line["sentence"] for line in timeline(service.app.database, EVENT_ID)]
    assert any("it had 75 minutes and has 60 now" in sentence for sentence in told)
    assert "recording_withdrawn" not in service.happened()


FOREIGN = "https://zoom.us.evil.example/rec/share/tides?pwd=T1des"


def test_link_that_does_not_lead_to_zoom_is_not_published_but_told(service: Service) -> None:
    held(service, tell=False)
    answer_with_link(service, FOREIGN)
    service.clock.advance(31 * MINUTE)
    service.tick()
    service.later(2 * DAY)
    service.tick("watch_events")
    service.settle()

    assert service.published() == []
    sentence = alerts(service)["recording_link_foreign"]
    assert "leads to zoom.us.evil.example, and not to Zoom" in sentence
    assert "ZOOM_OPS_RECORDING_HOSTS" in sentence
    assert "T1des" not in str(alerts(service))

    service.zoom.control("DELETE", "/faults")
    service.clock.advance(31 * MINUTE)
    service.tick()
    service.settle()
    assert service.published() == [ADDRESS]
    assert "recording_link_foreign" not in alerts(service)


def test_published_recording_loses_its_button_while_its_link_does_not_lead_to_zoom(service: Service) -> None:
    held(service)
    answer_with_link(service, FOREIGN)
    look_again(service)

    assert service.published() == []
    assert "recording_withdrawn" in service.happened()
    assert "leads to zoom.us.evil.example, and not to Zoom" in alerts(service)["recording_link_foreign"]

    service.zoom.control("DELETE", "/faults")
    look_again(service)
    assert service.published() == [ADDRESS]
    assert "recording_link_foreign" not in alerts(service)


def test_recording_that_leads_elsewhere_is_held_where_those_of_many_events_do(service: Service) -> None:
    held(service)
    tell_of_others(service, 10)
    publish_elsewhere(service)
    answer_with_link(service, FOREIGN)
    look_again(service)
    service.tick("watch_service")
    service.settle()

    assert service.published() == [ADDRESS]
    assert "recording_withdrawn" not in service.happened()
    with pytest.raises(NotFoundError):
        service.programme.get_recording_link(EVENT_ID, VISITOR)
    raised = {alert["kind"]: alert["sentence"] for alert in show_alerts(service.context.database)}
    checks = {check.what: check for check in check_installation(service.context)}
    needs = [str(need.message) for need in load_dashboard(service.context, ()).needs]
    assert "none is withdrawn by itself any more" in alerts(service)["recording_link_foreign"]
    assert "The recordings of 11 events" in raised["recordings_lead_elsewhere"]
    assert raised["recordings_lead_elsewhere"] in needs
    assert "play: 2, to zoom.us.evil.example (2)" in checks["recordings"].sentence

    tell_of_others(service, 0)  # the setting is corrected
    service.zoom.control("DELETE", "/faults")
    look_again(service)
    service.tick("watch_service")
    service.settle()
    assert service.published() == [ADDRESS]
    assert show_alerts(service.context.database) == []


def test_operator_may_withdraw_many_recordings_that_lead_elsewhere(service: Service) -> None:
    held(service)
    tell_of_others(service, 10)
    answer_with_link(service, FOREIGN)
    look_again(service)

    service.apply(force=True)
    service.tick("watch_service")
    service.settle()

    assert service.published() == []
    assert "recordings_lead_elsewhere" not in {alert["kind"] for alert in show_alerts(service.context.database)}


def test_recordings_that_led_elsewhere_long_ago_hold_none(service: Service) -> None:
    held(service)
    tell_of_others(service, 10, at=service.clock.now() - 31 * DAY)
    answer_with_link(service, FOREIGN)
    look_again(service)

    assert service.published() == []


def test_recording_that_leads_elsewhere_is_withdrawn_where_those_of_few_events_do(service: Service) -> None:
    held(service)
    tell_of_others(service, 9)
    answer_with_link(service, FOREIGN)
    look_again(service)

    assert service.published() == []


def tell_of_others(service: Service, count: int, at: datetime | None = None) -> None:
    """Let there be alerts for so many other events whose recordings lead elsewhere, as after a narrower setting."""
    with service.context.database.begin() as connection:
        wanted = [
            Alert(kind="recording_link_foreign", subject=f"other-{each}", message=as_said("It does."))
            for each in range(count)
        ]
        settle_alerts(
            connection, wanted, list_raised(connection, ("recording_link_foreign",)), at or service.clock.now()
        )


def publish_elsewhere(service: Service) -> None:
    """Write another event whose published recording leads elsewhere."""
    event, now = an_event(id="other-0"), service.clock.now()
    with service.context.database.begin() as connection:
        save_event(connection, event, now)
        told = a_recording(uuid=event.id, share_url=FOREIGN, files=())
        save_recording(connection, service.context.box, event.id, told, "completed", now)
        save_publication(connection, event.id, a_publication(recording_uuid=event.id))


def look_again(service: Service) -> None:
    """Tell of the recording once more, as Zoom does, so that it is read again."""
    (recording,) = service.zoom.state()["recordings"]
    service.clock.advance(31 * MINUTE)
    service.tell("recording.completed", {"id": recording["id"], "uuid": recording["uuid"], "type": 5})
    service.settle()
