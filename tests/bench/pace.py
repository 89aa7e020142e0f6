"""The use of the rate limit by many new events: the real daemon, a practice Zoom with the limits of Pro."""

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
    """The counts at the practice Zoom."""

    events: int
    hosts: int
    database: str
    label: str  # the busiest label
    done: dict[str, int]  # its completed calls, by method and last part of the path
    limit: int  # Zoom's limit, a second
    seconds: float  # from the first call of that label to the last
    refused: int  # answers with 429, of any label
    busiest: dict[str, int]  # the most calls of each label within any second, whatever the answers
    webinars: int
    seated_once: int  # webinars with all speakers as panelists, each invited once
    whole_seconds: float  # from the first call of all to the last

    @property
    def calls(self) -> int:
        """Count the completed calls of the busiest label."""
        return sum(self.done.values())

    @property
    def used(self) -> float:
        """Return the share of the limit that was used."""
        return self.calls / (self.limit * self.seconds) if self.seconds else 0.0

    @property
    def kept(self) -> bool:
        """Return whether no second had more calls than Zoom allows, and Zoom refused none."""
        return self.refused == 0 and all(most <= PER_SECOND[PLAN][label] for label, most in self.busiest.items())

    @property
    def complete(self) -> bool:
        """Return whether each event has its one webinar, and each speaker one seat and one invitation."""
        return self.webinars == self.seated_once == self.events


def measure_pace(
    folder: Path, database_url: str, *, events: int, hosts: int, patience_s: float, workers: int = 0
) -> Pace:
    """Import new events into an installation with production waits, and count until all speakers are seated.

    Without `workers` it is one daemon, else a cluster with that many workers.
    """
    with install(folder, database_url, plan=PLAN, limits=True) as installation:
        names = [f"host-{number:02}@example.org" for number in range(hosts)]
        installation.set(**dict.fromkeys(QUICK))  # the delivered settings
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
    """Write events that the hosts can share: `hosts` at the same time, three hours apart."""
    return [_entry(number, hosts) for number in range(1, events + 1)]


def _entry(number: int, hosts: int) -> Entry:
    start = _FIRST + ((number - 1) // hosts) * _A_SLOT
    return an_entry(number, start=start.isoformat(), end=(start + timedelta(minutes=75)).isoformat())


def _await_seats(installation: Installation, events: int, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while _seatings(installation.zoom.control("GET", "/requests")) < events and time.monotonic() < until:
        time.sleep(min(_POLL_S, max(0.2, events / 200)))
    time.sleep(1)  # the last run reads back the panelists


def _seatings(requests: list[Entry]) -> int:
    return sum(
        request["method"] == "POST" and request["path"].endswith("/panelists") and request["status"] == 201
        for request in requests
    )


def _count(installation: Installation, events: int, hosts: int) -> Pace:
    requests = installation.zoom.control("GET", "/requests")
    webinars = installation.zoom.webinars()
    done = [request for request in requests if request["status"] and request["status"] < 300 and request["label"]]
    label = Counter(request["label"] for request in done).most_common(1)[0][0]
    return Pace(
        events=events,
        hosts=hosts,
        database=installation.kind,
        label=label,
        done=Counter(
            f"{request['method']} {request['path'].rsplit('/')[-1]}" for request in done if request["label"] == label
        ),
        limit=PER_SECOND[PLAN][label],
        seconds=_span([request for request in requests if request["label"] == label]),
        refused=sum(request["status"] == 429 for request in requests),
        busiest={
            name: _busiest([request["at"] for request in requests if request["label"] == name])
            for name in PER_SECOND[PLAN]
        },
        webinars=len(webinars),
        seated_once=sum(
            len(sits) == len(mailed) and set(mailed.values()) == {1}
            for sits, mailed in zip(seated(webinars), invited(webinars), strict=True)
        ),
        whole_seconds=_span(requests),
    )


def _busiest(moments: list[float]) -> int:
    """Count the most calls within any second, with a sliding window."""
    return max((bisect_left(moments, first + 1) - place for place, first in enumerate(moments)), default=0)


def _span(requests: list[Entry]) -> float:
    return float(requests[-1]["at"] - requests[0]["at"]) if requests else 0.0
