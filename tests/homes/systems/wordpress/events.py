"""Events in WordPress: pages or posts whose text is an announcement, or entries of a type of its own with dates."""

from typing import Any, Literal
from urllib.parse import urlsplit

import requests

from tests.homes.systems.running import Account, MadeEvent, Running
from tests.homes.systems.sample import SampleEvent
from tests.homes.systems.sessions import open_visit, open_with_password

Kind = Literal["pages", "posts", "events"]


def open_session(running: Running, account: Account | None = None) -> requests.Session:
    """Return a session with the application password of an account, or of nobody."""
    return open_with_password(account.login, account.token) if account else open_visit()


def log_in(running: Running, account: Account) -> requests.Session:
    """Return the session of a person who has logged in with a password, and sees pages."""
    session = open_session(running)
    form = {"log": account.login, "pwd": account.password, "testcookie": "1"}
    cookies = {"wordpress_test_cookie": "WP%20Cookie%20check"}
    session.post(f"{running.url}/wp-login.php", data=form, cookies=cookies).raise_for_status()
    assert any(name.startswith("wordpress_logged_in") for name in session.cookies.get_dict()), (
        f"{account.login} has no login"
    )
    return session


def make_event(
    running: Running, event: SampleEvent, *, kind: Kind = "pages", status: str = "publish", **fields: Any
) -> MadeEvent:
    """Make an event, as the admin. `fields` are more of those that the API takes, such as `parent` or `content`."""
    body = {"title": event.title, "content": event.as_html(), "status": status, **fields}
    if kind == "events":
        body["meta"] = {
            "event_start_utc": f"{event.starts_utc:%Y-%m-%dT%H:%M:%SZ}",
            "event_end_utc": f"{event.ends_utc:%Y-%m-%dT%H:%M:%SZ}",
            "event_timezone": event.timezone,
        }
    session = open_session(running, running.accounts["admin"])
    answer = session.post(f"{running.url}/wp-json/wp/v2/{kind}", json=body)
    answer.raise_for_status()
    made = answer.json()
    address = urlsplit(made["link"])
    return MadeEvent(id=str(made["id"]), page=address.path + (f"?{address.query}" if address.query else ""))


def read_event(
    running: Running, session: requests.Session, event_id: str, *, kind: Kind = "pages"
) -> requests.Response:
    """Return the answer about an event, as those see it who may edit it."""
    return session.get(f"{running.url}/wp-json/wp/v2/{kind}/{event_id}", params={"context": "edit"})


def prove(running: Running, session: requests.Session) -> requests.Response:
    """Return the answer to a request that needs an account."""
    return session.get(f"{running.url}/wp-json/wp/v2/users/me")
