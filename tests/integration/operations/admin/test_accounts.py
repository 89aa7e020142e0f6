"""A stopped account in the whole service: its runs wait and resume by themselves, everything else works on.

The practice Zoom's log counts the requests.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, AN_OPERATOR, HOST, an_event
from tests.integration.service import MakeService, Service
from zoom_ops.errors import BadInputError, NotFoundError
from zoom_ops.operations.admin.accounts import Resumed, pause_account, resume_account, wake_mended
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.operations.views.accounts import show_accounts
from zoom_ops.operations.views.alerts import show_alerts

RIGHT = ("client", "another-secret", "account")
MENDED = {"ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET": "another-secret"}
SECOND = "studio@example.org"


def events(count: int, **changes: Any) -> list[Any]:
    """Build `count` events, one a day."""
    day = timedelta(days=1)
    first = an_event()
    return [
        an_event(id=f"event-{n}", name=f"Tide {n}", start=first.start + n * day, end=first.end + n * day,
                 display_times=(), performers=(), **changes)
        for n in range(count)
    ]  # fmt: skip


def token_requests(service: Service) -> int:
    """Count the requests for a token."""
    return sum(request["path"] == "/oauth/token" for request in service.zoom.control("GET", "/requests"))


def states(service: Service) -> set[str]:
    """Return the states of all runs."""
    return {"waiting" if run.waiting else run.state for run in service.runs()}


def alerts(service: Service, **how: Any) -> list[tuple[str, bool]]:
    """List the kind of each alert and whether it is cleared."""
    return [(alert["kind"], alert["cleared"] is not None) for alert in show_alerts(service.context.database, **how)]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("due", [50, pytest.param(200, marks=pytest.mark.long)])
def test_wrong_secret_with_many_due_events_is_one_request_and_one_alert(make_service: MakeService, due: int) -> None:
    service = make_service(zoom={"credentials": RIGHT})
    service.add(*events(due))

    service.settle()
    service.later(timedelta(minutes=16))

    assert len(service.runs()) == due
    assert states(service) == {"waiting"}
    assert token_requests(service) == 1
    assert alerts(service, cleared=True) == [("account_stopped", False)]


def test_runs_go_on_by_themselves_once_the_secret_is_mended(make_service: MakeService) -> None:
    stopped = make_service(zoom={"credentials": RIGHT})
    stopped.add(*events(5))
    stopped.settle()
    (why,) = show_accounts(stopped.context)
    stopped.app.close()
    service = make_service(zoom={"credentials": RIGHT}, settings=MENDED)

    wake_mended(service.context)  # as the daemon does when it starts
    service.settle()
    service.later(timedelta(seconds=20))  # a run that met the trial under way looks again once the trial must be over

    assert (why["state"], "CLIENT_SECRET" in why["reason"]) == ("stopped", True)
    assert len(service.zoom.webinars()) == 5
    assert token_requests(service) == 1
    assert states(service) == {"done"}
    assert alerts(service, cleared=True) == [("account_stopped", True)]
    assert show_accounts(service.context)[0]["state"] == "working"


def test_daemon_that_starts_with_the_same_secret_wakes_nobody(make_service: MakeService) -> None:
    service = make_service(zoom={"credentials": RIGHT})
    service.add(*events(2))
    service.settle()
    before = [(run.id, run.attempts) for run in service.runs()]

    wake_mended(service.context)
    service.settle()

    assert [(run.id, run.attempts) for run in service.runs()] == before


def test_other_account_goes_on(make_service: MakeService) -> None:
    settings = {"ZOOM_OPS_ACCOUNTS__SECOND__CLIENT_SECRET": "another-secret"}
    service = make_service(zoom={"credentials": RIGHT}, accounts={"second": [SECOND]}, settings=settings)
    service.add(*events(3))
    other = an_event(id="other", name="Other", account="second")
    service.add(other)

    service.settle()

    assert service.run("create_webinars", "other")["state"] == "done"
    assert [webinar["host"] for webinar in service.zoom.webinars()] == [SECOND]
    assert {account["name"]: account["state"] for account in show_accounts(service.context)} == {
        "main": "stopped",
        "second": "working",
    }


def test_outage_stops_the_account_and_what_waits_goes_on_after_it(make_service: MakeService) -> None:
    service = make_service(settings={"ZOOM_OPS_TRIAL_S": "60"})
    service.context.gateway(ACCOUNT).get_host(HOST)
    service.zoom.fault("* **", "http", status=503, times=10_000)
    service.add(*events(16))
    service.settle()
    for _ in range(3):
        service.later(timedelta(seconds=20))
    struck = len(service.zoom.calls())
    for _ in range(4):
        service.later(timedelta(minutes=5))
    tried = len(service.zoom.calls()) - struck
    alerts_of_outage = alerts(service, cleared=True)

    service.zoom.mend()
    for _ in range(4):
        service.later(timedelta(minutes=15))

    assert struck <= 10 + 8  # ten failures open the circuit; eight threads had sent calls by then
    assert 1 <= tried <= 4
    assert alerts_of_outage == [("account_stopped", False)]
    assert len(service.zoom.webinars()) == 16
    assert alerts(service, cleared=True) == [("account_stopped", True)]


def test_operator_resumes_an_account(make_service: MakeService) -> None:
    service = make_service(zoom={"credentials": RIGHT})
    service.add(*events(4))
    service.settle()

    resumed = resume_account(service.context, ACCOUNT, AN_OPERATOR)
    service.settle()

    assert resumed == Resumed(was_paused=False, stops=1)
    assert token_requests(service) == 2  # one trial for all four runs
    assert states(service) == {"waiting"}
    with pytest.raises(NotFoundError, match="Did you mean main"):
        resume_account(service.context, "mein", AN_OPERATOR)


def test_notifications_and_pages_do_not_depend_on_the_account(make_service: MakeService) -> None:
    service = make_service(zoom={"credentials": RIGHT})
    service.add(an_event())
    service.settle()

    taken = service.tell("webinar.started", {"id": "1", "uuid": "abc==", "type": 5})

    assert taken.status == 204
    assert service.shown()["name"] == "Tides of Tomorrow"
    assert service.plan().waiting[0][1].startswith("Zoom account main is stopped")


def test_doctor_tells_of_the_alert_and_ends_it_once_it_is_content(make_service: MakeService) -> None:
    stopped = make_service(zoom={"credentials": RIGHT})
    stopped.add(an_event())
    stopped.settle()
    bad = {check.what: check for check in check_installation(stopped.context)}
    stopped.app.close()
    service = make_service(zoom={"credentials": RIGHT}, settings=MENDED)

    good = {check.what: check for check in check_installation(service.context)}

    assert (bad["account main: credentials"].ok, bad["alerts"].sentence) == (False, "1 open: zoom-ops alerts")
    assert (good["account main: credentials"].ok, good["alerts"].sentence) == (True, "none is open")
    service.settle()
    assert service.run("create_webinars")["state"] == "done"


def test_accounts_tell_token_and_calls_of_today(service: Service) -> None:
    service.context.gateway(ACCOUNT).get_host(HOST)
    service.zoom.fault("GET /users/*", "http", status=500)
    with pytest.raises(Exception, match="HTTP 500"):
        service.context.gateway(ACCOUNT).fetch_host(HOST)
    service.zoom.fault("GET /users/*", "html", status=404)
    with pytest.raises(Exception, match="not in the words of its API"):
        service.context.gateway(ACCOUNT).fetch_host(HOST)

    (account,) = show_accounts(service.context)

    left = account.pop("token_expires_in_s")
    assert 3590 < left <= 3600
    assert account == {
        "name": ACCOUNT,
        "state": "working",
        "since": None,
        "reason": None,
        "paused_by": None,
        "retry_at": None,
        "stopped_for": [],
        "calls_today": 5,
        "errors_today": 2,
    }


def test_paused_account_makes_no_call_and_its_runs_wait_until_it_is_resumed(service: Service) -> None:
    pause_account(service.context, ACCOUNT, "Ada changes the  app at Zoom.", AN_OPERATOR)
    service.add(*events(3))

    with service.calls() as calls:
        service.settle()
        for _ in range(8):  # no trial call ends a pause, however long it lasts
            service.later(timedelta(minutes=16))
    requested, (paused,) = token_requests(service), show_accounts(service.context)
    waiting, errors = states(service), {str(run.error or "") for run in service.runs()}
    open_alerts = alerts(service)
    resumed = resume_account(service.context, ACCOUNT, AN_OPERATOR)
    service.settle()

    assert (calls, requested) == ([], 0)
    assert (paused["state"], paused["paused_by"], paused["reason"]) == (
        "paused", AN_OPERATOR.name, "Ada changes the app at Zoom.",
    )  # fmt: skip
    assert waiting == {"waiting"}
    assert errors == {
        f"Zoom account {ACCOUNT} is paused by {AN_OPERATOR.name}: “Ada changes the app at Zoom”. "
        f"To go on: zoom-ops accounts resume {ACCOUNT}"
    }
    assert "account_stopped" not in dict(open_alerts)
    assert resumed == Resumed(was_paused=True, stops=0)
    assert len(service.zoom.webinars()) == 3
    (working,) = show_accounts(service.context)
    assert (working["state"], working["reason"], working["paused_by"]) == ("working", None, None)


def test_paused_account_is_not_asked_by_hand(service: Service) -> None:
    pause_account(service.context, ACCOUNT, "Ada changes the app at Zoom", AN_OPERATOR)

    checks = check_installation(service.context)

    assert token_requests(service) == 0
    (check,) = [check for check in checks if check.what == f"account {ACCOUNT}"]
    assert (check.ok, check.checked) == (True, False)
    assert f"by {AN_OPERATOR.name}" in check.sentence
    assert check.sentence.endswith(f": “Ada changes the app at Zoom”. To go on: zoom-ops accounts resume {ACCOUNT}")


def test_pause_and_stop_of_one_account_do_not_end_each_other(make_service: MakeService) -> None:
    service = make_service(zoom={"credentials": RIGHT})
    service.add(*events(1))
    service.settle()

    pause_account(service.context, ACCOUNT, "Looking into it", AN_OPERATOR)
    pause_account(service.context, ACCOUNT, "Zoom's support looks into it", AN_OPERATOR)
    (paused,) = show_accounts(service.context)
    wake_mended(service.context)
    resumed = resume_account(service.context, ACCOUNT, AN_OPERATOR)
    (stopped,) = show_accounts(service.context)

    assert (paused["state"], paused["reason"]) == ("paused", "Zoom's support looks into it")
    assert resumed == Resumed(was_paused=True, stops=1)
    assert stopped["state"] == "stopped"
    assert alerts(service) == [("account_stopped", False)]


@pytest.mark.parametrize("note", ["", "  \n ", "x" * 501])
def test_pause_without_a_fit_note_is_refused(service: Service, note: str) -> None:
    with pytest.raises(BadInputError, match="note"):
        pause_account(service.context, ACCOUNT, note, AN_OPERATOR)

    (account,) = show_accounts(service.context)
    assert account["state"] == "working"
