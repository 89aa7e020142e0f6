"""The console over HTTP, with a real service behind it: what an operator sees, decides and repairs."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.builders import (
    ACCOUNT,
    AMARA,
    AN_OPERATOR,
    END,
    EVENT_ID,
    HOST,
    START,
    YUSUF,
    a_note,
    a_recording,
    an_attachment,
    an_event,
)
from tests.integration.served import WITHOUT_TLS, sign_in, visit_pages
from tests.integration.service import CREATE, MakeService, Service
from tests.web_site import PASSWORD, Visitor, insist
from zoom_ops.messages import as_said
from zoom_ops.operations.admin.accounts import pause_account
from zoom_ops.operations.events.decisions import withhold_recording
from zoom_ops.planning import zoom_time
from zoom_ops.store.alerts import Alert, raise_alert
from zoom_ops.store.audit import Actor, iter_audit, record_audit
from zoom_ops.store.event_queries import list_unapproved
from zoom_ops.store.recordings import save_recording
from zoom_ops.store.refusals import add_refusals
from zoom_ops.store.webinars import change_binding, find_binding

PAGES = (
    "/-/", "/-/events", "/-/plan", "/-/review", "/-/runs", "/-/jobs", "/-/people", "/-/hosts", "/-/alerts",
    "/-/hosts/calendar", "/-/figures", "/-/notifications", "/-/homes", "/-/webhooks", "/-/audit", "/-/settings",
)  # fmt: skip
NEVER_EMPTY = ("/-/jobs", "/-/hosts", "/-/audit", "/-/settings")


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent to loopback."""
    return make_service(settings=WITHOUT_TLS)


def message_after(visitor: Visitor, address: str) -> str:
    """Return the message at the address to which an action leads."""
    message = re.search(r'<p class="said" role="status">(.*?)</p>', visitor.get(address).text)
    return message.group(1) if message else ""


def ask(visitor: Visitor, address: str, **fields: str) -> list[str]:
    """Ask for a change. Return what the console announces before it makes the change."""
    answer = visitor.post(address, data=fields)
    announced = re.search(r'<ul class="told">(.*?)</ul>', answer.text, re.DOTALL)
    assert announced, answer.text
    text = re.sub(r"</?time[^>]*>", "", announced.group(1))
    return [unescape(sentence) for sentence in re.findall("<li>(.*?)</li>", text)]


def done(service: Service) -> list[str]:
    """List what the operator did after signing in, by the audit."""
    with service.app.database.read() as connection:
        audited = [line for line in iter_audit(connection) if line.who == "operator" and line.what != "signed_in"]
    return [f"{line.what} {line.subject} by {line.who}" for line in audited]


@pytest.mark.parametrize("page", PAGES)
def test_console_is_for_operators_only(service: Service, page: str) -> None:
    with visit_pages(service) as served:
        as_visitor = served.visitor.get(page)
        as_member = sign_in(service, served.visitor, "member").get(page)

    assert (as_visitor.status_code, as_visitor.headers["Location"].partition("=")[0]) == (303, "/sign-in?next")
    assert as_member.status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_page_of_an_empty_service_says_that_there_is_nothing(operator: Visitor, page: str) -> None:
    answer = operator.get(page)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert ('class="none"' in answer.text) is (page not in NEVER_EMPTY) or page == "/-/hosts"


def test_today_says_what_is_live_what_is_next_and_who_is_needed(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA, YUSUF), needs_review=(a_note(),)))
    service.settle()
    number = service.zoom.webinar()["id"]
    began = f"{service.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    service.tell("webinar.started", {"id": number, "uuid": "live==", "type": 5, "start_time": began})

    quiet = operator.get("/-/").text
    with service.app.database.begin() as connection:
        add_refusals(connection, {("sign_in_wrong", "192.0.2.7"): 120}, service.app.database.now(connection))
    page = operator.get("/-/").text

    assert "Refused:" not in quiet
    assert "Refused: Within the last hour sign-ins 120; many of them to 192.0.2.7. <a href" in page
    assert f"webinar {number} on" in page
    assert "1 note waits for a decision." in page
    assert "1 person has no e-mail address, so cannot be seated." in page
    assert f'href="/-/events/{EVENT_ID}#review"' in page


