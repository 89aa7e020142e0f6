"""Whatever Zoom answers and reports, in any order: a published recording stays, and ends in Zoom's own state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import an_event
from tests.integration.operations.recordings.test_monotonic import BAD, WITHOUT, twice
from tests.integration.served import Served, visit_pages
from tests.integration.service import Service
from tests.setup.progress import DATABASE_KINDS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = (pytest.mark.long, pytest.mark.timeout(1200))
ZOOMS_WORD = (3301, 3001)  # with these codes Zoom says that it has no recording
FEW = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Story:
    """One event whose recording is published, and what happens to it."""

    service: Service
    pages: Served
    event_id: str
    webinar_id: int
    uuid: str
    links: set[str] = field(default_factory=set)  # every link that Zoom has had for the recording
    removal_reported: bool = False
    may_be_withdrawn: bool = False
    in_trash: bool = False
    denied: bool = False  # whether Zoom would now deny that it has the recording
    steps: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/meetings/{twice(self.uuid)}/recordings"

    def genuine(self) -> dict[str, Any]:
        self.service.zoom.mend()
        self.denied = False
        return dict(self.service.zoom.call("GET", self.path))

    def note_link(self) -> str:
        recording = self.genuine()
        self.links.add(recording["share_url"])
        self.links.add(recording["recording_play_passcode"])
        return str(recording["share_url"])

    def bad_answer(self, lack: str) -> None:
        if not self.in_trash:
            body = self.genuine() | BAD[lack]
            self.service.zoom.fault("GET /meetings/*/recordings", "http", status=200, body=body, times=None)

    def refusal(self, number: int) -> None:
        self.service.zoom.mend()
        for call in ("GET /meetings/*/recordings", "GET /users/*/recordings"):
            self.service.zoom.fault(call, "http", **{"status": 200, **WITHOUT[number]}, times=None)
        self.denied = WITHOUT[number].get("code") in ZOOMS_WORD

    def page_of_html(self) -> None:
        self.service.zoom.fault("GET /**", "html", times=None)

    def mend(self) -> None:
        self.service.zoom.mend()
        self.denied = False

    def tell(self, kind: str) -> None:
        self.removal_reported |= kind in ("recording.trashed", "recording.deleted")
        self.service.tell(kind, {"id": self.webinar_id, "uuid": self.uuid, "type": 5})

    def change_passcode(self) -> None:
        if not self.in_trash:
            self.mend()
            self.service.zoom.call("PATCH", f"{self.path}/settings", {"password": f"N3w&tide{len(self.links)}"})
            self.note_link()

    def trash(self) -> None:
        if not self.in_trash:
            self.mend()
            self.in_trash = True
            self.service.zoom.call("DELETE", f"{self.path}?action=trash")

    def recover(self) -> None:
        if self.in_trash:
            self.mend()
            self.in_trash = False
            self.service.zoom.call("PUT", f"{self.path}/status", {"action": "recover"})

    def sweep(self, after: timedelta) -> None:
        self.service.clock.advance(after)
        self.service.tick("fetch_recordings", "publish_recordings")

    def look(self) -> None:
        """Check that the page shows what it may show after all steps so far."""
        self.may_be_withdrawn |= self.removal_reported and (self.in_trash or self.denied)
        answer = self.pages.recording(self.event_id)
        if answer.status_code == 404:
            assert self.may_be_withdrawn, self.steps
            return
        assert answer.status_code == 303, self.steps
        share, _, passcode = answer.headers["Location"].partition("?pwd=")
        assert {share, passcode} <= self.links, self.steps


HAPPENS: dict[str, Callable[[Story], None]] = {
    **{f"answer with {lack}": (lambda story, lack=lack: story.bad_answer(lack)) for lack in BAD},  # type: ignore[misc]
    **{f"refuse {n}": (lambda story, n=n: story.refusal(n)) for n in range(len(WITHOUT))},  # type: ignore[misc]
    "answer with a page": Story.page_of_html,
}
CHANGES: dict[str, Callable[[Story], None]] = {
    "mend": Story.mend,
    "change the passcode": Story.change_passcode,
    "trash": Story.trash,
    "recover": Story.recover,
}
ASKS: dict[str, Callable[[Story], None]] = {
    **{
        f"recording.{word}": (lambda story, word=word: story.tell(f"recording.{word}"))  # type: ignore[misc]
        for word in ("completed", "transcript_completed", "trashed", "deleted", "recovered")
    },
    "sweep": lambda story: story.sweep(HOUR),
    "sweep a day later": lambda story: story.sweep(DAY),
    "ask by hand": lambda story: story.service.ask("fetch_recordings", story.event_id) and None,
}
STEPS = HAPPENS | CHANGES | ASKS
SEQUENCES = st.lists(
    st.tuples(st.one_of(st.sampled_from(list(HAPPENS)), st.sampled_from(list(CHANGES))), st.sampled_from(list(ASKS))),
    min_size=3,
    max_size=6,
)


def begin(service: Service, pages: Served, number: int) -> Story:
    """Publish an event's recording. Lose every notification from then on."""
    service.hear()
    event_id = f"tides-{number}"
    start = (service.clock.now() + DAY).replace(microsecond=0)
    service.add(an_event(id=event_id, start=start, end=start + HOUR))
    service.settle()
    webinar_id = service.shown(event_id)["webinar"]["id"]
    service.clock.advance(DAY + HOUR)
    (held,) = service.zoom.hold(webinar_id, minutes=60)
    service.settle()
    service.stop_hearing()
    story = Story(service, pages, event_id, webinar_id, held["uuid"])
    story.note_link()
    return story


def check(service: Service, pages: Served, number: int, steps: list[tuple[str, str]]) -> None:
    story = begin(service, pages, number)
    story.look()
    for step in chain.from_iterable(steps):
        story.steps.append(step)
        STEPS[step](story)
        service.settle()
        story.look()

    story.mend()
    if story.in_trash:
        story.tell("recording.trashed")
    service.settle()
    story.sweep(DAY)
    service.settle()
    service.later(HOUR)

    answer = pages.recording(story.event_id)
    if story.in_trash:
        assert answer.status_code == 404, steps
    else:
        recording = story.genuine()
        assert answer.headers["Location"].split("?pwd=") == [
            recording["share_url"],
            recording["recording_play_passcode"],
        ], steps


@pytest.mark.parametrize(
    ("database_kind", "count"),
    [("sqlite", 2), *(pytest.param(kind, 60, marks=LONG) for kind in DATABASE_KINDS)],
    indirect=["database_kind"],
)
def test_published_recording_survives_whatever_zoom_answers_and_tells(service: Service, count: int) -> None:
    numbers = iter(range(1_000))

    with visit_pages(service) as pages:

        @settings(FEW, max_examples=count)
        @given(SEQUENCES)
        def stories(steps: list[tuple[str, str]]) -> None:
            check(service, pages, next(numbers), steps)

        stories()
