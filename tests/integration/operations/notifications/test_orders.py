"""Notifications of an event's life in any order, twice, hours late or lost: the outcome equals that of the sweep."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ACCOUNT, an_event
from tests.integration.operations.recordings.test_monotonic import twice
from tests.integration.served import Served, visit_pages
from tests.integration.service import Service, take
from tests.setup.progress import DATABASE_KINDS
from zoom_ops.operations.notifications.intake import Intake

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG = (pytest.mark.long, pytest.mark.timeout(1200))
Received = tuple[dict[str, str], bytes]


@dataclass(frozen=True)
class Fate:
    """The fate of one notification: its place in the order, its deliveries (0: lost), and its delay."""

    place: int
    times: int
    late: timedelta


FATES = st.lists(
    st.builds(
        Fate,
        st.integers(0, 1_000),
        st.sampled_from([1, 1, 1, 2, 3, 0]),
        st.sampled_from([timedelta(), timedelta(), 20 * MINUTE, HOUR]),
    ),
    min_size=20,
    max_size=20,
)


class Life:
    """One event from its import to the day after, and what Zoom reported of it."""

    def __init__(self, service: Service, pages: Served, event_id: str) -> None:
        self.service, self.pages, self.event_id = service, pages, event_id
        self.received: list[Received] = []

    def live(self) -> None:
        """Play the event, and keep every notification of it back."""
        service, zoom = self.service, self.service.zoom
        service.ear.listener = self._catch
        start = (service.clock.now() + 2 * DAY).replace(microsecond=0)
        service.add(an_event(id=self.event_id, start=start, end=start + HOUR))
        service.settle()
        self.webinar_id = service.shown(self.event_id)["webinar"]["id"]
        service.clock.advance(start + HOUR - service.clock.now())
        self._hold(start - HOUR, practice=True, minutes=20)
        for part in (0, 1):
            uuid = self._hold(start + part * HOUR / 2, minutes=30, transcript=part == 0)
        zoom.call("PATCH", f"/meetings/{twice(uuid)}/recordings/settings", {"password": "N3w&tide!"})
        zoom.call("DELETE", f"/meetings/{twice(uuid)}/recordings?action=trash")
        zoom.call("PUT", f"/meetings/{twice(uuid)}/recordings/status", {"action": "recover"})
        service.await_notifications()
        service.ear.listener = None

    def hear(self, fates: list[Fate]) -> None:
        """Deliver the notifications that were kept back, each by its fate."""
        chosen = list(zip(fates, self.received, strict=False))
        for fate, received in sorted(chosen, key=lambda pair: pair[0].place):
            self.service.clock.advance(fate.late)
            for _ in range(fate.times):
                assert take(self.service.app, ACCOUNT, *received).status in (204, 401)  # 401: it is over a day old
                self.service.work()

    def sweep(self) -> None:
        """Fire the schedule twice, which finds what is still missing."""
        for _ in range(2):
            self.service.clock.advance(HOUR / 2)
            self.service.tick()
            self.service.work()

    def end(self) -> dict[str, Any]:
        """Return the outcome on the page, at Zoom and in our records, with the event's own id and start taken out."""
        document = self.pages.document(self.event_id)
        began = datetime.fromisoformat(document["start"])
        (webinar,) = [webinar for webinar in self.service.zoom.webinars() if webinar["id"] == self.webinar_id]
        shown = self.service.shown(self.event_id)
        return {
            "page": [
                (
                    datetime.fromisoformat(entry["start"]) - began,
                    entry["duration_s"],
                    self._plain(entry["url"]),
                    entry["state"],
                )
                for entry in document["recordings"]
            ],
            "links": [
                (entry["title"], self._plain(entry["url"] or ""), entry["state"]) for entry in document["attachments"]
            ],
            "plays": [self._plays(part) for part in range(1, len(document["recordings"]) + 1)],
            "zoom": (sorted(panelist["email"] for panelist in webinar["panelists"]), len(webinar["invitations"])),
            "binding": shown["webinar"]["state"],
            "recordings": [
                (
                    datetime.fromisoformat(entry["start"]) - began,
                    entry["state"],
                    sorted(f["kind"] for f in entry["files"]),
                )
                for entry in shown["recordings"]
            ],
        }

    def _plays(self, part: int) -> bool:
        """Return whether a part leads to where Zoom says now that it plays."""
        uuid = self.pages.document(self.event_id)["recordings"][part - 1]["uuid"]
        recording = self.service.zoom.call("GET", f"/meetings/{twice(uuid)}/recordings")
        expected = f"{recording['share_url']}?pwd={recording['recording_play_passcode']}"
        return self.pages.leads_to(self.event_id, part) == expected

    def _hold(self, start: datetime, **how: Any) -> str:
        (instance,) = self.service.zoom.hold(self.webinar_id, start=start.isoformat(), **how)
        return str(instance["uuid"])

    def _catch(self, headers: dict[str, str], body: bytes) -> Intake:
        self.received.append((headers, body))
        return Intake(status=204)

    def _plain(self, text: str) -> str:
        return text.replace(self.event_id, "EVENT")


@pytest.fixture
def lives(service: Service) -> Iterator[Iterator[Life]]:
    with visit_pages(service) as pages:
        yield (Life(service, pages, f"tides-{number}") for number in count())


@pytest.mark.parametrize(
    ("database_kind", "examples"),
    [("sqlite", 2), *(pytest.param(kind, 40, marks=LONG) for kind in DATABASE_KINDS)],
    indirect=["database_kind"],
)
def test_notifications_in_any_order_end_as_the_sweep_alone(lives: Iterator[Life], examples: int) -> None:
    alone = next(lives)
    alone.live()
    alone.sweep()
    expected = alone.end()
    assert [part[3] for part in expected["page"]] == ["published", "published"]
    assert expected["plays"] == [True, True]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(FATES)
    def check(fates: list[Fate]) -> None:
        life = next(lives)
        life.live()
        assert 10 < len(life.received) <= len(fates)
        life.hear(fates)
        if all(fate.times for fate in fates[: len(life.received)]):
            heard = life.end()
            assert (heard["page"], heard["plays"]) == (expected["page"], [True, True])
        life.sweep()
        assert life.end() == expected

    check()


def test_notifications_alone_end_as_the_sweep_alone(lives: Iterator[Life]) -> None:
    swept, heard, reversed_ = (next(lives) for _ in range(3))
    swept.live()
    swept.sweep()
    for life, back in ((heard, 1), (reversed_, -1)):
        life.live()
        life.hear([Fate(back * place, 2, timedelta()) for place in range(20)])

    assert heard.end() == swept.end()
    assert reversed_.end() == swept.end()
