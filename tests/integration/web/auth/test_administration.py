"""Admins decide in the console who signs in and which scripts have a token; nobody else does, nor for themself."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape

import pytest
import requests
from sqlalchemy import select

from tests.authenticator import App
from tests.web_site import ADMIN, PASSWORD, QUICK_PASSWORDS, Site, Visitor, confirm, insist
from zoom_ops.errors import ForbiddenError
from zoom_ops.identity import UserChanges, Waits, add_token, set_user, show_tokens, show_users
from zoom_ops.identity.administering import why_not
from zoom_ops.store.audit import Actor
from zoom_ops.store.identity.users import insert_user
from zoom_ops.store.tables import audit, site_user

PAGES = ("/-/users", "/-/users/1", "/-/sessions", "/-/tokens")
DEEDS = (
    "/-/users", "/-/users/1/role", "/-/users/1/password", "/-/users/1/block", "/-/users/1/unblock",
    "/-/users/1/unlock", "/-/users/1/second-factor",
    "/-/users/1/sign-out", "/-/users/1/remove", "/-/sessions/end", "/-/tokens", "/-/tokens/revoke",
)  # fmt: skip
ISSUER = "https://id.example.org"


@pytest.fixture
def admin(site: Site, visitor: Visitor) -> Visitor:
    """A visitor who is signed in as an admin."""
    site.sign_in(visitor, "admin")
    return visitor


@contextmanager
def another(site: Site, login: str) -> Iterator[Visitor]:
    """Open the site to somebody else, who signs in."""
    with site.visited() as visitor:
        site.sign_in(visitor, login)
        yield visitor


def number(site: Site, login: str) -> int:
    """Return the number of a user, which is in the addresses."""
    with site.database.read() as connection:
        return int(connection.execute(select(site_user.c.id).where(site_user.c.login == login)).scalar_one())


def roles(site: Site) -> dict[str, str]:
    """Return the role of each user who is not blocked."""
    return {user["login"]: user["role"] for user in show_users(site.database, Waits()) if not user["blocked"]}


def audited(site: Site, what: str) -> list[tuple[str, str]]:
    """List who did this to whom, by the audit."""
    with site.database.read() as connection:
        rows = connection.execute(select(audit).where(audit.c.what == what, audit.c.how == "session"))
        return [(row.who, row.subject) for row in rows]


def secret_in(answer: requests.Response) -> str:
    """Return the secret that a page shows once."""
    found = re.search(r'<code id="secret"[^>]*>([^<]+)</code>', answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_but_an_admin_sees_or_does_anything_there(site: Site, visitor: Visitor) -> None:
    before = roles(site)

    for role in ("member", "author", "operator"):
        site.sign_in(visitor, role)
        seen = {page: visitor.get(page).status_code for page in PAGES}
        done = {deed: visitor.post(deed, data={"role": "admin", "name": "eve"}).status_code for deed in DEEDS}
        assert (role, seen, done) == (role, dict.fromkeys(PAGES, 403), dict.fromkeys(DEEDS, 403))
        assert 'href="/-/users"' not in visitor.get("/-/drafts").text

    assert (roles(site), show_tokens(site.database)) == (before, [])


def test_admin_finds_the_pages_which_no_cache_keeps(admin: Visitor) -> None:
    answers = [admin.get(page) for page in PAGES]

    assert [answer.status_code for answer in answers] == [200] * len(PAGES)
    assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)
    assert 'href="/-/users"' in admin.get("/-/drafts").text


def test_added_user_signs_in_with_the_password_that_is_shown_once(site: Site, admin: Visitor) -> None:
    shown = admin.post("/-/users", data={"name": "Amara@example.org", "role": "author", "groups": "staff\r\nUNGIS"})
    password = secret_in(shown)

    with site.visited() as amara:
        signed_in = amara.post("/sign-in", data={"login": "amara@example.org", "password": password})

    assert signed_in.status_code == 303
    (row,) = (user for user in show_users(site.database, Waits()) if user["login"] == "amara@example.org")
    assert (row["role"], row["groups"]) == ("author", ["UNGIS", "staff"])
    assert audited(site, "user_added") == [("admin", "amara@example.org")]
    assert "no-store" in shown.headers["Cache-Control"]
    assert password not in admin.get("/-/users").text


def test_user_who_cannot_be_added_is_named_and_the_form_keeps_what_was_typed(site: Site, admin: Visitor) -> None:
    before = roles(site)

    for name, role, sentence in (
        ("two words", "member", "cannot be a login"),
        ("operator", "member", "There is a user 'operator' already."),
        ("amara", "king", "A role is one of member, author, operator, admin"),
    ):
        answer = admin.post("/-/users", data={"name": name, "role": role, "groups": "staff"})
        assert (answer.status_code, sentence in unescape(answer.text)) == (400, True), name
        assert f'value="{name}"' in answer.text
        assert ">\nstaff</textarea>" in answer.text

    assert roles(site) == before


def test_change_of_a_role_is_asked_about_and_ends_the_sessions(site: Site, admin: Visitor) -> None:
    address = f"/-/users/{number(site, 'operator')}/role"

    with another(site, "operator") as operator:
        question = admin.post(address, data={"role": "member", "groups": ""}).text
        before = operator.get("/account").status_code
        changed = insist(admin, address, role="member", groups="")
        after = operator.get("/account").status_code

    assert "1 session of operator ends at once." in question
    assert (before, changed.status_code, after) == (200, 303, 303)
    assert roles(site)["operator"] == "member"
    assert audited(site, "user_changed") == [("admin", "operator")]


def test_group_with_a_comma_in_its_name_stays_one(site: Site, admin: Visitor) -> None:
    site.add_user("jonas", groups=("Harbour, Institute",))
    address = f"/-/users/{number(site, 'jonas')}"
    (groups,) = re.findall(r'name="groups"[^>]*>\n([^<]*)</textarea>', admin.get(address).text)

    same = admin.post(f"{address}/role", data={"role": "member", "groups": groups})
    insist(admin, f"{address}/role", role="member", groups="Harbour\r\nInstitute")

    assert (same.status_code, groups) == (303, "Harbour, Institute")
    assert [user["groups"] for user in show_users(site.database, Waits()) if user["login"] == "jonas"] == [
        ["Harbour", "Institute"]
    ]


def test_confirmation_of_a_page_that_is_out_of_date_asks_again(site: Site, admin: Visitor) -> None:
    address = f"/-/users/{number(site, 'author')}/role"
    question = admin.post(address, data={"role": "operator", "groups": ""}).text

    set_user(site.database, QUICK_PASSWORDS, site.box, ADMIN, "author", UserChanges(role="member"))
    again = confirm(admin, address, question)

    assert (again.status_code, roles(site)["author"]) == (200, "member")
    assert "Change what author may do?" in again.text


def test_new_password_is_shown_once_and_the_old_one_works_no_more(site: Site, admin: Visitor) -> None:
    with another(site, "member") as member:
        password = secret_in(insist(admin, f"/-/users/{number(site, 'member')}/password"))
        signed_out = member.get("/account").status_code
        site.sign_in(member, "member")
        old = member.get("/account").status_code
        member.post("/sign-in", data={"login": "member", "password": password})
        new = member.get("/account").status_code

    assert (signed_out, old, new) == (303, 303, 200)


def test_blocked_user_is_out_until_let_in_again(site: Site, admin: Visitor) -> None:
    address = f"/-/users/{number(site, 'author')}"
    add_token(site.database, Actor(name="author"), "nightly", ["events:draft"], None)

    with another(site, "author") as author:
        question = admin.post(f"{address}/block").text
        insist(admin, f"{address}/block")
        out = author.get("/account").status_code
        admin.post(f"{address}/unblock")
        site.sign_in(author, "author")
        again = author.get("/account").status_code

    assert "Tokens that author made stay valid: nightly." in question
    assert (out, again) == (303, 200)


def test_removed_user_is_gone_with_the_sessions(site: Site, admin: Visitor) -> None:
    with another(site, "member") as member:
        removed = insist(admin, f"/-/users/{number(site, 'member')}/remove")
        out = member.get("/account").status_code

    assert (removed.headers["Location"], out) == ("/-/users", 303)
    assert "member" not in roles(site)
    assert audited(site, "user_removed") == [("admin", "member")]


def test_nobody_changes_blocks_or_removes_themself(site: Site, admin: Visitor) -> None:
    address = f"/-/users/{number(site, 'admin')}"

    asked = ("role", "block", "remove", "second-factor")
    answers = [insist(admin, f"{address}/{deed}", role="member", groups="") for deed in asked]
    answers += [admin.post(f"{address}/sign-out")]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert all("Ask another admin, or use the command line." in answer.text for answer in answers)
    assert "This is you." in admin.get(address).text
    assert roles(site)["admin"] == "admin"


@pytest.mark.both_databases
def test_of_two_admins_who_demote_each_other_at_once_one_remains(site: Site) -> None:
    site.add_user("mei", role="admin")

    def demote(pair: tuple[str, str]) -> bool:
        by, login = pair
        try:
            set_user(
                site.database,
                QUICK_PASSWORDS,
                site.box,
                Actor(name=by, how="session"),
                login,
                UserChanges(role="member"),
            )
        except ForbiddenError:
            return False
        return True

    with ThreadPoolExecutor() as threads:
        done = list(threads.map(demote, [("admin", "mei"), ("mei", "admin")]))

    assert sorted(done) == [False, True]
    assert list(roles(site).values()).count("admin") == 1


def test_token_lets_nobody_in_whatever_its_name(site: Site) -> None:
    by = Actor(name="admin", how="token")

    with pytest.raises(ForbiddenError):
        set_user(site.database, QUICK_PASSWORDS, site.box, by, "member", UserChanges(role="admin"))


@pytest.mark.parametrize(
    ("by", "about", "may"),
    [("admin", "jonas", True), ("admin", None, True), ("admin", "admin", False), ("jonas", None, False)],
)
def test_admin_decides_about_others(by: str, about: str | None, may: bool) -> None:
    assert (why_not(by, ["admin", "mei"], about) is None) is may


def test_user_of_a_provider_has_no_password_and_no_role_to_change(site: Site, admin: Visitor) -> None:
    with site.database.begin() as connection:
        values = {"login": "yusuf", "name": "Yusuf Demir", "issuer": ISSUER, "subject": "4711", "role": "member"}
        user_id = insert_user(connection, site.clock.now(), **values, groups=[])

    page = admin.get(f"/-/users/{user_id}").text
    refused = insist(admin, f"/-/users/{user_id}/role", role="admin", groups="")
    removal = admin.post(f"/-/users/{user_id}/remove").text

    assert f"{ISSUER} says at each sign-in what name, role and groups yusuf has." in page
    assert f"/-/users/{user_id}/password" not in page
    assert (refused.status_code, roles(site)["yusuf"]) == (400, "member")
    assert f"yusuf comes back at the next sign-in through {ISSUER}." in removal


def test_user_who_is_slowed_down_is_let_in(site: Site, admin: Visitor) -> None:
    address = f"/-/users/{number(site, 'member')}/unlock"
    site.database.clock = site.clock  # the network is known by this clock
    with site.visited() as member:
        for _ in range(10):
            member.post("/sign-in", data={"login": "member", "password": "not the right one"})
        held_up = member.post("/sign-in", data={"login": "member", "password": PASSWORD})

        wrong = admin.post(address, data={"address": "the library"})
        done = admin.get(admin.post(address, data={"address": "203.0.113.7"}).headers["Location"]).text
        let_in = member.post("/sign-in", data={"login": "member", "password": PASSWORD})

    assert (held_up.status_code, "127.0.0.1" in held_up.text) == (429, True)
    assert (wrong.status_code, "is no network address" in wrong.text) == (400, True)
    assert "member may sign in now from 203.0.113.7." in done
    assert let_in.status_code == 303
    assert audited(site, "user_unlocked") == [("admin", "member")]


def test_session_is_ended_by_its_row(site: Site, admin: Visitor) -> None:
    with another(site, "operator") as operator:
        page = admin.get("/-/sessions").text
        (ref,) = re.findall(r'name="session" value="(\w+)"', page)
        for wrong in ("%" * 16, "", ref[:15]):
            admin.post("/-/sessions/end", data={"session": wrong})
        still = operator.get("/account").status_code
        admin.post("/-/sessions/end", data={"session": ref})
        out = operator.get("/account").status_code
    admin.post("/-/sessions/end", data={"session": ref})

    assert (len(ref), still, out) == (16, 200, 303)
    assert audited(site, "user_signed_out") == [("admin", "operator")]
    assert "That session had ended already." in admin.get("/-/sessions").text


def test_session_that_has_ended_by_itself_is_not_listed(site: Site, admin: Visitor) -> None:
    with another(site, "operator"):
        before = admin.get("/-/sessions").text
    site.clock.advance(Waits().idle.total_seconds() - 60)
    admin.get("/-/sessions")
    site.clock.advance(120)

    after = admin.get("/-/sessions").text

    assert (">operator</a>" in before, ">operator</a>" in after) == (True, False)


def test_token_is_shown_once_and_lets_its_script_in(site: Site, admin: Visitor) -> None:
    shown = admin.post("/-/tokens", data={"name": "website", "scope": ["events:read", "jobs:run"], "expires": "never"})
    token = secret_in(shown)

    (row,) = show_tokens(site.database)
    asked = {"Authorization": f"Bearer {token}"}
    before = admin.get("/api/v1/events", headers=asked).status_code
    page = admin.get("/-/tokens").text
    insist(admin, "/-/tokens/revoke", name="website")
    after = admin.get("/api/v1/events", headers=asked).status_code

    assert "no-store" in shown.headers["Cache-Control"]
    assert (row["scopes"], row["created_by"]) == (["events:read", "jobs:run"], "admin")
    assert token not in page
    assert (before, after) == (200, 401)
    with site.database.read() as connection:
        assert token not in str(connection.execute(select(audit)).all())


def test_token_holds_as_long_as_it_was_chosen(site: Site, admin: Visitor) -> None:
    admin.post("/-/tokens", data={"name": "website", "scope": "events:read", "expires": "30"})

    (row,) = show_tokens(site.database)

    assert datetime.fromisoformat(row["expires"]) - datetime.fromisoformat(row["created"]) == timedelta(days=30)


def test_token_that_cannot_be_made_keeps_what_was_typed(site: Site, admin: Visitor) -> None:
    mistakes: dict[str, dict[str, str]] = {
        "cannot name a token": {"name": "a/b", "scope": "events:read"},
        "name at least one scope": {"name": "website"},
        "There is no scope 'all'.": {"name": "website", "scope": "all"},
        "Choose from the list": {"name": "website", "scope": "events:read", "expires": "9999999999"},
    }

    for sentence, fields in mistakes.items():
        answer = admin.post("/-/tokens", data=fields)
        assert (answer.status_code, sentence in unescape(answer.text)) == (400, True), sentence
        assert f'value="{fields["name"]}"' in answer.text
        assert ('value="events:read" checked' in answer.text) is (fields.get("scope") == "events:read")

    assert show_tokens(site.database) == []


def test_list_is_searched_and_paged(site: Site, admin: Visitor) -> None:
    with site.database.begin() as connection:
        for count in range(60):
            values = {"login": f"guest-{count:02}", "name": "100% Guest", "role": "member", "groups": []}
            insert_user(connection, site.clock.now(), **values)

    def logins(query: str) -> list[str]:
        return re.findall(r'<a href="/-/users/\d+" dir="auto">([^<]+)</a>', admin.get(f"/-/users{query}").text)

    assert (len(logins("")), len(logins("?page=2"))) == (50, 14)
    assert logins("?q=GUEST-07") == ["guest-07"]
    assert (len(logins("?q=100%25")), logins("?q=1%25g")) == (50, [])
    assert logins("?q=guest+07") == logins("?q=100%25+-07") == ["guest-07"]
    assert logins("?page=99") == []


def test_rights_are_given_and_taken_only_by_whoever_lately_proved_who_they_are(site: Site, admin: Visitor) -> None:
    before, asked = roles(site), dict[str, bool]()
    site.clock.advance(16 * 60)

    for deed in DEEDS:
        answer = admin.post(deed, data={"role": "admin", "name": "eve"})
        asked[deed] = "Is it you?" in answer.text

    assert asked == dict.fromkeys(DEEDS, True)
    assert (roles(site), show_tokens(site.database)) == (before, [])
    assert [admin.get(page).status_code for page in PAGES] == [200] * len(PAGES)


def test_password_carries_the_form_on_with_all_that_was_typed(site: Site, admin: Visitor) -> None:
    site.clock.advance(16 * 60)
    typed = {"name": "nightly import", "scope": ["events:read", "runs:read"], "expires": "30"}

    question = admin.post("/-/tokens", data=typed).text
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', question)
    form = [(name, unescape(value)) for name, value in hidden]
    refused = admin.post("/-/tokens", data=[*form, ("own_password", "wrong")])
    made = admin.post("/-/tokens", data=[*form, ("own_password", PASSWORD)])
    another_one = admin.post("/-/tokens", data=typed | {"name": "another"})

    assert (refused.status_code, "That is not your password" in refused.text) == (403, True)
    assert "wrong" not in re.findall(r'value="([^"]*)"', refused.text)
    assert secret_in(made) != secret_in(another_one)
    assert {token["name"]: token["scopes"] for token in show_tokens(site.database)} == {
        name: ["events:read", "runs:read"] for name in ("nightly import", "another")
    }
    assert audited(site, "proof_refused") == [("admin", "admin")]


def test_page_that_asks_after_the_proof_does_not_hold_the_password(site: Site, admin: Visitor) -> None:
    site.clock.advance(16 * 60)
    address = f"/-/users/{number(site, 'member')}/block"

    question = admin.post(address, data={"own_password": PASSWORD}).text
    confirm(admin, address, question)

    assert PASSWORD not in question
    assert "member" not in roles(site)


def test_password_is_tried_for_a_proof_as_rarely_as_to_sign_in(site: Site, admin: Visitor) -> None:
    site.clock.advance(16 * 60)

    answers = [admin.post("/-/tokens", data={"own_password": "wrong"}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_admin_removes_a_lost_second_factor(site: Site, admin: Visitor) -> None:
    App(site, "operator")
    address = f"/-/users/{number(site, 'operator')}"

    shown = admin.get(address).text, admin.get("/-/users").text
    with another(site, "operator") as operator:
        waiting = operator.get("/account").status_code
        answer = confirm(admin, f"{address}/second-factor", admin.post(f"{address}/second-factor").text)
        site.sign_in(operator, "operator")
        signed_in = operator.get("/account").status_code
    again = insist(admin, f"{address}/second-factor")

    assert all("a password and a second factor" in page for page in shown)
    assert (waiting, answer.status_code, signed_in) == (303, 303, 200)
    assert "second factor…" not in admin.get(address).text
    assert audited(site, "second_factor_reset") == [("admin", "operator")]
    assert (again.status_code, "operator has no second factor." in again.text) == (400, True)
