"""Events in pretalx: the sessions of one event of many days."""

from collections.abc import Sequence
from typing import Any

import requests

from tests.homes.systems.making import make_many
from tests.homes.systems.running import Account, MadeEvent, Running, new_session
from tests.homes.systems.sample import SampleEvent

VERSION = "v2"


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the token of an account, or of nobody."""
    session = new_session()
    session.headers["pretalx-version"] = VERSION
    if account:
        session.headers["authorization"] = f"Token {account.token}"
    return session


def log_in(running: Running, account: Account) -> requests.Session:
    """Return the session of a person who has logged in with a password, and sees pages."""
    session, address = new_session(), f"{running.url}/orga/login/"
    session.get(address).raise_for_status()  # it sets the cookie
    token = session.cookies["pretalx_csrftoken"]
    form = {"login_email": account.login, "login_password": account.password, "csrfmiddlewaretoken": token}
    session.post(address, data=form, headers={"referer": address}).raise_for_status()
    assert "login" not in session.get(f"{running.url}/orga/event/").url, account.login
    return session


def make_event(running: Running, event: SampleEvent, **more: Any) -> MadeEvent:
    """Make an event, as the admin; `do_not_record` may be true. Its time zone is that of all of them."""
    return make_events(running, [event], **more)[0]


def make_events(running: Running, events: Sequence[SampleEvent], **more: Any) -> list[MadeEvent]:
    """Make many events at once."""
    return make_many(running, events, **more)


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event with its speakers, times and links."""
    address = f"{running.url}/api/events/{running.details['event']}/submissions/{event_id}/"
    return session.get(address, params={"expand": "speakers,slots,resources,submission_type"})


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account."""
    return session.get(f"{running.url}/api/events/{running.details['event']}/submissions/")
