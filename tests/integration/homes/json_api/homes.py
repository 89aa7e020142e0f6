"""A JSON API that a test plays, and the home that reads it."""

from typing import Any

from pydantic import SecretStr

from tests.integration.homes.hostile import LIMITS, SECRET
from zoom_ops.clock import SystemClock
from zoom_ops.homes import EventRecords, Limits, settings_of
from zoom_ops.homes.json_api import open_home

EVENT = {
    "id": "1",
    "name": "How waves travel",
    "start": "2027-04-03T14:30:00+02:00",
    "end": "2027-04-03T15:45:00+02:00",
    "timezone": "Europe/Zurich",
}


def open_api(url: str, limits: Limits = LIMITS, **settings: Any) -> EventRecords:
    """Open the home at an address."""
    given = {
        "kind": "json_api",
        "url": url,
        "auth": {"scheme": "bearer", "secret": SecretStr(SECRET)},
        "list": {"path": "/events", "items": "data", "next": "json", "next_at": "next"},
        "record": "/events/{id}",
        "item": "data",
        "fields": {"title": "name", "start": "start", "end": "end", "timezone": "timezone"},
        "write": {"at": "links", "key": "key", "visibility": "visibility"},
    }
    return open_home("api", settings_of("json_api").model_validate(given | settings), SystemClock(), limits)
