"""How well the rate limit is used: many new events at once, the real daemon, a practice Zoom with the limits of Pro."""

import json
import time
from bisect import bisect_left
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.installation import QUICK, Installation, install
from tests.acceptance.nodes import make_cluster, nodes
from tests.acceptance.programme import an_entry, invited, seated
from zoom_ops.sandbox.limits import PER_SECOND

PLAN = "pro"
BUDGET = 0.85
_FIRST = datetime(2040, 1, 2, 8, 0, tzinfo=UTC)
_A_SLOT = timedelta(hours=3)
_POLL_S = 2.0

Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What was counted at the practice Zoom."""

    events: int
    hosts: int
    database: str
    label: str  # the busiest one
    done: dict[str, int]  # the completed calls of it, by what was asked
    limit: int  # Zoom's, a second
    seconds: float  # from the first call of that label to the last
    refused: int  # answers with 429, of any label
    busiest: dict[str, int]  # calls of each label within any second, however they were answered
    webinars: int
    seated_once: int  # webinars in which every speaker sits, each invited once
    whole_seconds: float  # from the first call of all to the last

    @property
    def calls(self) -> int:
        """Count the completed calls of the busiest label."""
        return sum(self.done.values())

    @property
    def used(self) -> float:
        """Tell which share of the limit was used."""
        return self.calls / (self.limit * self.seconds) if self.seconds else 0.0

    @property
    def kept(self) -> bool:
        """Tell whether no second held more than Zoom allows, and Zoom refused nothing."""
        return self.refused == 0 and all(most <= PER_SECOND[PLAN][label] for label, most in self.busiest.items())

    @property
    def complete(self) -> bool:
        """Tell whether each event has its one webinar, and each speaker his one seat and invitation."""
        return self.webinars == self.seated_once == self.events


def measure_pace(
    folder: Path, database_url: str, *, events: int, hosts: int, patience_s: float, workers: int = 0
) -> Pace:
    """Import so many new events into an installation with production waits, and count until all are seated.

    Without `workers` it is one daemon; else a cluster with so many.
    """
    with install(folder, database_url, plan=PLAN, limits=True) as installation:
        names = [f"host-{number:02}@example.org" for number in range(hosts)]
        installation.set(**dict.fromkeys(QUICK))  # as it is delivered
        installation.set_account(HOSTS=json.dumps(names), PLAN=PLAN)
        if workers:
            make_cluster(installation)
        file = installation.write("programme.json", json.dumps(a_programme_side_by_side(events, hosts)))
        installation.run("events", "import", file, "--json")
        with ExitStack() as stack:
            running = stack.enter_context(nodes(installation, workers) if workers else installation.daemon())
            _await_seats(installation, events, patience_s)
            running.stop()
        return _count(installation, events, hosts)


def a_programme_side_by_side(events: int, hosts: int) -> list[Entry]:
    """Write events of which each host can hold its share: so many side by side, three hours apart."""
    return [_entry(number, hosts) for number in range(1, events + 1)]


def _entry(number: int, hosts: int) -> Entry:
    start = _FIRST + ((number - 1) // hosts) * _A_SLOT
    return an_entry(number, start=start.isoformat(), end=(start + timedelta(minutes=75)).isoformat())


def _await_seats(installation: Installation, events: int, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while _seatings(installation.zoom.control("GET", "/requests")) < events and time.monotonic() < until:
        time.sleep(min(_POLL_S, max(0.2, events / 200)))
    time.sleep(1)  # the last one reads back whom it has seated


def _seatings(asked: list[Entry]) -> int:
    return sum(one["method"] == "POST" and one["path"].endswith("/panelists") and one["status"] == 201 for one in asked)


def _count(installation: Installation, events: int, hosts: int) -> Pace:
    asked = installation.zoom.control("GET", "/requests")
    webinars = installation.zoom.webinars()
    done = [one for one in asked if one["status"] and one["status"] < 300 and one["label"]]
    label = Counter(one["label"] for one in done).most_common(1)[0][0]
    return Pace(
        events=events,
        hosts=hosts,
        database=installation.kind,
        label=label,
        done=Counter(f"{one['method']} {one['path'].rsplit('/')[-1]}" for one in done if one["label"] == label),
        limit=PER_SECOND[PLAN][label],
        seconds=_span([one for one in asked if one["label"] == label]),
        refused=sum(one["status"] == 429 for one in asked),
        busiest={name: _busiest([one["at"] for one in asked if one["label"] == name]) for name in PER_SECOND[PLAN]},
        webinars=len(webinars),
        seated_once=sum(
            len(sits) == len(mailed) and set(mailed.values()) == {1}
            for sits, mailed in zip(seated(webinars), invited(webinars), strict=True)
        ),
        whole_seconds=_span(asked),
    )


def _busiest(moments: list[float]) -> int:
    """Count the most within any second; seconds slide, they do not begin with the clock's."""
    return max((bisect_left(moments, first + 1) - place for place, first in enumerate(moments)), default=0)


def _span(asked: list[Entry]) -> float:
    return float(asked[-1]["at"] - asked[0]["at"]) if asked else 0.0
