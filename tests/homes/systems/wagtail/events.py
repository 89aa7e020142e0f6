"""Events in Wagtail: pages with fields of their own."""

from html import escape
from typing import Any, Literal
from uuid import uuid4

import requests

from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import log_in_on_page, open_visit


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the token of an account, or of nobody."""
    return open_visit({"authorization": f"Bearer {account.token}"} if account else {})


def log_in(running: Running, account: Account) -> requests.Session:
    """Return the session of a person who has logged in with a password, and sees pages."""
    form = {"username": account.login, "password": account.password}
    session = log_in_on_page(f"{running.url}/_util/login/", form, "csrftoken")
    assert "sessionid" in session.cookies, account.login
    return session


def make_event(
    running: Running, event: SampleEvent, *, section: Literal["events", "members"] = "events", **fields: Any
) -> MadeEvent:
    """Make a published event, as the admin, in a section; `fields` are more of those that the API takes."""
    body = {
        "meta": {"type": "programme.EventPage", "parent_id": running.details[section], "action": "publish"},
        "title": event.title,
        "slug": f"event-{uuid4().hex[:12]}",
        "start": event.starts_utc.isoformat(),
        "end": event.ends_utc.isoformat(),
        "timezone": event.timezone,
        "venue": "Zoom (webinar)",
        "body": f"<p>{escape(event.description)}</p>",
        "speakers": [
            {"name": f"{who.honorific} {who.name}", "organisation": who.affiliation} for who in event.speakers
        ],
        **fields,
    }
    answer = open_session(running, running.accounts["admin"]).post(f"{running.url}/api/v3/pages/", json=body)
    assert answer.ok, answer.text
    made, folder = answer.json(), "/" if section == "events" else "/for-members/"
    return MadeEvent(id=str(made["id"]), page=f"{folder}{body['slug']}/")


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event as it is published."""
    return session.get(f"{running.url}/api/v3/pages/{event_id}/")


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account: elsewhere a wrong token reads as a visitor."""
    return session.get(f"{running.url}/api/v3/whoami/")
