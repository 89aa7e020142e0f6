"""The stage of links where the event is in other systems, too: late, stuck or held up, with the home's name."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ACCOUNT, END, EVENT_ID, UUID, a_publication
from tests.unit.planning.test_links import a_link, a_record
from tests.unit.stages.test_stages import BOUND, LONG_AGO, a_recording, a_run, facts, stage
from zoom_ops.messages import as_said
from zoom_ops.messages import stages as say
from zoom_ops.planning import Observed, ObservedLink, ObservedRecord, plan
from zoom_ops.stages import EventFacts, RunFacts, find_unexplained, stages_of, troubles_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PUBLISHED = END + 3 * HOUR
LINKED = ObservedLink(key=UUID, written=a_link(), seen=a_link())
CHANGED = ObservedLink(key=UUID, written=a_link(), seen=a_link(title="Watch it"))


def linked(
    after: timedelta, *records: ObservedRecord, runs: dict[str, RunFacts] | None = None, **changes: Any
) -> EventFacts:
    """Build the facts of an event so long after its recording was published on our own page."""
    observed = Observed(
        account=ACCOUNT,
        bound=BOUND,
        recordings=(a_recording(uuid=UUID),),
        publications=(a_publication(published_at=PUBLISHED, **changes),),
        records=records,
        recording_address=a_publication().url,
    )
    known = facts(PUBLISHED + after, BOUND, observed=observed, fetched_at=PUBLISHED, link_runs=runs or {})
    return replace(known, plan=plan(known.event, known.profile, observed, known.now))


def a_link_run(**changes: Any) -> RunFacts:
    return a_run("publish_links", **changes)


def test_links_are_written_once_every_home_shows_them() -> None:
    assert stage(linked(DAY, a_record(LINKED)), "links").state == "done"
    assert stage(linked(MINUTE, a_record(LINKED), a_record(home="site", place="home site")), "links").state == "ahead"


def test_link_that_a_home_lacks_after_an_hour_is_late() -> None:
    known = stage(linked(2 * HOUR, a_record()), "links")

    assert (known.state, known.reason) == ("late", "The recording is not on Indico (home events) yet.")
    assert known.action == f"To have it done at once: zoom-ops run publish_links --event {EVENT_ID}"


@pytest.mark.parametrize(
    ("run", "state"),
    [
        ({"state": "active", "failures": 1}, "waits"),
        ({"state": "active", "failures": 2}, "stuck"),
        ({"state": "parked"}, "stuck"),
    ],
)
def test_home_that_is_down_or_refuses_holds_its_link_up(run: dict[str, Any], state: str) -> None:
    error = "events does not answer: connection refused."
    known = linked(
        MINUTE, a_record(), runs={"events": a_link_run(error=as_said(error), next_at=PUBLISHED + HOUR, **run)}
    )

    found = stage(known, "links")

    assert found.state == state
    assert found.message
    assert found.message.code == "stages.links_held_up"
    assert found.message.values["missing"] == (say.NOT_ON_PLACE(place="Indico (home events)"),)
    assert error in found.reason
    assert find_unexplained(known, stages_of(known)) == ()


def test_link_that_people_changed_is_stuck_until_an_operator_decides() -> None:
    known = linked(MINUTE, a_record(CHANGED), a_record(home="site", place="home site"))

    found = stage(known, "links")
    (trouble,) = troubles_of(known, stages_of(known))

    assert found.state == "stuck"
    assert "Somebody changed the link" in found.reason
    assert str(say.NOT_ON_PLACE(place="home site")) in found.reason
    assert (trouble.kind, str(trouble.message).count("zoom-ops homes show")) == ("link_changed", 1)


def test_withdrawn_recording_is_late_while_a_home_links_it() -> None:
    known = linked(2 * HOUR, a_record(LINKED), state="withdrawn")
    known = replace(known, plan=known.plan.only(("PublishLink", "WithdrawLink")))

    found = stage(known, "links")

    assert found.message
    assert (found.state, found.message.values["what"]) == ("late", (say.STILL_ON_PLACE(place="Indico (home events)"),))


def test_run_for_a_home_that_no_stage_accounts_for_is_a_problem_of_its_own() -> None:
    known = linked(DAY, a_record(LINKED), runs={"events": a_link_run(since=LONG_AGO)})

    (trouble,) = troubles_of(known, stages_of(known))

    assert trouble.kind == "run_failed"
