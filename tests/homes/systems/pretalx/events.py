"""Events in pretalx: the sessions of conferences."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import requests

from tests.homes.systems.making import ask_maker, make_many
from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import log_in_on_page, open_visit

VERSION = "v2"


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the token of an account, or of nobody."""
    token = {"authorization": f"Token {account.token}"} if account else {}
    return open_visit({"pretalx-version": VERSION, **token})


def log_in(running: Running, account: Account) -> requests.Session:
    """Return the session of a person who has logged in with a password, and sees pages."""
    form = {"login_email": account.login, "login_password": account.password}
    session = log_in_on_page(f"{running.url}/orga/login/", form, "pretalx_csrftoken")
    assert "login" not in session.get(f"{running.url}/orga/event/").url, account.login
    return session


def make_event(running: Running, event: SampleEvent, **more: Any) -> MadeEvent:
    """Make an event, as the admin; `do_not_record` may be true. Its time zone is that of all of them."""
    return make_events(running, [event], **more)[0]


def make_events(running: Running, events: Sequence[SampleEvent], **more: Any) -> list[MadeEvent]:
    """Make many events at once."""
    return make_many(running, events, conference=running.details["event"], **more)


def in_new_conference(running: Running) -> Running:
    """Make a conference, and return the same pretalx with it: a list of all that other tests made takes long."""
    slug = f"wsis-{uuid4().hex[:8]}"
    ask_maker(running, [{"conference": slug}])
    return replace(running, details={**running.details, "event": slug})


def read_event(running: Running, session: requests.Session, event_id: str) -> requests.Response:
    """Return the answer about an event with its speakers, times and links."""
    address = f"{running.url}/api/events/{running.details['event']}/submissions/{event_id}/"
    return session.get(address, params={"expand": "speakers,slots,resources,submission_type"})


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account."""
    return session.get(f"{running.url}/api/events/{running.details['event']}/submissions/")