def test_failed_run_is_shown_until_a_later_one_takes_its_place(service: Service, operator: Visitor) -> None:
    service.zoom.fault("POST /users/*/webinars", "http", status=400)
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    (failed,) = service.runs(states=("failed",))

    before = operator.get("/-/").text
    answer = insist(operator, f"/-/runs/{failed.id}/retry")
    service.settle()

    assert f"/-/runs/{failed.id}" in before
    assert (
        message_after(operator, answer.headers["Location"]) == "Tried again: create webinars for “Tides of Tomorrow”."
    )
    assert f"/-/runs/{failed.id}" not in operator.get("/-/").text
    assert len(service.zoom.webinars()) == 1
    assert done(service) == [f"run_retried {failed.id} by operator"]


def test_event_shows_its_whole_life(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,), attachments=(an_attachment(),)))
    service.settle()
    service.zoom.hold()
    service.settle()

    page = operator.get(f"/-/events/{EVENT_ID}").text

    for what in ("event added", "webinar created", "panelists seated", "recording published"):
        assert f"<strong>{what}</strong>" in page, what
    assert "Published as “Recording” for everybody." in page
    assert str(service.zoom.webinar()["id"]) in page
    assert "register_panelists" in page


def test_recording_is_withdrawn_and_published_again_by_an_operators_word(service: Service, operator: Visitor) -> None:
    service.add(an_event(attachments=(an_attachment(),)))
    service.settle()
    service.zoom.hold()
    service.settle()
    (uuid,) = [entry["uuid"] for entry in service.shown()["recordings"]]
    what = {"event": EVENT_ID, "recording": uuid}

    announced = ask(operator, "/-/review/withhold", **what)
    insist(operator, "/-/review/withhold", **what)
    service.settle()
    withdrawn = service.published()
    service.tick()
    service.settle()
    still = service.published()
    announced += ask(operator, "/-/review/release", **what)
    insist(operator, "/-/review/release", **what)
    service.settle()

    assert announced == [
        "Takes “Recording” back from the event record: nobody may watch it there any more.",
        "Shows “Recording” to everybody at the event record.",
    ]
    assert (withdrawn, still) == ([], [])
    assert len(service.published()) == 1
    assert done(service) == [f"recording_withheld {EVENT_ID} by operator", f"recording_released {EVENT_ID} by operator"]


