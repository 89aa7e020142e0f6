"""Who has a second factor signs in with a code of it, each of which is taken once."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import requests
from sqlalchemy import select

from tests.authenticator import App, open_session
from tests.web_site import ADMIN, PASSWORD, QUICK_PASSWORDS, Site, Visitor
from zoom_ops.errors import ForbiddenError
from zoom_ops.identity import (
    SignInEndedError,
    TooManyAttemptsError,
    UserChanges,
    Waits,
    Who,
    WrongCodeError,
    WrongPasswordError,
    list_unprotected,
    remove_user,
    set_user,
    show_users,
    unlock_user,
)
from zoom_ops.identity.sealed_state import Use, open_state, seal_state
from zoom_ops.store.db.encryption import SecretBox, make_key
from zoom_ops.store.tables import audit, known_network, recovery_code, second_factor, session
from zoom_ops.web.auth.setup import describe_unprotected


@pytest.fixture
def app(site: Site) -> App:
    """The app of the operator."""
    return App(site, "operator")


def type_password(visitor: Visitor, login: str = "operator", goal: str = "/-/") -> requests.Response:
    return visitor.post("/sign-in", data={"login": login, "password": PASSWORD, "next": goal})


def type_code(visitor: Visitor, code: str, **more: str) -> requests.Response:
    return visitor.post("/sign-in/code", params=more, data={"code": code})


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def lines(site: Site, *whats: str) -> Sequence[tuple[str, str, dict[str, object]]]:
    with site.database.read() as connection:
        query = select(audit).where(audit.c.what.in_(whats)).order_by(audit.c.id)
        return [(row.what, row.subject, row.detail) for row in connection.execute(query)]


def test_password_opens_no_session_and_the_code_does(site: Site, visitor: Visitor, app: App) -> None:
    first = type_password(visitor, goal="/-/events?q=x")
    before, page = is_in(visitor), visitor.get("/sign-in/code")
    second = type_code(visitor, app.code())

    assert (first.status_code, first.headers["Location"], before) == (303, "/sign-in/code", False)
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert 'autocomplete="one-time-code"' in page.text
    assert (second.status_code, second.headers["Location"]) == (303, "/-/events?q=x")
    assert "zoom_ops_code" not in visitor.cookies
    assert is_in(visitor)
    assert lines(site, "second_factor_added") == [("second_factor_added", "operator", {"sessions_ended": 0})]


def test_wrong_password_does_not_tell_who_has_one(visitor: Visitor, app: App) -> None:
    def ask(login: str) -> tuple[int, str, list[str]]:
        answer = visitor.post("/sign-in", data={"login": login, "password": "not the right one"})
        return answer.status_code, answer.text.replace(login, "…"), list(answer.headers)

    assert ask("operator") == ask("admin") == ask("nemo")


def test_code_is_taken_once_and_so_is_none_before_it(site: Site, visitor: Visitor, app: App) -> None:
    used, before = app.code(), app.code(steps=-1)

    with site.visited() as other:
        for browser in (visitor, other):
            type_password(browser)
        tries = ((visitor, used), (other, used), (other, before))
        statuses = [type_code(browser, code).status_code for browser, code in tries]
        later = type_code(other, app.code(steps=1)).status_code

    assert statuses == [303, 403, 403]
    assert later == 303


def test_recovery_code_works_once_and_says_how_many_are_left(site: Site, visitor: Visitor, app: App) -> None:
    code = app.recovery_codes[0]
    type_password(visitor, goal="/-/events")
    page = visitor.get("/sign-in/code?recovery=1").text

    answer = type_code(visitor, f" {code.upper().replace('-', ' ')} ", recovery="1")
    shown = visitor.get(answer.headers["Location"]).text
    with site.visited() as other:
        type_password(other)
        again = type_code(other, code, recovery="1")

    assert 'action="/sign-in/code?recovery=1"' in page
    assert answer.headers["Location"] == "/sign-in/recovered?next=/-/events"
    assert ("9 recovery codes are left." in shown, 'href="/-/events"' in shown) == (True, True)
    assert (again.status_code, "used before" in again.text) == (403, True)
    assert lines(site, "recovery_code_used") == [("recovery_code_used", "operator", {"left": 9})]


def test_guesses_of_codes_are_slowed_down_until_an_admin_unlocks(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor)
    statuses = [type_code(visitor, f"00000{number}").status_code for number in range(7)]
    early = type_code(visitor, app.code())
    of_recovery = type_code(visitor, app.recovery_codes[0], recovery="1").text
    type_password(visitor)
    again = type_code(visitor, app.code())
    unlock_user(site.database, site.box, ADMIN, "operator")

    assert statuses == [403] * 5 + [429] * 2
    assert 'action="/sign-in/code?recovery=1"' in of_recovery
    assert (early.status_code, early.headers["Retry-After"], again.status_code) == (429, "300", 429)
    assert type_code(visitor, app.code()).status_code == 303
    assert lines(site, "second_factor_refused") == [("second_factor_refused", "operator", {})] * 5


def test_password_alone_makes_no_network_a_known_one(site: Site, visitor: Visitor, app: App) -> None:
    def known() -> int:
        with site.database.read() as connection:
            return len(connection.execute(select(known_network)).all())

    before = known()
    type_password(visitor)
    after_password = known()
    type_code(visitor, app.code())

    assert (after_password, known()) == (before, before + 1)


@pytest.mark.parametrize("change", ["password", "blocked", "removed", "factor", "late", "early"])
def test_state_of_a_browser_is_worth_nothing_after_a_change(
    site: Site, visitor: Visitor, app: App, change: str
) -> None:
    type_password(visitor, goal="/-/events")
    if change == "removed":
        remove_user(site.database, ADMIN, "operator")
    elif change in ("late", "early"):
        site.clock.advance(301 if change == "late" else -301)
    elif change == "factor":
        with site.database.begin() as connection:
            connection.execute(second_factor.delete())
    else:
        changes = UserChanges(**({"password": "another way to it"} if change == "password" else {"blocked": True}))
        set_user(site.database, QUICK_PASSWORDS, site.box, ADMIN, "operator", changes)

    answer = type_code(visitor, app.code())

    assert answer.status_code == 403
    assert 'name="next" value="/-/events"' in answer.text  # they begin again for this page
    assert not is_in(visitor)
    with site.database.read() as connection:
        sessions = connection.execute(select(session)).all()
    assert len(sessions) == (1 if change in ("factor", "late", "early") else 0)


def test_late_reader_of_the_page_begins_again_for_the_same_page(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor, goal="/-/events?q=x")
    site.clock.advance(301)

    assert visitor.get("/sign-in/code").headers["Location"] == "/sign-in?next=/-/events%3Fq%3Dx"


def test_address_that_no_cookie_has_room_for_keeps_nobody_out(visitor: Visitor, app: App) -> None:
    first = type_password(visitor, goal=f"/-/events?q={'x' * 4_000}")
    second = type_code(visitor, app.code())

    assert len(first.headers["Set-Cookie"]) < 4_096  # bytes that a browser keeps
    assert (second.status_code, second.headers["Location"]) == (303, "/")


def test_state_that_is_not_ours_is_refused(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor)
    cookie = visitor.cookies["zoom_ops_code"]
    who = open_session(site, "admin")
    offer = site.services.identity.second_factors.offer(who, "Harbour Institute").sealed

    for forged in ("", "x", cookie[:-4] + "AAAA", offer, "\u00e9", cookie * 5):
        with site.visited() as thief:
            answer = thief.post(
                "/sign-in/code", data={"code": app.code()}, headers={"Cookie": f"zoom_ops_code={forged}".encode()}
            )
            assert answer.status_code == 403, forged
            assert thief.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_state_from_before_an_update_begins_again(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor, goal="/-/events")
    use: Use = "code of a sign-in"
    kept = open_state(site.box, visitor.cookies["zoom_ops_code"], use)
    assert kept
    values = {name: value for name, value in kept.values.items() if name not in ("for", "ends", "seed")}
    visitor.cookies.set("zoom_ops_code", seal_state(site.box, use, kept.ends, values))

    answer = type_code(visitor, app.code())

    assert (answer.status_code, 'name="next" value="/-/events"' in answer.text) == (403, True)


def test_state_of_one_user_takes_no_code_of_another(site: Site, visitor: Visitor, app: App) -> None:
    other = App(site, "admin")
    type_password(visitor, "operator")

    assert type_code(visitor, other.code()).status_code == 403
    assert type_code(visitor, other.recovery_codes[0], recovery="1").status_code == 403
    assert type_code(visitor, app.code()).status_code == 303


def test_goal_stays_on_the_site(visitor: Visitor, app: App) -> None:
    type_password(visitor, goal="https://elsewhere.example.org/")

    assert type_code(visitor, app.code()).headers["Location"] == "/"
    type_password(visitor)
    type_code(visitor, app.recovery_codes[0], recovery="1")
    recovered = visitor.get("/sign-in/recovered", params={"next": "//elsewhere.example.org/"})
    assert 'class="button" href="/"' in recovered.text


def test_page_after_a_recovery_code_is_for_who_used_one(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor)
    type_code(visitor, app.code())

    opened = visitor.get("/sign-in/recovered")
    type_password(visitor)
    type_code(visitor, app.recovery_codes[0], recovery="1")
    used = visitor.get("/sign-in/recovered")
    site.clock.advance(16 * 60)
    later = visitor.get("/sign-in/recovered")

    assert [(answer.status_code, answer.headers.get("Location")) for answer in (opened, used, later)] == [
        (303, "/"), (200, None), (303, "/"),
    ]  # fmt: skip


@pytest.mark.parametrize("recovery", [False, True])
def test_code_that_is_sent_twice_is_one_sign_in_of_this_browser_only(
    site: Site, visitor: Visitor, app: App, recovery: bool
) -> None:
    type_password(visitor, goal="/-/events")
    kept, code = dict(visitor.cookies), app.recovery_codes[0] if recovery else app.code()

    def send_again(code: str, **cookies: str) -> tuple[int, str | None]:
        with site.visited() as other:
            other.cookies.update(kept | cookies)
            answer = type_code(other, code)
            return answer.status_code, answer.cookies.get("zoom_ops")

    first = type_code(visitor, code)
    secret = first.cookies["zoom_ops"]
    twice = send_again(code), send_again(code, zoom_ops=secret)
    after = type_code(visitor, code)  # the browser has no state any more
    with site.visited() as thief:
        type_password(thief)
        replayed = type_code(thief, code).status_code
    guessed = send_again(app.code(steps=5))
    identity = site.services.identity
    stays = identity.find(secret)
    site.clock.advance(61)
    late = send_again(code)

    assert stays
    assert twice == ((303, secret), (303, secret))
    assert (after.status_code, after.headers["Location"]) == (303, "/")
    assert (replayed, guessed, late) == (403, (403, None), (403, None))
    assert [line[0] for line in lines(site, "signed_in", "recovery_code_used")].count("signed_in") == 2
    assert len(lines(site, "recovery_code_used")) == recovery


def test_code_that_is_sent_twice_opens_nothing_after_a_sign_out(site: Site, visitor: Visitor, app: App) -> None:
    type_password(visitor)
    kept, code = dict(visitor.cookies), app.code()
    type_code(visitor, code)
    visitor.post("/sign-out")
    visitor.cookies.update(kept)

    assert type_code(visitor, code).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize("code", ["", "1" * 50_000, "\u0301" * 10_000, "\x00", "\u0661\u0662"])
def test_odd_code_is_a_wrong_one(visitor: Visitor, app: App, code: str) -> None:
    type_password(visitor)

    assert type_code(visitor, code).status_code == 403


def test_adding_one_ends_all_other_sessions_and_needs_a_proof(site: Site, visitor: Visitor) -> None:
    identity, factors = site.services.identity, site.services.identity.second_factors
    site.sign_in(visitor, "operator")
    app = App(site, "operator")
    ended = not is_in(visitor)
    who = open_session(site, "admin")
    offer = factors.offer(who, "Harbour Institute")
    code = pyotp.TOTP("".join(offer.groups)).at(site.clock.now() + timedelta(minutes=14))
    site.clock.advance(14 * 60)

    with pytest.raises(WrongCodeError):
        factors.add(who, identity.begin_proof(who), offer.sealed, "000000")
    assert factors.find(who) is None
    site.clock.advance(59)
    stale = open_session(site, "admin")
    object.__setattr__(stale, "proven_at", None)
    with pytest.raises(WrongPasswordError):
        factors.add(stale, identity.begin_proof(stale), offer.sealed, code, "not the right one")

    assert (ended, len(app.recovery_codes)) == (True, 10)


def test_removal_and_new_recovery_codes_take_password_and_code(site: Site, app: App) -> None:
    identity, factors = site.services.identity, site.services.identity.second_factors
    begun = identity.sign_in(identity.begin_attempt("operator"), PASSWORD)
    assert not isinstance(begun, str)
    secret = identity.code_login.finish(identity.code_login.look(begun.state, None), app.code()).secret
    who = identity.find(secret)
    assert who
    site.clock.advance(30)

    with pytest.raises(WrongCodeError):
        factors.remove(who, identity.begin_proof(who), PASSWORD, "000000")
    with pytest.raises(WrongPasswordError):
        factors.remove(who, identity.begin_proof(who), "not the right one", app.code())
    renewed = factors.renew_recovery_codes(who, identity.begin_proof(who), PASSWORD, app.code())
    with pytest.raises(WrongCodeError):
        factors.remove(who, identity.begin_proof(who), PASSWORD, app.recovery_codes[0])
    factors.remove(who, identity.begin_proof(who), PASSWORD, renewed[0])

    assert factors.find(who) is None
    assert isinstance(identity.sign_in(identity.begin_attempt("operator"), PASSWORD), str)
    with site.database.read() as connection:
        assert connection.execute(select(recovery_code)).all() == []
    assert [what for what, *_ in lines(site, "second_factor_removed", "recovery_codes_renewed")] == [
        "recovery_codes_renewed",
        "second_factor_removed",
    ]


def test_codes_go_on_with_a_new_secret_key(site: Site) -> None:
    old, new = make_key(), make_key()
    site = Site(site.database, base_url="http://events.example.org", box=SecretBox([old]))
    app = App(site, "operator")
    changed = Site(site.database, now=site.clock.now(), base_url="http://events.example.org", box=SecretBox([new, old]))

    for code in (app.code(), app.recovery_codes[0]):
        with changed.visited() as visitor:
            type_password(visitor)
            assert type_code(visitor, code).status_code == 303


def test_database_holds_no_secret_and_no_code(site: Site, app: App) -> None:
    with site.database.read() as connection:
        stored = repr([connection.execute(select(table)).all() for table in (second_factor, recovery_code, audit)])

    assert app.totp.secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in app.recovery_codes)


@pytest.mark.parametrize("changes", [UserChanges(password="another way to it"), UserChanges(blocked=True)])
def test_code_is_not_taken_once_the_user_has_changed_since_it_was_sent(
    site: Site, app: App, changes: UserChanges
) -> None:
    identity = site.services.identity
    begun = identity.sign_in(identity.begin_attempt("operator"), PASSWORD)
    assert not isinstance(begun, str)
    sent = identity.code_login.look(begun.state, None)
    set_user(site.database, QUICK_PASSWORDS, site.box, ADMIN, "operator", changes)

    with pytest.raises(SignInEndedError):
        identity.code_login.finish(sent, app.code())


def test_right_code_makes_up_for_mistakes(visitor: Visitor, app: App) -> None:
    statuses = []
    for code in (app.code(), *app.recovery_codes[:2]):  # the first makes the network a known one
        type_password(visitor)
        statuses += [type_code(visitor, each).status_code for each in ("1", "2", "3", "4", code)]

    assert statuses == [403, 403, 403, 403, 303] * 3


def test_second_factor_is_a_proof_and_not_for_users_of_a_provider(site: Site) -> None:
    identity = site.services.identity
    with site.visited() as visitor:
        site.sign_in(visitor, "operator")
        secret = visitor.cookies["zoom_ops"]
    site.clock.advance(14 * 60)
    App(site, "operator", secret)
    who = identity.find(secret)

    assert who
    assert who.proven_at == site.clock.now() - timedelta(seconds=30)
    with pytest.raises(ForbiddenError):
        identity.second_factors.offer(replace(who, how="oidc"), "Harbour Institute")


def test_guesses_of_a_session_are_its_own(site: Site, app: App) -> None:
    identity, who = site.services.identity, begin_with(site, app.code())
    begun = identity.sign_in(identity.begin_attempt("operator"), PASSWORD)
    assert not isinstance(begun, str)
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            identity.prove(who, identity.begin_proof(who), PASSWORD, "000000")
    with pytest.raises(TooManyAttemptsError):
        identity.prove(who, identity.begin_proof(who), PASSWORD, app.code(steps=1))

    assert identity.code_login.look(begun.state, "198.51.100.9").user.login == "operator"


def test_operator_without_one_reads_as_a_member_where_it_is_required(site: Site, visitor: Visitor) -> None:
    site.sign_in(visitor, "operator")
    before = visitor.get("/-/users").status_code
    site.services.identity.second_factor_required = True

    page = visitor.get("/-/events?q=x")
    assert (page.status_code, page.headers["Location"]) == (303, "/account/second-factor?next=/-/events%3Fq%3Dx")
    sent = visitor.post("/-/users", data={"name": "eve"})
    machine = visitor.get("/-/users", headers={"Accept": "application/json"})
    stream = visitor.get("/-/stream", headers={"Accept": "text/event-stream"})
    identity = site.services.identity
    who = identity.find(visitor.cookies["zoom_ops"])

    assert before == 403, "an operator is no admin"
    assert (sent.status_code, "A second factor is needed" in sent.text) == (403, True)
    assert (machine.status_code, "/account/second-factor" in machine.json()["detail"]) == (403, True)
    assert stream.status_code == 403
    assert who
    assert (who.reader.role, who.lacks_second_factor, is_in(visitor)) == ("member", True, True)
    assert identity.readers_of([who.session or ""]) == {who.session: who.reader}
    assert visitor.get("/").text.count('href="/-/"') == 1


def test_console_opens_once_it_is_added_and_others_need_none(site: Site, visitor: Visitor) -> None:
    site.services.identity.second_factor_required = True

    sent_on = type_password(visitor, "admin", "/-/users").headers["Location"]
    app = App(site, "admin", visitor.cookies["zoom_ops"])
    opened = visitor.get("/-/users").status_code
    with site.visited() as other:
        author = type_password(other, "author", "/").headers["Location"]
        type_password(other, "admin", "/-/users")
        last = type_code(other, app.code()).headers["Location"]

    assert (sent_on, opened) == ("/account/second-factor?next=/-/users", 200)
    assert (author, last) == ("/-/drafts", "/-/users")


def test_those_whom_a_password_alone_lets_in_are_named(site: Site, app: App) -> None:
    set_user(site.database, QUICK_PASSWORDS, site.box, ADMIN, "author", UserChanges(role="admin", blocked=True))

    assert list_unprotected(site.database) == ("admin",)
    assert {user["login"]: user["second_factor"] for user in show_users(site.database, Waits())} == {
        "admin": False, "author": False, "member": False, "operator": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("logins", "base_url", "required", "checked", "sentence"),
    [
        ((), "https://events.example.org", False, True, "whoever operates the service has one"),
        (("amara",), "https://events.example.org", True, True, "required: amara will be asked"),
        (("amara", "jonas"), "https://events.example.org", False, False, "Nobody asks amara, jonas for more than"),
        (("amara",), "http://localhost:8000", False, True, "not required"),
        (tuple("abcdefg"), "https://events.example.org", False, False, "a, b, c, d, e and 2 more"),
    ],
)
def test_doctor_says_what_it_means(
    logins: tuple[str, ...], base_url: str, required: bool, checked: bool, sentence: str
) -> None:
    check = describe_unprotected(logins, base_url, required)

    assert (check.ok, check.checked, sentence in check.sentence) == (True, checked, True)


def test_proof_takes_a_code_too(site: Site, visitor: Visitor) -> None:
    app = App(site, "admin")
    type_password(visitor, "admin")
    type_code(visitor, app.code())
    site.clock.advance(16 * 60)
    form = {"name": "Ada", "role": "member", "groups": ""}

    asked = visitor.post("/-/users", data=form).text
    statuses = [
        visitor.post("/-/users", data={**form, **proof}).status_code
        for proof in (
            {"own_password": PASSWORD},
            {"own_password": "not the right one", "own_code": app.code()},
            {"own_password": PASSWORD, "own_code": app.code()},
        )
    ]

    assert 'name="own_code"' in asked
    assert statuses == [403, 403, 200]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("choose", [lambda app: app.code(), lambda app: app.recovery_codes[0]], ids=["app", "recovery"])
def test_code_is_taken_once_by_all_tabs_and_processes(site: Site, choose: Callable[[App], str]) -> None:
    app = App(site, "operator")
    code, processes = choose(app), [site, site.again()]

    def finish(number: int) -> str:
        identity = processes[number % 2].services.identity
        address = f"203.0.{number}.1"
        begun = identity.sign_in(identity.begin_attempt("operator", address), PASSWORD)
        assert not isinstance(begun, str)
        try:
            return identity.code_login.finish(identity.code_login.look(begun.state, address), code).goal
        except WrongCodeError:
            return "refused"

    with ThreadPoolExecutor(4) as tabs:
        outcomes = Counter(tabs.map(finish, range(8)))

    assert outcomes == {"": 1, "refused": 7}


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_code_that_is_sent_twice_at_once_is_one_session(site: Site, app: App) -> None:
    code, processes = app.code(), [site, site.again()]
    identity = site.services.identity
    begun = identity.sign_in(identity.begin_attempt("operator"), PASSWORD)
    assert not isinstance(begun, str)
    state = begun.state

    def finish(number: int, code: str = code) -> str:
        login = processes[number % 2].services.identity.code_login
        return login.finish(login.look(state, None), code).secret

    for number in range(4):  # one more wrong code, and the next attempt waits
        with pytest.raises(WrongCodeError):
            finish(number, "000000")
    with ThreadPoolExecutor(4) as clicks:
        secrets = set(clicks.map(finish, range(4)))

    assert [bool(identity.find(secret)) for secret in secrets] == [True]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_no_session_without_a_code_outlives_a_second_factor_that_is_added_meanwhile(site: Site) -> None:
    identity = site.services.identity
    who = open_session(site, "operator")
    offer = identity.second_factors.offer(who, "Harbour Institute")
    code = pyotp.TOTP("".join(offer.groups)).at(site.clock.now())

    def work(number: int) -> str | None:
        if number == 3:
            identity.second_factors.add(who, identity.begin_proof(who), offer.sealed, code)
            return None
        begun = identity.sign_in(identity.begin_attempt("operator", f"203.0.{number}.1"), PASSWORD)
        return begun if isinstance(begun, str) else None

    with ThreadPoolExecutor(4) as threads:
        secrets = [secret for secret in threads.map(work, range(8)) if secret]

    assert [identity.find(secret) for secret in secrets] == [None] * len(secrets)
    with site.database.read() as connection:
        assert len(connection.execute(select(session)).all()) == 1


def begin_with(site: Site, code: str) -> Who:
    """Sign the operator in with a code, and return who that is."""
    identity = site.services.identity
    begun = identity.sign_in(identity.begin_attempt("operator"), PASSWORD)
    assert not isinstance(begun, str)
    who = identity.find(identity.code_login.finish(identity.code_login.look(begun.state, None), code).secret)
    assert who
    return who


def test_new_password_takes_a_code_and_gives_no_guesses_of_codes(site: Site, app: App) -> None:
    identity = site.services.identity
    who = begin_with(site, app.code())
    site.clock.advance(16 * 60)
    new = "another way to it"
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            identity.change_password(who, identity.begin_proof(who), PASSWORD, new, "000000")
    with pytest.raises(TooManyAttemptsError):
        identity.change_password(who, identity.begin_proof(who), PASSWORD, new, app.code())
    site.clock.advance(5 * 60)
    changed = identity.find(identity.change_password(who, identity.begin_proof(who), PASSWORD, new, app.code()))

    assert changed
    assert identity.is_proven(changed)
    assert identity.find(who.session or "") is None
    with pytest.raises(WrongCodeError):
        identity.change_password(changed, identity.begin_proof(changed), new, PASSWORD, app.code())


def test_session_that_a_second_factor_has_ended_sets_no_password_any_more(site: Site) -> None:
    identity, factors = site.services.identity, site.services.identity.second_factors
    thief, late = open_session(site, "operator"), open_session(site, "operator")
    app = App(site, "operator")
    offer = factors.offer(late, "Harbour Institute")

    with pytest.raises(WrongPasswordError):  # both were let in before, and are late
        identity.change_password(thief, identity.begin_proof(thief), PASSWORD, "another way to it", app.code())
    with site.database.begin() as connection:
        connection.execute(second_factor.delete())
    code = pyotp.TOTP("".join(offer.groups)).at(site.clock.now())
    with pytest.raises(WrongPasswordError):
        factors.add(late, identity.begin_proof(late), offer.sealed, code)

    assert list_unprotected(site.database) == ("admin", "operator")


def test_second_factor_forgets_the_networks_that_a_password_made_known(site: Site) -> None:
    identity = site.services.identity
    thief = "203.0.113.7"
    identity.sign_in(identity.begin_attempt("operator", thief), PASSWORD)
    before = identity.begin_attempt("operator", thief).proof
    App(site, "operator")

    assert (before, identity.begin_attempt("operator", thief).proof) == ("network", None)
    assert identity.begin_attempt("operator", "198.51.100.7").proof == "network"


@pytest.mark.both_databases
@pytest.mark.parametrize(("login", "told"), [("operator", "203.0.113.7"), ("member", None)])
def test_second_factor_that_a_thief_sets_up_is_noted(
    site: Site, login: str, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = site.services.identity
    open_session(site, login)  # its owner, from elsewhere
    site.clock.advance(60)
    monkeypatch.setattr("zoom_ops.identity.own_factor._ADDRESSES", 2)
    for _ in range(3):  # many sign-ins do not hide those of the owner
        secret = identity.sign_in(identity.begin_attempt(login, "203.0.113.7"), PASSWORD)
    assert isinstance(secret, str)
    thief = identity.find(secret)
    assert thief
    offer = identity.second_factors.offer(thief, "Harbour Institute")
    code = pyotp.TOTP("".join(offer.groups)).at(site.clock.now())

    identity.second_factors.add(thief, identity.begin_proof(thief, "203.0.113.7"), offer.sealed, code)

    ((_, _, detail),) = lines(site, "second_factor_added")
    assert detail.get("new_network") == told
