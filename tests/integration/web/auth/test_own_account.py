"""Everybody who signs in changes their own password and ends their own sessions, and nobody else's."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests
from sqlalchemy import select

from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.store.tables import audit, session, site_user

NEW = "another way to the harbour"


@pytest.fixture
def browsers(site: Site) -> Iterator[list[Visitor]]:
    """Three browsers in which the same member is signed in, and one of an author."""
    with ExitStack() as stack:
        browsers = [stack.enter_context(site.visited()) for _ in range(4)]
        for browser, login in zip(browsers, ("member", "member", "member", "author"), strict=True):
            site.sign_in(browser, login)
        yield browsers


def signed_in(browsers: list[Visitor]) -> list[bool]:
    """Return which browsers are signed in."""
    return [browser.get("/account").status_code == 200 for browser in browsers]


def change(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> requests.Response:
    """Change the own password."""
    fields = {"old": old, "new": new, "again": new if again is None else again}
    return visitor.post("/account", data=fields)


def test_account_is_for_everybody_who_signs_in(site: Site, visitor: Visitor) -> None:
    unknown = visitor.get("/account")

    for role in ("member", "author", "operator", "admin"):
        site.sign_in(visitor, role)
        page = visitor.get("/account")
        assert (role, page.status_code, page.headers["Cache-Control"]) == (role, 200, "no-store")
        assert "This browser" in page.text
        assert 'href="/account"' in visitor.get("/").text

    assert (unknown.status_code, unknown.headers["Location"]) == (303, "/sign-in?next=/account")


def test_changed_password_ends_every_other_session_and_renews_this_one(site: Site, browsers: list[Visitor]) -> None:
    first = browsers[0]
    stolen = first.cookies["zoom_ops"]

    answer = change(first)

    assert answer.headers["Location"] == "/account?done=password"
    assert signed_in(browsers) == [True, False, False, True]
    with site.visited() as thief:
        assert thief.get("/account", headers={"Cookie": f"zoom_ops={stolen}"}).status_code == 303
    site.sign_in(browsers[1], "member")
    assert browsers[1].get("/account").status_code == 303
    browsers[1].post("/sign-in", data={"login": "member", "password": NEW})
    assert browsers[1].get("/account").status_code == 200
    with site.database.read() as connection:
        (row,) = connection.execute(select(audit).where(audit.c.what == "user_changed"))
    assert (row.who, row.subject, row.detail) == ("member", "member", {"password": "set", "sessions_ended": 3})


def test_refused_change_says_why_and_changes_nothing(site: Site, browsers: list[Visitor]) -> None:
    mistakes: dict[str, tuple[int, dict[str, str]]] = {
        "That is not your current password.": (403, {"old": "not the right one"}),
        "A password has at least 12 characters": (400, {"new": "short"}),
        "at most 1024": (400, {"new": "x" * 1025}),
        "This password is easy to guess": (400, {"new": "Password1234!"}),
        "This password is only your login": (400, {"new": "Member-member-2026"}),
        "or the name of the organisation": (400, {"new": "Harbour Institute 26"}),
        "typed in two different ways": (400, {"again": "another thing entirely"}),
    }

    for sentence, (status, fields) in mistakes.items():
        answer = change(browsers[0], **fields)
        assert (answer.status_code, sentence in answer.text) == (status, True), sentence
        assert NEW not in answer.text

    assert signed_in(browsers) == [True] * 4
    with site.visited() as later:
        site.sign_in(later, "member")
        assert later.get("/account").status_code == 200


def test_guesses_of_the_current_password_are_slowed_down(site: Site, browsers: list[Visitor]) -> None:
    statuses = [change(browsers[0], old="not the right one").status_code for _ in range(11)]
    early = change(browsers[0])
    site.clock.advance(30)

    assert statuses == [403] * 10 + [429]
    assert (early.status_code, early.headers["Retry-After"]) == (429, "30")
    assert change(browsers[0]).status_code == 303


def test_one_session_is_ended_and_then_all_others(browsers: list[Visitor]) -> None:
    first = browsers[0]
    refs = re.findall(r'name="session" value="(\w+)"', first.get("/account").text)

    again = [first.post("/account/sessions/end", data={"session": refs[0]}).headers["Location"] for _ in range(2)]
    after_one = signed_in(browsers)
    first.post("/account/sessions/end-others")

    assert (len(refs), again) == (2, ["/account?done=sessions"] * 2)
    assert (after_one[0], after_one.count(True)) == (True, 3)
    assert signed_in(browsers) == [True, False, False, True]


def test_session_of_somebody_else_is_not_ended(site: Site, browsers: list[Visitor]) -> None:
    with site.database.read() as connection:
        query = select(session.c.digest).join(site_user).where(site_user.c.login == "author")
        digest = connection.execute(query).scalar_one()

    browsers[0].post("/account/sessions/end", data={"session": digest[:16]})

    assert signed_in(browsers) == [True] * 4


def test_user_of_a_provider_is_told_where_the_password_is(site: Site, visitor: Visitor) -> None:
    site.sign_in(visitor, "member")
    with site.database.begin() as connection:
        of_provider = {"issuer": "https://id.example.org", "subject": "1", "password_hash": None}
        connection.execute(site_user.update().where(site_user.c.login == "member").values(**of_provider))

    page = visitor.get("/account").text

    assert "You sign in with https://id.example.org." in page
    assert 'name="old"' not in page
    assert change(visitor).status_code == 403


def test_change_that_another_site_asks_for_is_refused(browsers: list[Visitor]) -> None:
    elsewhere = {"Origin": "https://elsewhere.example.org"}

    answer = browsers[0].post("/account/sessions/end-others", headers=elsewhere)

    assert (answer.status_code, signed_in(browsers)) == (403, [True] * 4)
