"""Sessions of those who ask a system: visitors, accounts, and people who log in on a page."""

from collections.abc import Mapping

import requests


def open_visit(headers: Mapping[str, str] | None = None) -> requests.Session:
    """Return a session that takes nothing from the environment, with these headers."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update(headers or {})
    return session


def open_with_password(login: str, password: str) -> requests.Session:
    """Return a session that shows a login and a password."""
    session = open_visit()
    session.auth = (login, password)
    return session


def log_in_on_page(address: str, form: Mapping[str, str], cookie: str) -> requests.Session:
    """Return the session of a person who filled in a login page of Django. `cookie` holds the token of its form."""
    session = open_visit()
    session.get(address).raise_for_status()  # it sets the cookie
    fields = {**form, "csrfmiddlewaretoken": session.cookies[cookie]}
    session.post(address, data=fields, headers={"referer": address}).raise_for_status()
    return session
