"""Jobs, runs, plans, approvals, alerts, accounts and webhooks over the API: the verbs of the command line."""

from datetime import datetime

import pytest

from tests.builders import ACCOUNT, EVENT_ID, START, YUSUF, a_note, an_event
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import Api, Program, serve
from tests.receiver import Receiver
from zoom_ops.messages import as_said
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.store.alerts import Alert, raise_alert


def audited(service: Service) -> list[str]:
    """List what programs did, by the audit."""
    return [line["what"] for line in iter_lines(service.app.database) if line["how"] == "token"]


def test_job_is_run_for_an_event(api: Api, program: Program) -> None:
    api.service.write(an_event())

    requested = program.post("/jobs/create_webinars/runs", json={"event": EVENT_ID})
    api.service.settle()
    run = program.ask("GET", f"/runs/{requested.json()['runs'][0]}")

    assert requested.status_code == 202
    assert (run["job"], run["state"], run["outcome"]) == ("create_webinars", "done", "Created the webinar.")
    assert {call["method"] for call in run["calls"]} >= {"POST"}
    assert audited(api.service) == ["job_asked_for"]


def test_job_is_run_for_all_whose_turn_it_is(api: Api, program: Program) -> None:
    api.service.write(an_event())

    runs = program.ask("POST", "/jobs/create_webinars/runs")["runs"]

    assert len(runs) == 1


def test_job_is_tried_out(api: Api, program: Program) -> None:
    api.service.write(an_event())

    single = program.post("/jobs/create_webinars/runs", json={"event": EVENT_ID, "dry_run": True})
    every = program.ask("POST", "/jobs/create_webinars/runs", json={"dry_run": True})

    assert single.status_code == 200
    assert [action["kind"] for action in single.json()["plans"][0]["actions"]] == ["CreateWebinar"]
    assert every == single.json()
    assert api.service.runs() == ()
    assert audited(api.service) == []


def test_job_is_paused_and_given_another_schedule(api: Api, program: Program) -> None:
    paused = program.ask("POST", "/jobs/create_webinars/pause", json={"note": "Zoom moves us."})
    why = next(job for job in program.ask("GET", "/jobs")["jobs"] if job["paused"])
    program.ask("POST", "/jobs/create_webinars/resume")
    changed = program.ask("PUT", "/jobs/create_webinars/schedule", json={"every": "10m"})
    listed = {job["name"]: job["schedule"] for job in program.ask("GET", "/jobs")["jobs"]}

    assert paused == {"name": "create_webinars", "paused": True}
    assert (why["name"], why["note"], why["paused_by"]) == ("create_webinars", "Zoom moves us.", "website")
    assert program.fail("POST", "/jobs/create_webinars/pause", json={"note": " "})[0] == 422
    assert program.fail("POST", "/jobs/create_webinars/pause")[0] == 422
    every_10_minutes = {"every_s": 600, "at": None, "zone": None, "schedule": "every 10 minutes"}
    assert changed == {"name": "create_webinars", **every_10_minutes}
    assert listed["create_webinars"] == "every 10 minutes"
    assert program.fail("PUT", "/jobs/create_webinars/schedule", json={"every": "often"})[0] == 422
    assert program.fail("PUT", "/jobs/create_webinars/schedule", json={"every": "9m", "at": "0 6 * * *"})[0] == 422
    assert audited(api.service) == ["job_paused", "job_resumed", "schedule_changed"]


