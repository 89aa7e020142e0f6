"""Events in Indico."""

import re
from collections.abc import Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from tests.homes.systems.making import make_many
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import open_visit

_CSRF = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the token of an account, or of nobody. Indico refuses a cookie beside a token."""
    session = open_visit()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    if account:
        session.headers["authorization"] = f"Bearer {account.token}"
    return session


def log_in(running: Running, account: Account) -> requests.Session:
    """Return the session of a person who has logged in with a password, and sees pages."""
    session = open_visit()
    found = _CSRF.search(session.get(f"{running.url}/login/").text)
    assert found, "the page has no CSRF token"
    form = {"_provider": "indico", "identifier": account.login, "password": account.password, "csrf_token": found[1]}
    session.post(f"{running.url}/login/", data=form).raise_for_status()
    assert session.get(f"{running.url}/user/dashboard/", allow_redirects=False).status_code == 200, account.login
    return session


def make_event(running: Running, event: SampleEvent, **more: Any) -> MadeEvent:
    """Make an event, as the admin. `type` may be lecture; `submitters` names those with the permission `submit`."""
    return make_events(running, [event], **more)[0]


def make_events(running: Running, events: Sequence[SampleEvent], **more: Any) -> list[MadeEvent]:
    """Make many events at once."""
    return make_many(running, events, category=running.details["category"], **more)


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event, not from Indico's cache."""
    return session.get(
        f"{running.url}/export/event/{event_id}.json", params={"detail": "contributions", "nocache": "yes"}
    )


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account."""
    return session.get(f"{running.url}/api/user/")
