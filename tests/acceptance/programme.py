"""A programme of many events, and counts of their results at the practice Zoom."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.acceptance.installation import Installation

FIRST = datetime(2040, 1, 1, 13, 30, tzinfo=UTC)
HOSTS = tuple(f"host-{number}@example.org" for number in range(4))
SPEAKERS = ("Amara Diallo", "Jonas Lindqvist", "Mei-Ling Chen")


def a_programme(count: int, **changes: Any) -> str:
    """Write this number of events as an import file: one a day, each with the same three speakers."""
    return json.dumps([an_entry(number, **changes) for number in range(1, count + 1)])


def an_entry(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Build an event in the form of an import."""
    return {
        "id": f"tides-{number:02}",
        "name": f"Tides of Tomorrow, part {number}",
        "series": "Harbour Talks",
        "start": (FIRST + timedelta(days=number - 1)).isoformat(),
        "end": (FIRST + timedelta(days=number - 1, minutes=75)).isoformat(),
        "timezone": "America/New_York",
        "performers": [{"kind": "speaker", "name": name, "email": address_of(name)} for name in SPEAKERS],
        "attachments": [{"title": "Recording", "kind": "recording", "state": "expected"}],
    } | changes


def address_of(name: str) -> str:
    """Return a speaker's address."""
    return f"{name.lower().replace(' ', '.')}@example.org"


def import_programme(installation: Installation, count: int) -> list[str]:
    """Import this number of events and return their ids."""
    name = installation.write("programme.json", a_programme(count))
    return [event["id"] for event in installation.run("events", "import", name, "--json").json]


def marks(webinars: list[Any]) -> Counter[str]:
    """Count the webinars of each event, by the marker in their last line."""
    return Counter(webinar["topic"] for webinar in webinars)


def seated(webinars: list[Any]) -> list[tuple[str, ...]]:
    """List the panelists' addresses of each webinar."""
    return [tuple(sorted(panelist["email"] for panelist in webinar["panelists"])) for webinar in webinars]


def invited(webinars: list[Any]) -> list[Counter[str]]:
    """Count the invitations to each webinar, by address."""
    return [Counter(invitation["email"] for invitation in webinar["invitations"]) for webinar in webinars]


def published(url: str, event: str) -> list[str]:
    """List the recordings that an event's page shows to everybody."""
    reply = requests.get(f"{url}/events/{event}.json", timeout=60)
    assert reply.status_code == 200, reply.text
    document = reply.json()
    shown = [entry["url"] for entry in document["attachments"] if entry["state"] == "published"]
    assert [recording["url"] for recording in document["recordings"]] == shown
    return shown