def test_job_has_its_turns_by_a_cron_line(api: Api, program: Program) -> None:
    line = {"at": "0 6 * * 1-5", "zone": "Europe/Paris"}
    changed = program.ask("PUT", "/jobs/create_webinars/schedule", json=line)
    listed = next(job for job in program.ask("GET", "/jobs")["jobs"] if job["name"] == "create_webinars")

    words = "at 06:00 on Monday through Friday, Europe/Paris"
    assert changed == {"name": "create_webinars", "every_s": None, **line, "schedule": words}
    assert (listed["schedule"], listed["at"], listed["zone"]) == (words, line["at"], line["zone"])
    assert listed["next_run_local"][11:16] == "06:00"
    assert datetime.fromisoformat(listed["next_run_local"]) == datetime.fromisoformat(listed["next_run"])
    for wrong, sentence in (
        ({"at": "0 0 30 2 *"}, "never comes: no month that it names has such a day."),
        ({"at": "0 6 * * *", "zone": "Europe/Pari"}, "Did you mean Europe/Paris"),
        ({"every": "10m", "zone": "Europe/Paris"}, "An interval is the same in every time zone"),
        ({"zone": "Europe/Paris"}, "A time zone is for a cron line only"),
    ):
        status, problem = program.fail("PUT", "/jobs/create_webinars/schedule", json=wrong)[:2]
        assert (status, sentence in str(problem)) == (422, True)
    assert program.ask("PUT", "/jobs/create_webinars/schedule", json={})["schedule"] == "every 5 minutes"


def test_recording_is_kept_back_and_let_go(api: Api, program: Program) -> None:
    service = api.service
    service.add()
    service.settle()
    service.clock.advance(START - service.clock.now())
    service.zoom.hold()
    service.settle()
    (recording,) = program.ask("GET", f"/events/{EVENT_ID}")["recordings"]
    body = {"recording": recording["uuid"]}

    program.ask("POST", f"/events/{EVENT_ID}/withhold", json=body)
    service.settle()
    kept = service.published()
    program.ask("POST", f"/events/{EVENT_ID}/release", json=body)
    service.settle()

    assert (recording["state"], kept, len(service.published())) == ("published", [], 1)
    assert program.fail("POST", f"/events/{EVENT_ID}/withhold", json={"recording": "x"})[0] == 404
    assert program.fail("POST", f"/events/{EVENT_ID}/withhold", json={"recording": "x\0"})[0] == 422
    assert audited(service) == ["recording_withheld", "recording_released"]


def test_jobs_are_listed(program: Program) -> None:
    jobs = program.ask("GET", "/jobs")["jobs"]

    assert {"create_webinars", "tell_others"} <= {job["name"] for job in jobs}


def test_what_a_job_cannot_be_asked_for_is_told(program: Program) -> None:
    refusals = [
        program.fail("POST", "/jobs/zzz/runs"),
        program.fail("POST", "/jobs/create_webinars/runs", json={"event": "nowhere"}),
        program.fail("POST", "/jobs/tell_others/runs", json={"event": EVENT_ID}),
        program.fail("POST", "/jobs/create_webinars/runs", json={"evnt": EVENT_ID}),
        program.fail("POST", "/jobs/create_webinars/runs", json={"dry_run": "perhaps"}),
        program.fail("POST", "/jobs/create_webinars/runs", json=[]),
        program.fail("POST", "/jobs/create_webinars/runs", data="event=1"),
    ]

    assert refusals == [
        (404, "There is no job 'zzz'."),
        (422, "There is no event 'nowhere'."),
        (422, "The job tell_others is about a webhook and not about an event."),
        (422, "There is no key 'evnt'. Did you mean 'event'?"),
        (422, "dry_run: expected true or false, not 'perhaps'."),
        (422, "Expected a JSON object."),
        (415, "The body has to be application/json, and say so in its Content-Type."),
    ]


def test_runs_are_listed_by_pages(api: Api, program: Program) -> None:
    api.service.add()
    api.service.settle()

    first = program.ask("GET", "/runs?per_page=1")
    second = program.ask("GET", f"/runs?cursor={first['runs'][0]['id']}")
    chosen = program.ask("GET", f"/runs?job=create_webinars&event={EVENT_ID}")

    assert [run["job"] for run in first["runs"]] == ["register_panelists"]
    assert [run["job"] for run in second["runs"]] == ["create_webinars"] == [run["job"] for run in chosen["runs"]]
    assert (first["next"].partition("?")[2], second["next"]) == (f"per_page=1&cursor={first['runs'][0]['id']}", None)
    assert program.ask("GET", f"/runs?failed=true&event={EVENT_ID}&since=2h")["runs"] == []
    assert [program.fail("GET", f"/runs?{wrong}")[0] for wrong in ("event=nowhere", "job=x", "state=x", "since=x")] == [
        422, 422, 422, 422,
    ]  # fmt: skip


