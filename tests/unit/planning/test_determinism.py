"""The fifth law of planning across processes: equal input gives equal bytes in another process too."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    AMARA,
    NOW,
    a_booking,
    a_bound,
    a_host_on_offer,
    a_note,
    a_performer,
    a_profile,
    a_publication,
    a_recording_seen,
    an_event,
    an_observed,
    an_observed_webinar,
    some_seats,
)
from tests.root import ROOT
from tests.unit.planning.worlds import World
from zoom_ops.planning import Plan, digest_of, plan
from zoom_ops.planning.desired import desired_fields

_PROGRAM = """
import pickle, sys
from zoom_ops.planning import digest_of, plan
for world in pickle.load(sys.stdin.buffer):
    made = plan(world.event, world.profile, world.observed, world.now)
    print(digest_of(made.actions), made.model_dump_json())
"""
_CROWD = tuple(a_performer(name=f"Speaker {n}", email=f"speaker.{n % 50}@example.org") for n in range(70))


@pytest.mark.process
def test_plan_has_equal_bytes_in_every_process() -> None:
    worlds = _worlds()

    here = "".join(f"{digest_of(plan.actions)} {plan.model_dump_json()}\n" for plan in map(_plan, worlds))
    elsewhere = [_plan_elsewhere(worlds, seed) for seed in ("0", "4242")]

    assert all(output == here for output in elsewhere)
    assert {action.kind for plan in map(_plan, worlds) for action in plan.actions} == {
        "AddPanelists", "CancelWebinar", "CreateWebinar", "PublishRecording", "RemovePanelist", "UpdateWebinar",
        "WithdrawRecording",
    }  # fmt: skip


def _plan(world: World) -> Plan:
    return plan(world.event, world.profile, world.observed, world.now)


def _plan_elsewhere(worlds: tuple[World, ...], seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=pickle.dumps(worlds),
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "1"},
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.decode()


def _worlds() -> tuple[World, ...]:
    profile, crowd = a_profile(), an_event(performers=_CROWD, name="مدّ 🌊 Tides", timezone="Europe/Tallinn")
    drifted = a_bound(known=desired_fields(crowd, profile, "elsewhere"))
    both = (a_recording_seen(state="trashed"), a_recording_seen(uuid="second"))
    cases = (
        (an_event(), an_observed()),
        (crowd, an_observed(hosts=tuple(a_host_on_offer(email=f"host{n}@example.org") for n in range(9)))),
        (crowd, an_observed_webinar(bound=drifted, seats=some_seats(an_event(performers=(AMARA, *_CROWD[40:]))))),
        (an_event(status="cancelled"), an_observed_webinar(recordings=both, publications=(a_publication(),))),
        (an_event(needs_review=(a_note(field="start"), a_note(field="name"))), an_observed()),
        (an_event(), an_observed(bookings=tuple(a_booking(event=f"other-{n}") for n in range(5)))),
    )
    return tuple(
        World(event=event, profile=profile, observed=replace(observed, account="main"), now=NOW + timedelta(hours=1))
        for event, observed in cases
    )
