"""Sign-in by password and sign-out: the cookie, the stored session, and requests of other sites."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import EVENT_ID, SLIDES, an_event
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.identity import Waits, list_session_page
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import audit, session

PAGE = f"/events/{EVENT_ID}"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def site(database: Database) -> Site:
    """A site with a member, an operator, and an event with an attachment for members."""
    site = Site(database, base_url="http://events.example.org")
    site.save(an_event(attachments=(SLIDES,)))
    site.add_user("amara", role="member")
    site.add_user("jonas", role="operator")
    return site


def sign_in(visitor: Visitor, login: str = "amara", password: str = PASSWORD, **fields: str) -> None:
    """Submit the form of the sign-in page."""
    visitor.post("/sign-in", data={"login": login, "password": password, **fields})


def test_member_who_signs_in_sees_what_is_for_members_until_he_signs_out(visitor: Visitor) -> None:
    before = visitor.get(PAGE).text

    sign_in(visitor)
    inside = visitor.get(PAGE)
    visitor.post("/sign-out")
    after = visitor.get(PAGE).text

    assert str(SLIDES.url) in inside.text
    assert str(SLIDES.url) not in before + after
    assert inside.headers["Cache-Control"] == "private, no-store"


def test_sign_in_leads_on_to_where_one_came_from(visitor: Visitor) -> None:
    answer = visitor.post("/sign-in", data={"login": "Amara ", "password": PASSWORD, "next": f"{PAGE}?a=b"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?a=b")


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\\b",
        "/\x00",
        "/\t/x",
    ],
)
def test_sign_in_leads_to_no_other_site(visitor: Visitor, goal: str) -> None:
    answer = visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD, "next": goal})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert visitor.get("/sign-in", params={"next": goal}).headers["Location"] == "/"


def test_refusal_does_not_tell_whether_a_name_is_known(visitor: Visitor) -> None:
    known = visitor.post("/sign-in", data={"login": "amara", "password": "another long password"})
    unknown = visitor.post("/sign-in", data={"login": "nemo1", "password": "another long password"})

    assert known.status_code == unknown.status_code == 403
    assert known.text.replace("amara", "nemo1") == unknown.text
    assert "This name and password do not go together." in known.text
    assert "another long password" not in known.text


@pytest.mark.parametrize(("login", "age"), [("amara", 604_800), ("jonas", 43_200)])
def test_session_is_a_cookie_that_pages_cannot_read_and_the_database_does_not_hold(
    site: Site, visitor: Visitor, login: str, age: int
) -> None:
    answer = visitor.post("/sign-in", data={"login": login, "password": PASSWORD})

    assert answer.headers["Set-Cookie"].lower().endswith(f"; httponly; max-age={age}; path=/; samesite=lax")
    secret = answer.cookies["zoom_ops"]
    with site.database.read() as connection:
        row = connection.execute(select(session)).one()
    assert len(secret) == 43
    assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row)


def test_session_cookie_of_a_site_with_https_is_bound_to_it(database: Database) -> None:
    site = Site(database)
    site.add_user("amara")

    with site.visited() as visitor:
        answer = visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-zoom_ops=")
    assert "; Secure" in cookie
    assert "Path=/;" in cookie
    assert "domain" not in cookie.lower()


def test_session_that_somebody_planted_is_never_taken_over(site: Site, visitor: Visitor) -> None:
    visitor.cookies["zoom_ops"] = "planted"

    sign_in(visitor)

    assert visitor.cookies.get_dict() != {"zoom_ops": "planted"}
    with site.visited() as other:
        other.cookies["zoom_ops"] = "planted"
        assert str(SLIDES.url) not in other.get(PAGE).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1"},
    ],
)
def test_form_of_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    sign_in(visitor)

    answer = visitor.post("/sign-out", headers=headers)

    assert answer.status_code == 403
    assert "Sign out" in visitor.get("/").text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://events.example.org"}, {}])
def test_form_of_our_own_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
    sign_in(visitor)

    answer = visitor.post("/sign-out", headers=headers)

    assert answer.status_code == 303
    assert "Sign out" not in visitor.get("/").text


def test_signing_in_and_out_is_audited(site: Site, visitor: Visitor) -> None:
    sign_in(visitor, password="not the right one")
    sign_in(visitor, login="correct horse battery", password="typed into the wrong field")
    sign_in(visitor)
    visitor.post("/sign-out")

    with site.database.read() as connection:
        rows = [
            (row.who, row.how, row.address, row.what, row.subject)
            for row in connection.execute(select(audit).order_by(audit.c.id))
            if row.what != "user_added"
        ]
    assert rows == [
        ("amara", "session", "127.0.0.1", "sign_in_refused", "amara"),
        ("somebody", "session", "127.0.0.1", "sign_in_refused", ""),
        ("amara", "session", "127.0.0.1", "signed_in", "amara"),
        ("amara", "session", "127.0.0.1", "signed_out", "amara"),
    ]


def test_session_that_is_left_alone_ends(site: Site, visitor: Visitor) -> None:
    sign_in(visitor)

    site.clock.advance(11 * 3600)
    used = "Sign out" in visitor.get("/").text
    site.clock.advance(11 * 3600)
    used_again = "Sign out" in visitor.get("/").text
    site.clock.advance(13 * 3600)

    assert (used, used_again, "Sign out" in visitor.get("/").text) == (True, True, False)


@pytest.mark.parametrize(("login", "lasts"), [("amara", timedelta(days=7)), ("jonas", timedelta(hours=12))])
def test_session_ends_in_time_however_much_it_is_used(
    site: Site, visitor: Visitor, login: str, lasts: timedelta
) -> None:
    sign_in(visitor, login)
    began = site.clock.now()

    while "Sign out" in visitor.get("/").text:
        site.clock.advance(6 * 3600)

    assert site.clock.now() - began == lasts


@pytest.mark.parametrize("shorter", [{"operator_life": HOUR}, {"life": HOUR}])
def test_shorter_limits_hold_at_once_for_sessions_that_began_before(
    site: Site, visitor: Visitor, shorter: dict[str, timedelta]
) -> None:
    identity, week = site.services.identity, timedelta(days=7)
    identity.waits = Waits(operator_life=week)  # as sessions of operators began before they had a limit of their own
    answer = visitor.post("/sign-in", data={"login": "jonas", "password": PASSWORD})
    secret, (session,) = answer.cookies["zoom_ops"], list_session_page(identity, limit=9, offset=0)[0]
    site.clock.advance(3599)

    def looks() -> tuple[int, ...]:
        listed, held = list_session_page(identity, limit=9, offset=0)
        return bool(identity.find(secret)), len(identity.readers_of([session.digest])), len(listed), held

    def life_left() -> timedelta | None:
        who = identity.find(secret)
        return who.ends_at - site.clock.now() if who and who.ends_at else None

    before = looks(), life_left()
    identity.waits = Waits(**{"operator_life": week, **shorter})
    shortened = looks(), life_left()
    site.clock.advance(1)

    assert before == ((True, 1, 1, 1), week - HOUR + SECOND)
    assert shortened == ((True, 1, 1, 1), SECOND)
    assert (looks(), life_left()) == ((False, 0, 0, 0), None)
