"""What must be so at the end, counted at the practice Zoom and on the pages of both webs."""

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
        """Tell how many they were at the last look."""
        return len(self._left)

    def are_fewer(self) -> bool:
        """Look again; tell whether a link has come."""
        before = len(self)
        self._left = [(url, event) for url, event in self._left if not published(url, event)]
        return len(self) < before

    def are_none(self) -> bool:
        """Look again; tell whether all links have come."""
        self.are_fewer()
        return not self._left


def of_programme(zoom: PracticeZoom) -> list[Any]:
    """List the webinars of the programme: all but the demo's."""
    return [webinar for webinar in zoom.webinars() if webinar["topic"] != DEMO["name"]]


def count_unseated(zoom: PracticeZoom) -> int:
    """Count the events of the programme in whose webinars not everybody sits yet."""
    return EVENTS - sum(one == _ADDRESSES for one in seated(of_programme(zoom)))


def count_once(zoom: PracticeZoom, when: str) -> Iterator[Line]:
    """Count what each event must have had once."""
    webinars = of_programme(zoom)
    seats = [address for one in seated(webinars) for address in one]
    letters = [count for one in invited(webinars) for count in one.values()]
    yield exactly(EVENTS, f"{when}: webinars", len(webinars))
    yield exactly(EVENTS, f"{when}: events that have one", len(marks(webinars).keys() & _TOPICS.keys()))
    yield exactly(EVENTS * len(SPEAKERS), f"{when}: seats", len(seats))
    yield exactly(EVENTS * len(SPEAKERS), f"{when}: invitations", sum(letters))
    yield exactly(0, f"{when}: seated or invited twice", _twice(seated(webinars)) + sum(one - 1 for one in letters))
    yield exactly(0, f"{when}: webinars made and deleted again", len(zoom.state()["deleted_webinars"]))


def count_links(zoom: PracticeZoom, webs: Sequence[str]) -> Iterator[Line]:
    """Count the recordings, and on the pages of each web the links and where they lead."""
    shares = shares_of(zoom)
    yield exactly(EVENTS, "recordings at the practice Zoom, but for the demo's", len(zoom.state()["recordings"]) - 1)
    for number, url in enumerate(webs, start=1):
        shown = [link for event in _TOPICS.values() for link in published(url, event)]
        right = [event for event in _TOPICS.values() if leads_to(url, event).startswith(shares.get(event, "nowhere"))]
        yield exactly(EVENTS, f"links on the pages of web-{number}", len(shown))
        yield exactly(EVENTS, f"… that lead to the event's own recording, of web-{number}", len(right))


def shares_of(zoom: PracticeZoom) -> dict[str, str]:
    """Tell the share link of each event's recording."""
    state = zoom.state()
    events = {one["id"]: _TOPICS.get(one["topic"], DEMO["id"]) for one in state["webinars"]}
    return {events[one["id"]]: one["share_url"] for one in state["recordings"] if one["state"] == "completed"}


def leads_to(url: str, event: str) -> str:
    """Follow the link of an event's page one step."""
    reply = requests.get(f"{url}/events/{event}/recording", allow_redirects=False, timeout=10)
    return reply.headers.get("location", "")


def _twice(sittings: list[tuple[str, ...]]) -> int:
    return sum(len(one) - len(set(one)) for one in sittings)
