"""Events in Kinto: JSON records whose fields are ours to choose."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import requests

from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import open_visit, open_with_password


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the login of an account, or of nobody."""
    return open_with_password(account.login, account.password) if account else open_visit()


def make_event(
    running: Running, event: SampleEvent, *, event_id: str | None = None, collection: str = "events"
) -> MadeEvent:
    """Make an event, as the admin, in the collection `events` or `members`."""
    event_id = event_id or f"event-{uuid4().hex[:12]}"
    path = f"{running.details[collection]}/records/{event_id}"
    answer = open_session(running, running.accounts["admin"]).put(running.url + path, json={"data": as_record(event)})
    answer.raise_for_status()
    return MadeEvent(id=event_id, page=path)


def in_new_collection(running: Running) -> Running:
    """Make a public collection, and return the same Kinto with it: a list of all that other tests made takes long."""
    path = f"{running.details['events']}-{uuid4().hex[:8]}"
    body = {"permissions": {"write": ["account:bot"], "read": ["system.Everyone"]}}
    open_session(running, running.accounts["admin"]).put(running.url + path, json=body).raise_for_status()
    return replace(running, details={**running.details, "events": path})


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event of the collection `events`."""
    return session.get(f"{running.url}{running.details['events']}/records/{event_id}")


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account: of a public record, a wrong password reads as a visitor."""
    return session.get(f"{running.url}{running.details['members']}/records")


def as_record(event: SampleEvent) -> dict[str, Any]:
    """Return the fields of an event as the records here have them."""
    return {
        "name": event.title,
        "summary": event.description,
        "start": event.starts_local.isoformat(),
        "end": event.ends_local.isoformat(),
        "timezone": event.timezone,
        "status": "confirmed",
        "speakers": [
            {"prefix": who.honorific, "name": who.name, "organisation": who.affiliation, "email": who.email}
            for who in event.speakers
        ],
        "links": [],
    }
