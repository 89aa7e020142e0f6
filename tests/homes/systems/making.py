"""The tests' side of `inside/maker.py`: it starts the program beside a system, and asks it for events."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from tests.homes.systems.place import Place
from tests.homes.systems.running import MadeEvent, Running
from tests.homes.systems.sample import SampleEvent

_TIMEOUT_S = 300


def start_maker(place: Place, script: Path, environ: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Start a script that sets a system up and then serves; return its address and what it has to tell."""
    port, boot = place.port(), place.folder / "boot.json"
    paths = {"PYTHONPATH": str(Path(__file__).with_name("inside"))}
    process = place.run("maker", place.python, script, str(port), boot, environ={**environ, **paths})
    place.wait_for_file("maker", process, boot)
    return f"http://127.0.0.1:{port}", json.loads(boot.read_text("utf-8"))


def make_many(running: Running, events: Sequence[SampleEvent], **more: Any) -> list[MadeEvent]:
    """Make events; `more` are fields that only this system knows."""
    return ask_maker(running, [as_fields(event) | more for event in events])


def ask_maker(running: Running, bodies: Sequence[Mapping[str, Any]]) -> list[MadeEvent]:
    """Ask the maker for what only this system knows; return the events that it made."""
    answer = requests.post(running.details["maker"], json=list(bodies), timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return [MadeEvent(**made) for made in answer.json()]


def as_fields(event: SampleEvent) -> dict[str, Any]:
    """Return an event as JSON, its times in UTC."""
    return {
        "title": event.title,
        "description": event.description,
        "start": event.starts_utc.isoformat(),
        "end": event.ends_utc.isoformat(),
        "timezone": event.timezone,
        "speakers": [
            {
                "honorific": who.honorific,
                "given_name": who.given_name,
                "family_name": who.family_name,
                "affiliation": who.affiliation,
                "email": who.email,
            }
            for who in event.speakers
        ],
    }
