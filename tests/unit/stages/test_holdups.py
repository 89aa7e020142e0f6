"""What holds work up: the worst reason is chosen, and each names what comes next."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, NOW
from zoom_ops.messages import as_said, plans
from zoom_ops.stages import AccountStop, Holdup, RunFacts, ServiceFacts, find_holdup, find_service_holdups

JOB = "create_webinars"
STOP = AccountStop(account=ACCOUNT, message=as_said("Zoom account main is stopped: no. Correct it."), since=NOW)
PAUSE = replace(STOP, message=as_said("Zoom account main is paused by root: a move. To go on: resume it."), paused=True)
ONE_VERB = replace(STOP, verb="add_panelists", message=as_said("Zoom account main is stopped for one thing: no scope."))
ALL_IS_WELL = ServiceFacts()


def a_run(**changes: Any) -> RunFacts:
    """Build an active run that has not been tried."""
    return RunFacts(**{"id": 12, "job": JOB, "state": "active", "since": NOW} | changes)


@pytest.mark.parametrize(
    ("run", "service", "sentence"),
    [
        (
            a_run(state="failed", error=as_said("Not so")),
            ALL_IS_WELL,
            f"Run 12 ({JOB}) has failed: Not so. Mend the cause, then: zoom-ops runs retry 12",
        ),
        (
            a_run(state="parked", error=plans.LIVE_WOULD_END(webinar=8)),
            ALL_IS_WELL,
            f"Run 12 ({JOB}) waits for an operator: Webinar 8 is live; it would be cancelled. "
            "An operator may do it with --force. "
            "Then: zoom-ops runs retry 12 --force",
        ),
        (
            a_run(state="parked", error=as_said("There is no profile 'lecture'."), missing="profile lecture"),
            ALL_IS_WELL,
            f"Run 12 ({JOB}) waits for the configuration: There is no profile 'lecture'. Put the profile lecture "
            "into the files: the run goes on by itself. Is it read? zoom-ops config diff",
        ),
        (
            a_run(error=as_said("No answer."), failures=3, next_at=NOW + timedelta(minutes=5)),
            ALL_IS_WELL,
            f"{JOB} failed 3 times in a row: No answer. It is tried again on 2040-01-24 12:05 UTC.",
        ),
        (
            a_run(error=as_said("No host is free."), waiting=True, next_at=NOW + timedelta(minutes=15)),
            ALL_IS_WELL,
            "No host is free. It is tried again on 2040-01-24 12:15 UTC.",
        ),
        (
            None,
            ServiceFacts(paused_jobs={JOB: "the hosts move."}),
            f"The job {JOB} is paused: “the hosts move”. To resume it: zoom-ops jobs resume {JOB}",
        ),
        (
            None,
            ServiceFacts(stops=(PAUSE,)),
            "Zoom account main is paused by root: a move. To go on: resume it.",
        ),
    ],
)
def test_holdup_says_what_happened_and_what_comes_next(
    run: RunFacts | None, service: ServiceFacts, sentence: str
) -> None:
    holdup = find_holdup(JOB, ACCOUNT, run, service)

    assert holdup is not None
    assert str(holdup.message) == sentence


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        (ServiceFacts(is_performing=False, stops=(STOP,), paused_jobs={JOB: ""}), "no_process"),
        (ServiceFacts(stops=(ONE_VERB, STOP), paused_jobs={JOB: ""}), "account_stopped"),
        (ServiceFacts(stops=(ONE_VERB,), paused_jobs={JOB: ""}), "failed"),
        (ServiceFacts(stops=(replace(STOP, account="other"),)), "failed"),
    ],
)
def test_outage_comes_before_what_became_of_the_run(service: ServiceFacts, kind: str) -> None:
    holdup = find_holdup(JOB, ACCOUNT, a_run(state="failed", error=as_said("Not so.")), service)

    assert holdup is not None
    assert holdup.kind == kind


@pytest.mark.parametrize(
    "run", [None, a_run(), a_run(state="done"), a_run(state="cancelled", error=as_said("Not so."))]
)
def test_nothing_holds_up_what_has_not_failed(run: RunFacts | None) -> None:
    assert find_holdup(JOB, ACCOUNT, run, ALL_IS_WELL) is None


def test_stops_of_the_service_are_ordered_and_those_of_one_account_are_chosen() -> None:
    other = replace(STOP, account="another", retry_at=NOW)
    service = ServiceFacts(is_performing=False, heard_at=NOW, stops=(ONE_VERB, STOP, other))

    found = find_service_holdups(service)

    assert [(holdup.kind, holdup.account) for holdup in found] == [
        ("no_process", None),
        ("account_stopped", "another"),
        ("account_stopped", ACCOUNT),
        ("partly_stopped", ACCOUNT),
    ]
    assert find_service_holdups(service, "another") == (
        found[0],
        Holdup(
            kind="account_stopped",
            message=STOP.message,
            since=NOW,
            until=NOW,
            account="another",
        ),
    )
