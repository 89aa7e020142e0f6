"""Counts at the practice Zoom and on the pages of both webs that must be right at the end."""

from collections.abc import Iterator, Sequence
from typing import Any

import requests

from tests.acceptance.programme import SPEAKERS, address_of, an_entry, invited, marks, published, seated
from tests.compose.table import Line, exactly
from tests.integration.service import PracticeZoom

EVENTS = 200
DEMO = an_entry(0, id="harbour-lights", name="Harbour Lights", series=None)
_ADDRESSES = tuple(sorted(map(address_of, SPEAKERS)))
_TOPICS = {an_entry(number)["name"]: an_entry(number)["id"] for number in range(1, EVENTS + 1)}


class Missing:
    """The events of the programme whose pages show no recording yet, of each web."""

    def __init__(self, webs: Sequence[str]) -> None:
        self._left = [(url, event) for url in webs for event in _TOPICS.values()]

    def __len__(self) -> int:
        """Return their number at the last look."""
        return len(self._left)

    def are_fewer(self) -> bool:
        """Look again; return whether there is a new link."""
        before = len(self)
        self._left = [(url, event) for url, event in self._left if not published(url, event)]
        return len(self) < before

    def are_none(self) -> bool:
        """Look again; return whether all links are there."""
        self.are_fewer()
        return not self._left


def of_programme(zoom: PracticeZoom) -> list[Any]:
    """List the webinars of the programme: all but the demo's."""
    return [webinar for webinar in zoom.webinars() if webinar["topic"] != DEMO["name"]]


def count_unseated(zoom: PracticeZoom) -> int:
    """Count the events of the programme whose webinars lack panelists."""
    return EVENTS - sum(addresses == _ADDRESSES for addresses in seated(of_programme(zoom)))


def count_once(zoom: PracticeZoom, when: str) -> Iterator[Line]:
    """Count what each event must have had exactly once."""
    webinars = of_programme(zoom)
    seats = [address for addresses in seated(webinars) for address in addresses]
    letters = [count for counts in invited(webinars) for count in counts.values()]
    yield exactly(EVENTS, f"{when}: webinars", len(webinars))
    yield exactly(EVENTS, f"{when}: events that have one", len(marks(webinars).keys() & _TOPICS.keys()))
    yield exactly(EVENTS * len(SPEAKERS), f"{when}: seats", len(seats))
    yield exactly(EVENTS * len(SPEAKERS), f"{when}: invitations", sum(letters))
    yield exactly(0, f"{when}: seated or invited twice", _twice(seated(webinars)) + sum(count - 1 for count in letters))
    yield exactly(0, f"{when}: webinars made and deleted again", len(zoom.state()["deleted_webinars"]))


def count_links(zoom: PracticeZoom, webs: Sequence[str]) -> Iterator[Line]:
    """Count the recordings, and on the pages of each web the links and their targets."""
    shares = shares_of(zoom)
    yield exactly(EVENTS, "recordings at the practice Zoom, but for the demo's", len(zoom.state()["recordings"]) - 1)
    for number, url in enumerate(webs, start=1):
        shown = [link for event in _TOPICS.values() for link in published(url, event)]
        right = [event for event in _TOPICS.values() if leads_to(url, event).startswith(shares.get(event, "nowhere"))]
        yield exactly(EVENTS, f"links on the pages of web-{number}", len(shown))
        yield exactly(EVENTS, f"… that lead to the event's own recording, of web-{number}", len(right))


def shares_of(zoom: PracticeZoom) -> dict[str, str]:
    """Map each event to the share link of its recording."""
    state = zoom.state()
    events = {webinar["id"]: _TOPICS.get(webinar["topic"], DEMO["id"]) for webinar in state["webinars"]}
    return {
        events[recording["id"]]: recording["share_url"]
        for recording in state["recordings"]
        if recording["state"] == "completed"
    }


def leads_to(url: str, event: str) -> str:
    """Return the target of the link on an event's page."""
    reply = requests.get(f"{url}/events/{event}/recording", allow_redirects=False, timeout=10)
    return reply.headers.get("location", "")


def _twice(sittings: list[tuple[str, ...]]) -> int:
    return sum(len(sitting) - len(set(sitting)) for sitting in sittings)