def test_run_is_tried_again_and_cancelled(api: Api, program: Program) -> None:
    api.service.add_in_doubt()
    api.service.settle()
    run = api.service.run("create_webinars")["id"]

    again = program.post(f"/runs/{run}/retry", json={"force": True})
    cancelled = program.ask("POST", f"/runs/{run}/cancel")

    assert (again.status_code, again.json()) == (202, {"runs": [run]})
    assert cancelled["state"] == "cancelled"
    assert program.fail("POST", f"/runs/{run}/cancel") == (
        422, f"Run {run} has ended (cancelled); there is nothing to cancel.",
    )  # fmt: skip
    assert program.fail("POST", f"/runs/{run}/retry", json={"not_done": True})[0] == 422
    assert program.fail("POST", "/runs/999/retry")[0] == 404
    assert program.fail("GET", f"/runs/{2**63}")[0] == 400
    assert audited(api.service) == ["run_retried", "run_cancelled"]


def test_plan_is_applied_as_long_as_it_is_the_plan(api: Api, program: Program) -> None:
    api.service.write(an_event())
    plan = program.ask("GET", f"/plan?event={EVENT_ID}")

    done = program.post("/plan/apply", json={"digest": plan["digest"], "event": [EVENT_ID]})
    api.service.settle()
    late = program.fail("POST", "/plan/apply", json={"digest": plan["digest"]})

    assert [action["action"] for action in plan["actions"]] == ["CreateWebinar"]
    assert (done.status_code, done.json()["digest"]) == (202, plan["digest"])
    assert done.json()["runs"] == [api.service.run("create_webinars")["id"]]
    assert api.service.zoom.webinar()["panelists"]
    assert late[0] == 409
    assert late[1].startswith("The plan is ")
    assert program.fail("POST", "/plan/apply")[1] == "digest is missing."
    assert program.fail("GET", "/plan?event=nowhere") == (422, "There is no event 'nowhere'.")
    assert program.ask("GET", "/plan")["actions"] == []
    assert audited(api.service) == ["plan_applied"]


def test_what_waits_for_approval_is_listed_and_approved(make_service: MakeService) -> None:
    service = make_service()
    with serve(service) as api:
        program = api.program()
        service.add(an_event(consent="ask", needs_review=(a_note(field="name"),)))
        before = program.ask("GET", "/approvals")["approvals"]
        program.ask("POST", "/approvals", json={"event": EVENT_ID, "fields": ["name"]})
        service.settle()
        none = program.ask("GET", "/approvals")["approvals"]
        service.clock.advance(START - service.clock.now())
        service.zoom.hold()
        service.settle()
        recorded = program.ask("GET", "/approvals")["approvals"]
        approved = program.ask("POST", "/approvals", json={"event": EVENT_ID})
        service.settle()

        assert [(approval["event"], [note["field"] for note in approval["needs_review"]]) for approval in before] == [
            (EVENT_ID, ["name"])
        ]
        assert none == []
        assert [(waiting["event"], waiting["recordings"], waiting["approval"]) for waiting in recorded] == [
            (EVENT_ID, 1, "recording")
        ]
        assert approved == {"event": EVENT_ID, "approved": ["recording"]}
        assert service.published()
        assert program.ask("GET", "/approvals")["approvals"] == []
        assert program.fail("POST", "/approvals", json={"event": "nowhere"})[0] == 422
        assert audited(service) == ["event_approved", "event_approved"]