def test_cancelling_says_first_whom_it_mails(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()
    number = service.zoom.webinar()["id"]

    question = operator.get(f"/-/events/{EVENT_ID}/cancel").text
    before = len(service.zoom.webinars())
    insist(operator, f"/-/events/{EVENT_ID}/cancel")
    service.settle()

    assert f"Deletes webinar {number} at Zoom, which mails its panelist and whoever has registered." in question
    assert (before, len(service.zoom.webinars())) == (1, 0)
    assert done(service) == [f"event_cancelled {EVENT_ID} by operator"]


def test_plan_is_applied_only_as_it_was_seen(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    plan = operator.get("/-/plan").text
    digest = re.search(r'name="digest" value="(\w+)"', plan)
    assert digest, plan

    stale = operator.post("/-/plan", data={"digest": "0" * 16, "event": ""})
    applied = operator.post("/-/plan", data={"digest": digest.group(1), "event": ""})
    service.settle()

    assert f"Creates a webinar on {HOST}, then seats 1 person in it, whom Zoom mails an invitation." in plan
    assert "This <strong>mails 1 person</strong>." in plan
    assert (stale.status_code, applied.status_code) == (409, 303)
    assert "look at it again" in stale.text
    assert len(service.zoom.webinars()) == 1


def test_plan_of_a_paused_account_says_that_nothing_is_carried_out(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    service.plan()
    pause_account(service.context, ACCOUNT, "Zoom moves us.", AN_OPERATOR)
    digest = re.search(r'name="digest" value="(\w+)"', operator.get("/-/plan").text)
    assert digest

    applied = operator.post("/-/plan", data={"digest": digest.group(1), "event": ""})

    said = message_after(operator, applied.headers["Location"])
    assert said == "Nothing is carried out now: 1 action waits until the account works again."


def test_review_queue_holds_notes_and_recordings_until_they_are_approved(
    make_service: MakeService, service: Service, operator: Visitor
) -> None:
    note = a_note(field="recording", text="Some are for members", reason="Which ones is not said.")
    service.add(an_event(attachments=(an_attachment(),), needs_review=(note,)))
    service.settle()
    service.zoom.hold()
    service.settle()

    queue = operator.get("/-/review").text
    announced = ask(operator, f"/-/events/{EVENT_ID}/approve", field="recording", back="/-/review")
    insist(operator, f"/-/events/{EVENT_ID}/approve", field="recording", back="/-/review")
    service.settle()

    assert announced == ["Shows “Recording” to everybody at the event record."]
    assert "Some are for members" in queue
    assert "1 recording waits for approval" in queue
    assert len(service.published()) == 1
    assert "Nothing waits for a decision." in operator.get("/-/review").text


def test_recording_is_watched_before_it_is_approved_and_may_be_refused(service: Service, operator: Visitor) -> None:
    service.add(an_event(attachments=(an_attachment(),), consent="ask"))
    service.settle()
    service.zoom.hold()
    service.settle()
    queue = operator.get("/-/review").text
    (uuid,) = re.findall(r'name="recording" value="([^"]+)"', queue)
    (way,) = re.findall(r'href="(/-/review/watch[^"]+)"', queue)

    watched = operator.get(unescape(way))
    elsewhere = operator.get("/-/review/watch", params={"event": "no-such-event", "recording": unescape(uuid)})
    operator.post("/-/review/withhold", data={"event": EVENT_ID, "recording": unescape(uuid), "back": "/-/review"})
    service.settle()

    assert "1 recording waits for approval; then everybody may watch." in queue
    assert watched.status_code == 303
    assert "/rec/share/" in watched.headers["Location"]
    assert "no-store" in watched.headers["Cache-Control"]
    assert elsewhere.status_code == 404
    assert "Nothing waits for a decision." in operator.get("/-/review").text
    assert service.published() == []


def test_recording_that_asks_for_a_passcode_shows_it_to_who_reviews(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    typed = a_recording(share_url="https://zoom.example.org/rec/share/tides", passcode="T1des!", play_passcode=None)
    with service.app.database.begin() as connection:
        save_recording(connection, service.app.context.box, EVENT_ID, typed, "completed", service.clock.now())

    page = operator.get("/-/review/watch", params={"event": EVENT_ID, "recording": typed.uuid}).text

    assert "<code>T1des!</code>" in page
    assert 'href="https://zoom.example.org/rec/share/tides"' in page


@pytest.mark.parametrize(
    ("page", "status"),
    [("/-/events/no-such-event", 404), ("/-/runs/999999", 404), ("/-/runs/x", 404)],
)
def test_what_is_not_there_is_said_in_the_console(operator: Visitor, page: str, status: int) -> None:
    answer = operator.get(page)

    assert answer.status_code == status
    assert "There is nothing here" in answer.text


def test_deed_from_another_site_is_refused(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    answer = operator.post(f"/-/events/{EVENT_ID}/cancel", headers={"Origin": "https://elsewhere.example.org"})

    assert answer.status_code == 403
    assert service.event().status == "scheduled"


def test_job_that_is_paused_has_no_turns_until_it_is_resumed(service: Service, operator: Visitor) -> None:
    service.write(an_event())

    operator.post("/-/jobs/create_webinars/pause", {"note": "Zoom moves our account."})
    paused = service.tick("create_webinars")
    page, today = operator.get("/-/jobs").text, operator.get("/-/").text
    operator.post("/-/jobs/create_webinars/resume")
    resumed = service.tick("create_webinars")

    assert (paused, resumed) == (0, 1)
    assert "otherwise every 5 minutes" in page
    assert "Zoom moves our account." in page
    assert "“<bdi>Zoom moves our account</bdi>”." in today
    assert 'href="/-/jobs#job-create_webinars"' in today
    assert "#job-create_webinars" not in operator.get("/-/").text
    assert done(service) == ["job_paused create_webinars by operator", "job_resumed create_webinars by operator"]


def test_account_is_paused_with_a_note_that_everybody_sees(service: Service, operator: Visitor) -> None:
    refused = operator.post("/-/accounts/main/pause", {"note": " "})
    operator.post("/-/accounts/main/pause", {"note": "Ada <changes> the app."})
    hosts, today = operator.get("/-/hosts").text, operator.get("/-/").text
    operator.post("/-/accounts/main/resume")

    assert refused.status_code == 400
    assert "A pause needs a note" in refused.text
    for page in (hosts, today):
        assert "Ada &lt;changes&gt; the app" in page
    assert 'href="/-/hosts#account-main"' in today
    assert "/-/accounts/main/pause" in operator.get("/-/hosts").text
    assert done(service) == ["account_paused main by operator", "account_resumed main by operator"]


@pytest.mark.parametrize("every", ["soon", "5s", "30d", "1.5h", "-1m", "٣m"])
def test_interval_that_cannot_be_meant_is_refused_in_a_sentence(operator: Visitor, every: str) -> None:
    answer = operator.post("/-/jobs/create_webinars/schedule", data={"every": every})

    assert answer.status_code == 400
    assert "is no interval from 10 seconds to 7 days" in answer.text


def test_schedule_is_changed_and_put_back(service: Service, operator: Visitor) -> None:
    answer = operator.post("/-/jobs/create_webinars/schedule", data={"every": "2h"})
    sentence = message_after(operator, answer.headers["Location"])
    changed = operator.get("/-/jobs").text
    operator.post("/-/jobs/create_webinars/schedule", data={"every": ""})

    assert sentence == "“create webinars” has its turn every 120 minutes from now on."
    assert "every 120 minutes" in changed
    assert "every 120 minutes" not in operator.get("/-/jobs").text


def test_cron_line_survives_a_pause_and_is_shown_with_its_zone(service: Service, operator: Visitor) -> None:
    line = {"every": "0 6 * * 1-5", "zone": "europe/paris"}
    answer = operator.post("/-/jobs/create_webinars/schedule", data=line)
    sentence = message_after(operator, answer.headers["Location"])
    operator.post("/-/jobs/create_webinars/pause", {"note": "Zoom moves our account."})
    operator.post("/-/jobs/create_webinars/resume")
    page = operator.get("/-/jobs").text

    assert sentence == "“create webinars” has its turn at 06:00 on Monday through Friday, Europe/Paris from now on."
    assert "at 06:00 on Monday through Friday, Europe/Paris</span>" in page
    assert "(06:00 in Europe/Paris)" in re.sub(r"<[^>]*>", "", page)
    assert operator.post("/-/jobs/create_webinars/schedule", data={"every": "0 0 30 2 *"}).status_code == 400


def test_address_of_a_person_seats_him(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(YUSUF,)))
    service.settle()

    lines = f"{YUSUF.name};;yusuf.demir@example.org"

    announced = ask(operator, "/-/people", lines=lines)
    answer = insist(operator, "/-/people", lines=lines)
    service.settle()

    number = service.zoom.webinar()["id"]
    assert announced == [f"Mails 1 person an invitation to webinar {number}: {YUSUF.name}."]
    assert message_after(operator, answer.headers["Location"]) == "New or changed: 1 of 1. 1 event got addresses."
    assert service.zoom.panelists() == ["yusuf.demir@example.org"]
    kept = ask(operator, "/-/people/forget", email="yusuf.demir@example.org")
    insist(operator, "/-/people/forget", email="yusuf.demir@example.org")
    assert kept[0] == f"1 coming event names yusuf.demir@example.org and keeps the address and the seat: {EVENT_ID}."
    assert "The address book is empty." in operator.get("/-/people").text
    assert service.zoom.panelists() == ["yusuf.demir@example.org"]


def test_run_shows_what_it_changed_outside(service: Service, operator: Visitor) -> None:
    service.add(an_event(performers=(AMARA,)))
    service.settle()

    page = operator.get(f"/-/runs/{service.run('create_webinars', EVENT_ID)['id']}").text

    assert "<strong>Create the webinar</strong> <span>is done, " in page


def test_host_shows_when_its_webinars_are_and_what_is_kept_free_for_them(service: Service, operator: Visitor) -> None:
    event = an_event(performers=(AMARA,))
    service.add(event)
    service.settle()

    page = operator.get("/-/hosts").text

    assert f"{event.start_utc:%Y-%m-%d %H:%M}–{event.end_utc:%H:%M} UTC {event.name}" in re.sub(r"<[^>]*>", "", page)
    assert "kept free for it" in page


def test_event_leads_to_its_notifications_only(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    service.settle()
    for number in (service.zoom.webinar()["id"], 999):
        service.tell("webinar.updated", {"id": number, "type": 5})
    service.settle()

    page = operator.get(f"/-/events/{EVENT_ID}").text
    (link,) = re.findall(r'href="(/-/notifications[^"]*)">Notifications from Zoom', page)
    rows = [
        re.findall(r'href="/-/notifications/(\d+)"', operator.get(page).text) for page in ("/-/notifications", link)
    ]

    assert rows == [["2", "1"], ["1"]]


def test_notification_is_shown_without_what_is_secret_and_rung_once_more(service: Service, operator: Visitor) -> None:
    service.add(an_event(attachments=(an_attachment(),)))
    service.settle()
    service.zoom.hold()
    service.settle()
    rows = re.findall(r'href="/-/notifications/(\d+)">', operator.get("/-/notifications").text)
    letters = {number: operator.get(f"/-/notifications/{number}").text for number in rows}
    completed = next(number for number, text in letters.items() if "<h1>Recording completed</h1>" in text)
    before = len(service.zoom.calls())

    answer = operator.post(f"/-/notifications/{completed}/replay")
    service.settle()

    assert [secret for secret in service.zoom.state()["secrets"] if secret in "".join(letters.values())] == []
    assert "&#34;uuid&#34;" in letters[completed]
    assert answer.headers["Location"] == f"/-/events/{EVENT_ID}#runs"
    assert len(service.zoom.calls()) > before


def test_cancelling_a_run_says_first_what_it_does_not_do(service: Service, operator: Visitor) -> None:
    service.zoom.fault(CREATE, "http", status=503, times=9)
    service.add(an_event())
    (fresh,) = service.runs()
    before = operator.get(f"/-/runs/{fresh.id}/cancel").text
    service.work()

    after = operator.get(f"/-/runs/{fresh.id}/cancel").text
    answer = operator.post(f"/-/runs/{fresh.id}/cancel")
    sentence = message_after(operator, answer.headers["Location"])
    again = operator.get(f"/-/runs/{fresh.id}/cancel")

    assert "Nothing happens at Zoom, and nobody is mailed: it has not begun." in before
    assert (
        "Zoom was asked for a change (Create the webinar), and nobody saw the answer: it may be done all the same."
        in after
    )
    assert "nothing is undone, and nobody is mailed." in after
    assert f"Cancel run {fresh.id}: create webinars for “{an_event().name}”?" in after
    assert sentence == "The run is cancelled. What it has done outside stays."
    assert (again.status_code, "there is nothing to cancel" in again.text) == (400, True)
    assert done(service) == [f"run_cancelled {fresh.id} by operator"]


def test_today_names_events_as_people_know_them(service: Service, operator: Visitor) -> None:
    service.zoom.fault(CREATE, "http", status=400)
    service.add(an_event(name="Tides of Tomorrow"))
    service.settle()

    page = operator.get("/-/").text

    assert f'<p class="about" dir="auto"><a href="/-/events/{EVENT_ID}">Tides of Tomorrow</a></p>' in page


def test_alert_of_an_event_is_shown_and_dismissed_at_the_event(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    service.settle()
    with service.app.database.begin() as connection:
        now = service.clock.now()
        mine = Alert(kind="recording_missing", subject=EVENT_ID, message=as_said("Its recording is missing."))
        raise_alert(connection, mine, now)
        raise_alert(connection, Alert(kind="webhook_gone", account="cms", message=as_said("It wants no more.")), now)

    today, page = operator.get("/-/").text, operator.get(f"/-/events/{EVENT_ID}").text
    (number,) = re.findall(r'action="/-/alerts/(\d+)/dismiss"', page)
    answer = operator.post(f"/-/alerts/{number}/dismiss", data={"event": EVENT_ID})

    assert f'href="/-/events/{EVENT_ID}#stages"' in today
    assert re.search(r'href="/-/alerts#alert-\d+"', today)
    assert "Its recording is missing." in page
    assert "It wants no more." not in page
    assert answer.headers["Location"] == f"/-/events/{EVENT_ID}"
    assert "Its recording is missing." not in operator.get(f"/-/events/{EVENT_ID}").text


def test_what_is_live_is_not_next_and_what_is_soon_says_so(service: Service, operator: Visitor) -> None:
    soon = service.clock.now() + timedelta(minutes=95)
    later = {"start": soon, "end": soon + timedelta(hours=1), "display_times": ()}
    service.add(an_event(), an_event(id="soon", name="The Second Tide", **later))
    service.settle()
    began = f"{service.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    number = next(webinar["id"] for webinar in service.zoom.webinars() if "Second" not in webinar["topic"])
    service.tell("webinar.started", {"id": number, "uuid": "live==", "type": 5, "start_time": began})

    live, _, coming = operator.get("/-/").text.partition('id="coming"')

    assert f'href="/-/events/{EVENT_ID}"' in live
    assert f'href="/-/events/{EVENT_ID}"' not in coming
    assert "in 1 h 35 min" in coming


def test_lists_that_are_cut_say_so(service: Service, operator: Visitor) -> None:
    short = operator.get("/-/").text
    for number in range(101):
        at = START + timedelta(days=number)
        later = {"start": at, "end": at + timedelta(hours=1), "display_times": ()}
        service.write(an_event(id=f"tide-{number}", needs_review=(a_note(),), **later))
    with service.app.database.begin() as connection:
        for number in range(51):
            alert = Alert(kind="recording_missing", subject=f"tide-{number}", message=as_said("No recording came."))
            raise_alert(connection, alert, service.clock.now())

    today, queue = operator.get("/-/").text, operator.get("/-/review").text

    assert "than the 50 that were looked at" not in short
    assert 'Needs a person <span class="count">at least 100</span>' in today
    assert 'There are more alerts than the 50 that were looked at: <a href="/-/alerts">all alerts</a>.' in today
    assert "There are more events with notes or without addresses than the 50 that were looked at" in today
    assert "There are more runs" not in today
    assert 'Review <span class="count" id="count" data-live>at least 100</span>' in queue
    assert "More events may wait than could be looked at" in queue


def test_recordings_kept_back_hide_no_other_from_the_review_queue(service: Service) -> None:
    later = {"start": START + timedelta(days=1), "end": START + timedelta(days=1, hours=1), "display_times": ()}
    service.write(an_event())
    service.write(an_event(id="kept", **later))
    recordings = {EVENT_ID: a_recording(), "kept": a_recording(uuid="kept==")}
    for event_id, recording in recordings.items():
        with service.app.database.begin() as connection:
            save_recording(connection, service.app.context.box, event_id, recording, "completed", service.clock.now())
    withhold_recording(service.context, "kept", "kept==", AN_OPERATOR)

    with service.app.database.read() as connection:
        unapproved = list_unapproved(connection, START - timedelta(days=1), limit=1)

    assert unapproved == (EVENT_ID,)


def test_event_that_waits_for_review_is_told_of_once(service: Service, operator: Visitor) -> None:
    service.add(an_event(needs_review=(a_note(field="start"),)))
    service.settle()

    today = operator.get("/-/").text

    assert today.count('class="need ') == 1
    assert "1 note waits for a decision." in today
    assert f'href="/-/events/{EVENT_ID}#review" data-open>Review<' in today


def test_event_without_a_licensed_host_gets_its_webinar_by_the_console_alone(
    make_service: MakeService,
) -> None:
    service = make_service(settings=WITHOUT_TLS, hosts=(HOST,))
    service.zoom.control("POST", "/policy", {"licences": {"without": [HOST]}})
    service.add(an_event())
    service.settle()
    (failed,) = service.runs(states=("failed",))
    with visit_pages(service) as served:
        operator = sign_in(service, served.visitor, "operator")

        page = operator.get(f"/-/events/{EVENT_ID}").text
        still = message_after(operator, operator.post("/-/accounts/main/hosts").headers["Location"])
        service.zoom.control("POST", "/policy", {"licences": {"without": []}})
        given = message_after(operator, operator.post("/-/accounts/main/hosts").headers["Location"])
        insist(operator, f"/-/runs/{failed.id}/retry")
        service.settle()

    assert '<a href="/-/hosts">“Read the hosts again” under Hosts</a>' in page
    assert "as if it were forced" not in page
    assert still.endswith(f"{HOST}: no webinar licence.")
    assert given.startswith(f"Zoom was asked again about 1 host of account main. {HOST}: webinars for")
    assert service.zoom.webinar()["host"] == HOST
    assert "hosts_read main by operator" in done(service)


def test_hosts_of_a_paused_account_are_not_read(service: Service, operator: Visitor) -> None:
    pause_account(service.context, ACCOUNT, "Zoom moves us.", AN_OPERATOR)

    with service.calls() as calls:
        refused = operator.post("/-/accounts/main/hosts")

    assert (refused.status_code, calls) == (400, [])
    assert "Account main is paused, so Zoom is not asked" in refused.text


def test_event_that_finds_no_free_host_leads_to_the_reason_and_not_to_a_note(
    service: Service, operator: Visitor
) -> None:
    service.add(an_event())
    service.settle()
    note = a_note(field="performers")
    service.add(an_event(id="other", name="Harbour Talks", performers=(YUSUF,), needs_review=(note,)))
    service.settle()

    today, page = operator.get("/-/").text, operator.get("/-/events/other").text

    assert re.search(r'<a class="button quiet" href="/-/events/other#stages"[^>]*>Look at the event<', today)
    assert '<a href="/-/events/other">Harbour Talks</a>' in today
    assert "of 1 host, 1 taken by “Tides of Tomorrow”" in page
    assert f'href="/-/hosts/calendar?week={START.date()}"' in page


def test_drift_of_any_coming_event_needs_a_person(service: Service, operator: Visitor) -> None:
    for number in range(9):
        at = START + timedelta(days=number)
        later = {"start": at, "end": at + timedelta(hours=1), "display_times": ()}
        service.add(an_event(id=f"tide-{number}", name=f"Tide {number}", **later))
    service.settle()
    _drift(service, "tide-8", "topic", "Another tide")
    _drift(service, "tide-7", "settings.host_video", "left to Zoom by the profile")

    today = operator.get("/-/").text

    assert "Zoom differs from what was asked for: <bdi>topic</bdi>." in today
    assert 'href="/-/events/tide-8#webinar"' in today
    assert 'href="/-/events/tide-7#webinar"' not in today
    assert 'href="/-/events/tide-8"' not in today.partition('id="coming"')[2]


def test_drift_ends_when_the_record_asks_for_what_zoom_has(service: Service, operator: Visitor) -> None:
    service.add()
    service.settle()
    later = START + timedelta(hours=1)
    _drift(service, EVENT_ID, "start", zoom_time(later))
    before = operator.get(f"/-/events/{EVENT_ID}").text
    today = operator.get("/-/").text
    service.change(start=later, end=later + (END - START))
    after = operator.get(f"/-/events/{EVENT_ID}").text

    assert f">{START:%Y-%m-%d %H:%M}</time> UTC</td>" in before
    assert f">{later:%Y-%m-%d %H:%M}</time> UTC</td>" in before
    assert "Zoom differs from what was asked for: <bdi>start</bdi>." in today
    assert "Zoom differs from what was asked for" not in after + operator.get("/-/").text


def _drift(service: Service, event_id: str, field: str, value: str) -> None:
    """Record a field of a webinar that differs from what the service asked for."""
    with service.app.database.begin() as connection:
        bound = find_binding(connection, event_id)
        assert bound
        change_binding(connection, event_id, known=dict(bound.known) | {field: value})


def test_plan_and_runs_name_events_as_people_know_them(service: Service, operator: Visitor) -> None:
    event = an_event(performers=(AMARA,))
    service.add(event)
    plan = operator.get("/-/plan").text
    service.settle()

    pages = [plan, operator.get("/-/runs").text, operator.get(f"/-/runs/{service.runs()[0].id}").text]

    for page in pages:
        assert f'<a href="/-/events/{EVENT_ID}" dir="auto">{event.name}</a>' in page


def test_alerts_are_found_by_kind_and_words(service: Service, operator: Visitor) -> None:
    alerts = (
        Alert(kind="recording_missing", subject=EVENT_ID, account="main", message=as_said("No recording came.")),
        Alert(kind="account_stopped", account="main", message=as_said("Zoom refuses the credentials.")),
    )
    with service.app.database.begin() as connection:
        for alert in alerts:
            raise_alert(connection, alert, service.clock.now())

    shown = [
        [str(alert.message) for alert in alerts if str(alert.message) in operator.get(f"/-/alerts{query}").text]
        for query in (
            "",
            "?kind=account_stopped",
            "?q=harbour+recording",
            "?q=nowhere",
            "?kind=recording_missing&before=1",
        )
    ]

    assert shown == [
        ["No recording came.", "Zoom refuses the credentials."],
        ["Zoom refuses the credentials."],
        ["No recording came."],
        [],
        [],
    ]


def test_hosts_are_found_by_their_address_and_by_trouble(service: Service, operator: Visitor) -> None:
    service.use_up(HOST, 95)

    shown = {
        query: f"<strong>{HOST}</strong>" in operator.get(f"/-/hosts{query}").text
        for query in ("", "?q=WEBINARS", "?q=nobody", "?only=trouble", "?account=main", "?account=other")
    }

    assert shown == {
        "": True, "?q=WEBINARS": True, "?q=nobody": False, "?only=trouble": True, "?account=main": True,
        "?account=other": False,
    }  # fmt: skip


def test_spans_and_causes_of_the_runs_keep_the_other_filters(service: Service, operator: Visitor) -> None:
    service.zoom.fault(CREATE, "http", status=400)
    service.add()
    service.settle()

    page = operator.get("/-/runs?state=trouble&job=create_webinars&since=1d").text

    kept = "job=create_webinars&amp;since={}&amp;state=trouble"
    assert [f'href="/-/runs?{kept.format(since)}"' in page for since in ("1h", "1d", "7d")] == [True] * 3
    assert f'href="/-/runs?{kept.format("1d")}" aria-current="true">Last day' in page
    assert 'href="/-/runs?job=create_webinars&amp;state=trouble">All' in page
    (cause,) = re.findall(r'<li><a href="([^"]*)">1 run</a>: “create webinars”: Zoom refused', page)
    assert cause.startswith("/-/runs?job=create_webinars&amp;since=1d&amp;cause=create_webinars")
    assert "1 run</a>" in operator.get(unescape(cause)).text
    assert ('<details class="fold" open>' in page, '<details class="fold">' in operator.get("/-/runs").text) == (
        True,
        True,
    )


def test_filter_that_cannot_be_read_leads_to_the_page_without_it(operator: Visitor) -> None:
    refused, gone = operator.get("/-/runs?since=soon"), operator.get("/-/runs/77")

    assert refused.status_code == 400
    assert '<a href="/-/runs">Show the page without its filters</a>' in refused.text
    assert "without its filters" not in gone.text


def test_host_that_is_well_is_not_in_trouble(operator: Visitor) -> None:
    assert "No host is like that." in operator.get("/-/hosts?only=trouble").text


def test_audit_is_searched_and_its_export_obeys(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    service.clock.advance(timedelta(hours=14))  # to the next day
    operator.post("/sign-in", data={"login": "operator", "password": PASSWORD})
    insist(operator, f"/-/events/{EVENT_ID}/cancel")
    about = f"about={EVENT_ID}"
    queries = ("who=operator", "what=event_imported", f"{about}&since=2040-01-25", f"{about}&until=2040-01-24")

    shown = [re.findall(r">(\w+ the event)</td>", operator.get(f"/-/audit?{query}").text) for query in queries]
    exported = [re.findall(r",(event_\w+),", operator.get(f"/-/audit.csv?{query}").text) for query in queries]

    assert shown == [["Cancelled the event"], ["Added the event"], ["Cancelled the event"], ["Added the event"]]
    assert exported == [["event_cancelled"], ["event_imported"], ["event_cancelled"], ["event_imported"]]
    assert 'href="/-/audit.csv?who=operator"' in operator.get("/-/audit?who=operator").text
    assert "No line of the audit is like that." in operator.get("/-/audit?who=nobody").text


def test_audit_until_the_last_day_of_all_is_whole(service: Service, operator: Visitor) -> None:
    service.add(an_event())

    assert "event_imported" in operator.get("/-/audit.csv?until=9999-12-31").text


@pytest.mark.parametrize("day", ["yesterday", "2040-02-30", "2040-1"])
def test_day_that_is_none_is_refused_in_a_sentence(operator: Visitor, day: str) -> None:
    queries = [f"/-/{page}?{name}={day}" for page in ("audit", "audit.csv") for name in ("since", "until")]

    answers = [operator.get(query) for query in queries]

    assert [(answer.status_code, "is no day" in answer.text) for answer in answers] == [(400, True)] * 4


def test_settings_are_shown_without_what_is_secret(operator: Visitor) -> None:
    page = operator.get("/-/settings").text

    assert "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET" in page
    assert re.search(r"CLIENT_SECRET</code></th><td[^>]*>set</td>", page)
    assert re.search(r"WEBHOOK_SECRET</code></th><td[^>]*>set</td>", page)


def test_audit_is_exported_and_no_cell_is_a_formula(service: Service, operator: Visitor) -> None:
    service.add(an_event())
    insist(operator, f"/-/events/{EVENT_ID}/cancel")
    with service.app.database.begin() as connection:
        evil = Actor(name="=HYPERLINK(1)", how="command line")
        record_audit(connection, evil, "alert_dismissed", ("alert", 1), service.clock.now())

    export = operator.get("/-/audit.csv").text

    assert export.splitlines()[0] == "at,who,how,address,what,subject_kind,subject,detail"
    assert f"operator,session,127.0.0.1,event_cancelled,event,{EVENT_ID}" in export
    assert "'=HYPERLINK(1)" in export
