"""The status of an event's webinar, from Zoom's notifications, its links and its profile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import END, START, a_profile, an_event
from zoom_ops.access import Entrance, LiveStatus
from zoom_ops.operations.views.live_status import make_live_status

DAY = timedelta(days=1)
DUE = END + timedelta(minutes=150) + DAY
PUBLIC = a_profile(join="public")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A row of Zoom's notifications about one instance."""

    started_at: datetime | None = START
    ended_at: datetime | None = None
    recorded: bool = False
    practice: bool = False


def air(*runs: Run, entrance: Entrance = "join", profile: Any = PUBLIC, **changes: Any) -> LiveStatus:
    rows: Any = runs
    return make_live_status(an_event(**changes), rows, entrance, profile, DAY)


@pytest.mark.parametrize(
    ("runs", "live", "over"),
    [
        ((), False, False),
        ((Run(),), True, False),
        ((Run(ended_at=END),), False, True),
        ((Run(ended_at=END, practice=True),), False, True),  # Zoom may only mean that there was practice before
        ((Run(ended_at=START + timedelta(minutes=1), practice=True),), False, False),
        ((Run(ended_at=START), Run()), True, False),  # it was started again
        ((Run(recorded=True),), False, False),  # the recording is complete, although no notification reported the end
        ((Run(started_at=START - DAY),), True, False),
        ((Run(started_at=START - DAY - timedelta(seconds=1)),), False, False),  # of another date
        ((Run(started_at=None, ended_at=START - timedelta(minutes=1)),), False, False),  # a test before the event
    ],
)
def test_webinar_is_live_until_it_is_over(runs: tuple[Run, ...], live: bool, over: bool) -> None:
    status = air(*runs)

    assert (status.live, status.over) == (live, over)


@pytest.mark.parametrize(
    ("join", "entrance", "leads"),
    [
        ("public", "join", ("join", "public")),
        ("public", "registration", ("registration", "public")),
        ("members", "join", ("join", "members")),
        ("invitation", "join", ("invitation", "public")),
        ("invitation", "registration", ("invitation", "public")),
        ("invitation", "none", ("none", "public")),
    ],
)
def test_profile_says_whom_the_page_leads_in(join: str, entrance: Entrance, leads: tuple[str, str]) -> None:
    status = air(entrance=entrance, profile=a_profile(join=join))

    assert (status.entrance, status.visibility) == leads


def test_page_leads_nobody_in_unless_a_profile_says_so() -> None:
    assert air(profile=a_profile()).entrance == air(profile=None).entrance == "invitation"


@pytest.mark.parametrize(
    ("changes", "profile", "due"),
    [
        ({}, PUBLIC, DUE),
        ({"consent": "ask"}, None, DUE),
        ({}, a_profile(publish_after_minutes=60), DUE + timedelta(hours=1)),
        ({"consent": "do_not_record"}, PUBLIC, None),
    ],
)
def test_recording_is_due_twice_its_length_after_the_end_and_a_margin(
    changes: dict[str, str], profile: Any, due: datetime | None
) -> None:
    assert air(profile=profile, **changes).recording_due == due