@pytest.mark.parametrize(("waiting", "listed", "more"), [(100, 100, False), (101, 100, True)])
def test_list_of_what_waits_for_approval_says_whether_there_is_more(
    make_service: MakeService, waiting: int, listed: int, more: bool
) -> None:
    service = make_service()
    for number in range(waiting):
        service.write(an_event(id=f"tides-{number}", needs_review=(a_note(field="name"),)))

    with serve(service) as api:
        answer = api.program().ask("GET", "/approvals?per_page=100")

    assert (len(answer["approvals"]), answer["more"]) == (listed, more)


def test_what_cannot_be_a_name_is_not_looked_for(program: Program) -> None:
    refusals = [
        program.fail("POST", "/plan/apply", json={"digest": "x", "event": ["a\0b"]}),
        program.fail("POST", "/jobs/create_webinars/runs", json={"event": "A b"}),
        program.fail("POST", "/approvals", json={"event": "\0"}),
        program.fail("GET", "/plan?event=%00"),
        program.fail("GET", "/runs?job=%00"),
        program.fail("GET", "/deliveries?webhook=%00"),
        program.fail("POST", "/deliveries/%00/retry"),
        program.fail("POST", "/events?id=%00", json={}),
    ]

    assert refusals == [
        (422, "event.0: this cannot be the id of an event."),
        (422, "event: this cannot be the id of an event."),
        (422, "event: this cannot be the id of an event."),
        (400, "event: this cannot be the id of an event."),
        (400, "job: this cannot be the name of a job."),
        (400, "webhook: this cannot be the name of an account, a home or a webhook."),
        (400, "message: this cannot be the id of a message."),
        (400, "id: this cannot be the id of an event."),
    ]


def test_alert_is_dismissed(api: Api, program: Program) -> None:
    with api.service.app.database.begin() as connection:
        raise_alert(
            connection, Alert(kind="recording_missing", message=as_said("It is late.")), api.service.clock.now()
        )

    (alert,) = program.ask("GET", "/alerts")["alerts"]
    program.ask("POST", f"/alerts/{alert['id']}/dismiss")

    assert alert["sentence"] == "It is late."
    assert program.ask("GET", "/alerts")["alerts"] == []
    assert [alert["id"] for alert in program.ask("GET", "/alerts?over=true")["alerts"]] == [alert["id"]]
    assert program.fail("POST", f"/alerts/{alert['id']}/dismiss")[0] == 404
    assert audited(api.service) == ["alert_dismissed"]


def test_accounts_are_listed_paused_and_resumed(program: Program) -> None:
    (account,) = program.ask("GET", "/accounts")["accounts"]

    assert (account["name"], account["state"]) == (ACCOUNT, "working")
    assert program.ask("POST", f"/accounts/{ACCOUNT}/resume") == {"name": ACCOUNT, "was_paused": False, "stops": 0}
    assert program.ask("POST", f"/accounts/{ACCOUNT}/pause", json={"note": "Zoom moves us."})["state"] == "paused"
    (account,) = program.ask("GET", "/accounts")["accounts"]
    assert (account["state"], account["reason"]) == ("paused", "Zoom moves us.")
    assert program.ask("POST", f"/accounts/{ACCOUNT}/resume") == {"name": ACCOUNT, "was_paused": True, "stops": 0}
    assert program.fail("POST", "/accounts/nowhere/resume")[0] == 404
    assert program.fail("POST", "/accounts/nowhere/pause", json={"note": "why"})[0] == 404


