"""Confirmation in the console: what it announces before a change at Zoom, and how an operator confirms."""

import re
from datetime import timedelta

import pytest

from tests.builders import AMARA, EVENT_ID, HOST, JONAS, NOW, START, YUSUF, a_note, a_recording, an_attachment, an_event
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import CONFIG, CREATE, MakeService, Service
from tests.integration.web.console.test_console import ask, done, message_after
from tests.web_site import Visitor, confirm, insist
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.operations.views.impact import MOST_PLANNED
from zoom_ops.store.recordings import record_instance, save_recording

NAME = "panelists_invitation_email_notification"


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent to loopback."""
    return make_service(settings=WITHOUT_TLS)


def test_plan_counts_whom_a_cancellation_mails(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    service.cancel(EVENT_ID)

    plan = operator.get("/-/plan").text

    assert "which mails its 2 panelists and whoever has registered." in plan
    assert "This <strong>mails 2 people and whoever has registered for 1 webinar</strong>." in plan


def test_running_a_job_says_first_whom_it_mails(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    creates = f"Creates a webinar on {HOST}, then seats 2 people in it, whom Zoom mails an invitation."

    announced = {
        "one": ask(operator, "/-/jobs/create_webinars/run", event=EVENT_ID),
        "all": ask(operator, "/-/jobs/create_webinars/run", event=""),
        "from the event": ask(operator, f"/-/events/{EVENT_ID}/run", job="create_webinars"),
    }
    untouched = done(service)
    answer = insist(operator, "/-/jobs/create_webinars/run", event=EVENT_ID)
    service.settle()

    assert announced == {"one": [creates], "all": [creates], "from the event": [creates]}
    assert untouched == []
    assert message_after(operator, answer.headers["Location"]) == "“create webinars” was asked for: 1 run."
    assert len(service.zoom.panelists()) == 2


def test_running_a_job_for_very_many_says_that_not_all_were_looked_at(service: Service, operator: Visitor) -> None:
    for number in range(MOST_PLANNED + 2):
        at = START + timedelta(days=number)
        later = {"start": at, "end": at + timedelta(hours=1), "display_times": ()}
        service.write(an_event(id=f"tide-{number}", performers=(AMARA,), **later))

    first, second, *details = ask(operator, "/-/jobs/create_webinars/run", event="")

    assert first == f"Mails at least {MOST_PLANNED} people."
    assert second == "2 more events were not looked at: what is done for them comes on top."
    assert details[-1] == f"And {MOST_PLANNED + 2 - 30} more."


def test_job_that_changes_nothing_outside_is_run_without_a_question(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()

    answers = [operator.post(f"/-/jobs/{job}/run") for job in ("create_webinars", "fetch_recordings", "prune_records")]

    assert [answer.status_code for answer in answers] == [303, 303, 303]


def test_operator_is_asked_again_if_something_else_would_be_done_by_now(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    question = operator.post(f"/-/events/{EVENT_ID}/run", data={"job": "create_webinars"}).text
    (digest,) = re.findall(r'name="seen" value="(\w+)"', question)
    service.change(EVENT_ID, performers=(AMARA, JONAS))

    again = operator.post(f"/-/events/{EVENT_ID}/run", data={"job": "create_webinars", "seen": digest})

    assert again.status_code == 200
    assert "then seats 2 people in it" in again.text


def test_opening_the_question_cancels_nothing(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    cancel = f"/-/events/{EVENT_ID}/cancel"
    (digest,) = re.findall(r'name="seen" value="(\w+)"', operator.get(cancel).text)

    again = operator.request("GET", cancel, data={"seen": digest})

    assert again.status_code == 200
    assert service.event().status == "scheduled"


def test_cancelling_asks_again_if_more_people_would_hear_of_it_by_now(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    cancel = f"/-/events/{EVENT_ID}/cancel"
    question = operator.get(cancel).text
    (digest,) = re.findall(r'name="seen" value="(\w+)"', question)
    service.settle()

    again = operator.post(cancel, data={"seen": digest}).text
    kept = service.event().status
    (digest,) = re.findall(r'name="seen" value="(\w+)"', again)
    answer = operator.post(cancel, data={"seen": digest})

    assert "nobody is mailed" in question
    assert "which mails its panelist and whoever has registered." in again
    assert kept == "scheduled"
    assert message_after(operator, answer.headers["Location"]) == "The event is cancelled."
    assert service.event().status == "cancelled"


def test_approving_a_note_says_first_what_follows(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,), needs_review=(a_note(field="start"),)))
    service.settle()
    approve = f"/-/events/{EVENT_ID}/approve"

    announced = ask(operator, approve, field="start", back="/-/review")
    before = len(service.zoom.webinars())
    answer = insist(operator, approve, field="start", back="/-/review")
    service.settle()

    assert announced == [
        "Everybody sees the event.",
        f"Creates a webinar on {HOST}, then seats 1 person in it, whom Zoom mails an invitation.",
    ]
    assert before == 0
    assert answer.headers["Location"] == "/-/review"
    assert len(service.zoom.webinars()) == 1


def test_profile_that_lets_nobody_be_invited_is_believed(make_service: MakeService) -> None:
    default = (CONFIG / "profiles" / "default.toml").read_text("utf-8")
    service = make_service(
        settings=WITHOUT_TLS, profiles={"quiet": default.replace(f"{NAME} = true", f"{NAME} = false")}
    )
    service.add(an_event(performers=(AMARA,), profile="quiet"))

    with visit_pages(service) as served:
        announced = ask(sign_in(service, served.visitor, "operator"), "/-/jobs/create_webinars/run", event=EVENT_ID)

    assert announced == [f"Creates a webinar on {HOST}, then seats 1 person in it. Nobody is mailed."]


def test_address_is_added_where_today_says_that_it_lacks(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(YUSUF,)))
    service.settle()
    address = f"/-/events/{EVENT_ID}/address"
    fields = {"name": YUSUF.name, "organization": f"{YUSUF.organization}"}

    page = operator.get(f"/-/events/{EVENT_ID}").text
    wrong = operator.post(address, data=fields | {"email": "no address"})
    answer = insist(operator, address, **fields, email="yusuf.demir@example.org")
    service.settle()

    assert f'action="{address}"' in page
    assert wrong.status_code == 400
    assert answer.headers["Location"] == f"/-/events/{EVENT_ID}#people"
    assert service.zoom.panelists() == ["yusuf.demir@example.org"]
    assert f'action="{address}"' not in operator.get(f"/-/events/{EVENT_ID}").text


def test_approving_a_recording_says_first_who_may_watch(service: Service, operator: Visitor) -> None:
    service.add(an_event(attachments=(an_attachment(visibility="members"),), consent="ask"))
    service.settle()
    service.zoom.hold()
    service.settle()

    write_heartbeat(service.app.database)  # or the plan says that no process performs runs
    announced = ask(operator, f"/-/events/{EVENT_ID}/approve", field="recording")
    page = operator.get(f"/-/events/{EVENT_ID}").text

    assert announced == ["Shows “Recording” to members at the event record."]
    assert "The recording waits for approval. Then members may watch." in page
    assert "Nothing can be done before what stands above is settled." in page  # and no empty plan
    today = operator.get("/-/").text
    assert f'href="/-/events/{EVENT_ID}#review"' in today
    assert '<span class="kind">Recording</span>' in today


def test_what_may_be_a_practice_session_is_approved_at_its_event(service: Service, operator: Visitor) -> None:
    start = service.clock.now() + timedelta(hours=2)
    soon = {"start": start, "end": start + timedelta(hours=1), "display_times": ()}
    service.add(an_event(attachments=(an_attachment(),), **soon))
    service.settle()
    service.clock.advance(timedelta(hours=4))
    early = a_recording(start=start - timedelta(hours=1), duration=30)
    with service.app.database.begin() as connection:
        save_recording(connection, service.app.context.box, EVENT_ID, early, "completed", service.clock.now())

    queue, page = operator.get("/-/review").text, operator.get(f"/-/events/{EVENT_ID}").text
    announced = ask(operator, f"/-/events/{EVENT_ID}/approve", field="practice")
    insist(operator, f"/-/events/{EVENT_ID}/approve", field="practice")
    service.settle()

    for shown in (queue, page):
        assert "(30 min), before the event (" in shown
        assert "Zoom has not said whether it was a practice session." in shown
        assert 'name="field" value="practice"' in shown
    assert "Nothing waits for a decision." in operator.get("/-/review").text
    assert announced == ["Shows “Recording” to everybody at the event record."]
    assert len(service.published()) == 1


def test_adopting_a_webinar_says_first_whom_it_mails(service: Service, operator: Visitor) -> None:
    service.zoom.fault(CREATE, "http", status=400)
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    service.zoom.mend()
    by_hand = {"topic": "By hand", "type": 5, "start_time": "2040-01-31T13:30:00Z"}
    existing = service.zoom.call("POST", f"/users/{HOST}/webinars", by_hand)
    adopt = f"/-/events/{EVENT_ID}/adopt"

    announced = ask(operator, adopt, webinar=str(existing["id"]))
    untouched = service.zoom.panelists()
    insist(operator, adopt, webinar=str(existing["id"]))
    service.settle()

    assert announced == [
        f"Changes webinar {existing['id']} at Zoom to what the event says.",
        "Seats those of 2 people who do not sit in it yet, whom Zoom mails an invitation.",
    ]
    assert untouched == []
    assert len(service.zoom.panelists()) == 2


def test_ringing_a_notification_again_says_first_what_its_jobs_would_do(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    number = service.zoom.webinar()["id"]
    service.tell("webinar.updated", {"id": number, "type": 5})
    service.settle()
    service.change(EVENT_ID, name="Tides of Today")

    announced = ask(operator, "/-/notifications/1/replay")

    assert announced == [f"Changes webinar {number} at Zoom: title."]


def test_ringing_asks_also_for_an_event_that_came_after_its_notification(service: Service, operator: Visitor) -> None:
    by_hand = {"topic": "By hand", "type": 5, "start_time": "2040-01-31T13:30:00Z"}
    number = service.zoom.call("POST", f"/users/{HOST}/webinars", by_hand)["id"]
    service.tell("webinar.updated", {"id": number, "type": 5})
    service.settle()
    service.write(an_event())
    service.adopt(number)

    (announced,) = ask(operator, "/-/notifications/1/replay")

    assert announced.startswith(f"Changes webinar {number} at Zoom: ")


def test_all_notifications_that_match_are_rung_again_with_one_preview(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    number = service.zoom.webinar()["id"]
    for webinar in (number, number, 81_111_111_111):
        service.tell("webinar.updated", {"id": webinar, "type": 5})
        service.settle()
    service.change(EVENT_ID, name="Tides of Today")

    page = operator.get("/-/notifications?account=main").text
    whole = operator.get("/-/notifications").text
    question = operator.post("/-/notifications/replay", data={"account": "main"}).text
    answer = confirm(operator, "/-/notifications/replay", question)
    after = operator.get(answer.headers["Location"]).text
    service.settle()

    button = 'action="/-/notifications/replay"'
    assert (button in page, button in whole) == (True, False)
    assert f"Changes webinar {number} at Zoom: title." in question
    assert "Rings create webinars for Tides of Today once more." in question
    assert "1 more is of no event here: nothing is rung for that." in question
    assert answer.headers["Location"] == "/-/notifications?account=main"
    assert re.search(r"The jobs of \d+ notifications run again\.", after)
    assert service.zoom.webinar()["topic"] == "Tides of Today"


def test_moving_an_event_says_first_what_it_does_and_whom_it_mails(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    number = service.zoom.webinar()["id"]
    page = f"/-/events/{EVENT_ID}/move"

    announced = ask(operator, page, to="2040-02-01 10:00")
    before = service.event().start
    insist(operator, page, to="2040-02-01 10:00")
    refused = operator.post(page, data={"to": "2040-03-11 02:30"})

    assert announced[1].startswith(f"Changes webinar {number} at Zoom: start. Zoom tells no panelist of a move:")
    assert announced[0].startswith("Moves “Tides of Tomorrow” from 2040-01-31 08:30-09:45 to 2040-02-01 10:00-11:15")
    assert before == START
    assert service.event().start - START == timedelta(days=1, hours=1, minutes=30)
    assert (refused.status_code, "does not exist in America/New_York" in refused.text) == (400, True)
    assert f'<a href="/-/events/{EVENT_ID}">Go back</a>' in refused.text
    assert 'name="to"' in operator.get(f"/-/events/{EVENT_ID}").text


def test_event_that_was_held_is_not_cancelled_in_the_console(service: Service, operator: Visitor) -> None:
    start = NOW - timedelta(hours=3)
    service.write(an_event(start=start, end=start + timedelta(hours=1), display_times=()))
    with service.app.database.begin() as connection:
        record_instance(connection, "held==", EVENT_ID, started_at=start)

    answers = [operator.get(f"/-/events/{EVENT_ID}/cancel"), operator.post(f"/-/events/{EVENT_ID}/cancel")]

    for answer in answers:
        assert answer.status_code == 409
        assert "It was held on 2040-01-" in answer.text
    assert service.event().status == "scheduled"