def test_webhooks_are_listed_tested_and_told_again(make_service: MakeService, receiver: Receiver) -> None:
    service = make_service(settings=receiver.settings(KINDS="event.created"))
    with serve(service) as api:
        program = api.program()
        service.add()
        service.tick("tell_others")
        service.settle()
        (listed,) = program.ask("GET", "/webhooks")["webhooks"]
        (sent,) = program.ask("GET", "/deliveries?webhook=partner")["deliveries"]
        tested = program.ask("POST", "/webhooks/partner/test")
        again = program.post(f"/deliveries/{sent['id']}/retry")
        service.tick("tell_others")
        service.settle()

        assert (listed["name"], listed["state"], listed["taken"]) == ("partner", "working", 1)
        assert (tested["taken"], tested["status"]) == (True, 204)
        assert (again.status_code, again.json()["state"]) == (202, "waiting")
        assert receiver.kinds == ["event.created", "webhook.test", "event.created"]
        assert program.ask("GET", "/deliveries?failed=true")["deliveries"] == []
        assert program.fail("POST", "/webhooks/partne/test")[0] == 404
        assert program.fail("POST", "/deliveries/msg_0/retry")[0] == 404
        assert audited(service) == ["webhook_tested", "message_retried"]


def test_address_book_is_read_and_added_to(api: Api, program: Program) -> None:
    api.service.add(an_event(performers=(YUSUF,)))
    lines = "name,organization,email\nYusuf Demir,City of Alder Bay,yusuf.demir@example.org\n"

    added = program.ask("POST", "/people", data=lines, headers={"Content-Type": "text/csv"})
    wrong = program.post("/people", data=lines.replace("@", ""), headers={"Content-Type": "text/csv"})

    assert [(person["name"], person["action"]) for person in added["people"]] == [("Yusuf Demir", "created")]
    assert added["events"] == [EVENT_ID]
    assert [person["email"] for person in program.ask("GET", "/people")["people"]] == ["yusuf.demir@example.org"]
    assert (wrong.status_code, wrong.json()["errors"][0]["line"]) == (422, 2)
    assert audited(api.service) == ["people_imported"]


def test_people_are_added_as_json(program: Program) -> None:
    added = program.ask("POST", "/people", json={"people": [{"name": " Ada ", "email": "Ada@example.org"}]})
    wrong = {"people": [{"name": "", "email": "a@example.org"}, {"name": "B", "email": "b"}]}
    refused = program.post("/people", json=wrong)

    assert added == {
        "people": [{"name": "Ada", "organization": None, "email": "ada@example.org", "action": "created"}],
        "events": [],
    }
    assert refused.status_code == 422
    assert [mistake["detail"][:9] for mistake in refused.json()["errors"]] == ["people.1:", "people.2:"]
    assert program.fail("POST", "/people", json={})[1] == "people is missing."


def test_webinar_made_by_hand_is_adopted(api: Api, program: Program) -> None:
    api.service.add()
    api.service.settle()
    webinar = api.service.zoom.webinar()["id"]

    adopted = program.ask("POST", f"/events/{EVENT_ID}/adopt", json={"webinar": webinar})

    assert adopted == {"id": EVENT_ID, "webinar": webinar}
    assert program.fail("POST", "/events/nowhere/adopt", json={"webinar": webinar})[0] == 404
    assert audited(api.service) == ["webinar_adopted"]


def test_webinar_that_zoom_does_not_have_is_not_adopted(api: Api, program: Program) -> None:
    api.service.write(an_event())

    status, sentence = program.fail("POST", f"/events/{EVENT_ID}/adopt", json={"webinar": 1})

    assert (status, sentence) == (409, "Zoom could not get webinar: Webinar does not exist: 1. (code 3001)")


def test_audit_is_read(api: Api, program: Program) -> None:
    api.service.write(an_event())
    program.ask("POST", f"/events/{EVENT_ID}/cancel")

    lines = program.ask("GET", "/audit?since=2040-01-01")["audit"]

    assert [(line["who"], line["what"]) for line in lines] == [
        ("website", "event_cancelled"),
        ("an operator", "token_added"),
    ]
    assert program.ask("GET", "/audit?since=2041-01-01T00:00:00Z")["audit"] == []
    assert program.fail("GET", "/audit?since=then")[0] == 400
