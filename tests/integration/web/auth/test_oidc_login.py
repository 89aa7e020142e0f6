"""Sign-in through a real provider: roles from claims, and refusals of wrong answers."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from tests.builders import AN_OPERATOR, EVENT_ID, NOW, SLIDES, an_event
from tests.provided_site import RULES, ProvidedSite, provide, visit_provided
from tests.provider.running import RunningProvider
from zoom_ops.identity import ClaimRules, Passwords, ProvidedSignIn, Waits, ref_of
from zoom_ops.identity.users import UserChanges, set_user, show_users
from zoom_ops.openid import NotProvenError, Proven, Provider
from zoom_ops.store.db.connect import Database
from zoom_ops.store.identity.sign_ins import is_answered, use_answer
from zoom_ops.store.tables import audit

PAGE = f"/events/{EVENT_ID}"
REFUSED = "That sign-in could not be completed. Please begin again."
MINUTE = timedelta(minutes=1)
DOWN = "Harbour Institute cannot be asked just now. Please try again in a moment."


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """SQLite unless a test says otherwise: these tests are about the provider."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def provided(database: Database, provider_of_all: RunningProvider) -> Iterator[ProvidedSite]:
    """A site with an attachment for the members of one group."""
    with visit_provided(database, provider_of_all) as provided:
        provided.introduce()
        provided.site.save(an_event(attachments=(SLIDES.model_copy(update={"groups": ("UNGIS members",)}),)))
        yield provided


def users(provided: ProvidedSite) -> dict[str, tuple[str, list[str]]]:
    """Return role and groups of each user."""
    return {user["login"]: (user["role"], user["groups"]) for user in show_users(provided.site.database, Waits())}


def audited(provided: ProvidedSite) -> list[tuple[str, str, str]]:
    """List who did what, and how."""
    with provided.site.database.read() as connection:
        return [(row.who, row.how, row.what) for row in connection.execute(select(audit).order_by(audit.c.id))]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_people_come_in_as_their_claims_say(provided: ProvidedSite) -> None:
    sees = {}
    for login in ("amara", "jonas", "mei", "yusuf"):
        browser = provided.browser()
        page = browser.sign_in(login, PAGE)
        assert urlsplit(page.url).path == PAGE
        assert browser.is_signed_in()
        sees[login] = str(SLIDES.url) in page.text

    assert sees == {"amara": True, "jonas": True, "mei": True, "yusuf": False}
    assert users(provided) == {
        "amara": ("member", ["UNGIS members", "staff"]),
        "jonas": ("operator", ["event operators", "staff"]),
        "mei": ("admin", ["event admins"]),
        "yusuf": ("visitor", []),
    }
    assert audited(provided)[:2] == [("amara", "oidc", "user_added"), ("amara", "oidc", "signed_in")]


def test_page_offers_the_provider_beside_a_password(provided: ProvidedSite) -> None:
    page = provided.browser().open("/sign-in?next=/events/x").text

    assert 'href="/sign-in/provider?next=/events/x"' in page
    assert "Sign in with Harbour Institute" in page


def test_browser_is_sent_with_a_proof_that_only_it_holds(provided: ProvidedSite) -> None:
    browser = provided.browser()

    step = browser.open("/sign-in/provider", allow_redirects=False)

    query = {name: values[0] for name, values in parse_qs(urlsplit(step.headers["Location"]).query).items()}
    assert query.keys() == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert step.headers["Cache-Control"] == "no-store"
    kept = browser.cookies[f"zoom_ops_sign_in-{ref_of(query['state'])}"]
    assert [secret for secret in query.values() if secret in kept] == []


def test_name_is_found_again_and_changes_with_the_provider(provided: ProvidedSite) -> None:
    provided.browser().sign_in("amara")
    provided.provider.be(claims={"name": "Amara Diallo-Smith", "preferred_username": "somebody-else"})

    page = provided.browser().sign_in("amara")

    assert "Amara Diallo-Smith" in page.text
    assert list(users(provided)) == ["amara"]


def test_role_that_is_lost_at_the_provider_ends_sessions(provided: ProvidedSite) -> None:
    first = provided.browser()
    first.sign_in("jonas")
    provided.provider.be(claims={"groups": []})

    provided.browser().sign_in("jonas")

    assert not first.is_signed_in()
    assert users(provided) == {"jonas": ("visitor", [])}


def test_person_of_the_provider_never_takes_over_a_user_of_ours(provided: ProvidedSite) -> None:
    provided.site.add_user("amara", role="admin")

    provided.browser().sign_in("amara")

    known = users(provided)
    assert known["amara"] == ("admin", [])
    (other,) = known.keys() - {"amara"}
    assert other.startswith("amara~")
    assert known[other][0] == "member"


def test_user_who_is_blocked_here_is_refused(provided: ProvidedSite) -> None:
    provided.browser().sign_in("jonas")
    set_user(provided.site.database, Passwords(), provided.site.box, AN_OPERATOR, "jonas", UserChanges(blocked=True))

    browser = provided.browser()
    page = browser.sign_in("jonas")

    assert (page.status_code, REFUSED in page.text, browser.is_signed_in()) == (403, True, False)
    assert audited(provided)[-1] == ("jonas", "oidc", "sign_in_refused")


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-service"},
        {"aud": ["another-service"], "azp": "zoom-ops"},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"exp": "soon"},
        {"iat": 4_000_000_000},
        {"sub": ""},
        {"sub": None},
        {"at_hash": "bm90IHRoaXMgb25lLi4uLg"},
    ],
    ids=str,
)
def test_word_that_is_wrong_is_not_believed(provided: ProvidedSite, wrong: dict[str, Any]) -> None:
    provided.provider.be(wrong=wrong)
    browser = provided.browser()

    page = browser.sign_in("mei")

    assert (page.status_code, REFUSED in page.text, browser.is_signed_in()) == (403, True, False)
    assert users(provided) == {}


def test_way_back_is_of_use_once_and_to_the_browser_that_began(provided: ProvidedSite) -> None:
    victim, attacker = provided.browser(), provided.browser()
    address = attacker.show_who("mei")

    forced = victim.go_back(address)  # without having begun
    victim.open("/sign-in/provider", allow_redirects=False)
    mixed = victim.go_back(address)  # having begun another one
    own = attacker.go_back(address)
    again = attacker.go_back(address)

    attacker.cookies.clear()
    stolen = attacker.go_back(address)

    assert [page.status_code for page in (forced, mixed, own, stolen)] == [403, 403, 200, 403]
    assert not victim.is_signed_in()
    assert (again.status_code, again.url) == (200, f"{provided.address}/")  # the way of the button Back
    assert provided.site.services.refusals.take() == {("sign_in_wrong", "127.0.0.1"): 3}


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_answer_is_taken_once_by_all_tabs_and_processes(
    provided: ProvidedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = Proven(issuer="https://id.example.org", subject="7", claims={"preferred_username": "mei"})
    monkeypatch.setattr(Provider, "finish", lambda *_: proven)  # a provider that takes a code again and again
    processes = [provide(provided.site, provided.provider, provided.address, RULES, {}) for _ in range(2)]
    begun = processes[0].begin("/")
    answer = {"state": parse_qs(urlsplit(begun.address).query)["state"][0], "code": "a"}

    def finish(process: ProvidedSignIn) -> str:
        try:
            return process.finish(begun.kept, answer, None)[1]
        except NotProvenError:
            return "refused"

    with ThreadPoolExecutor(4) as tabs:
        outcomes = Counter(tabs.map(finish, processes * 4))

    assert outcomes == {"/": 1, "refused": 7}


def test_answers_are_remembered_until_they_are_too_old(database: Database) -> None:
    with database.begin() as connection:
        taken = [use_answer(connection, state, NOW + 10 * MINUTE, NOW) for state in ("a", "a", "b")]
        later = [use_answer(connection, state, NOW + 21 * MINUTE, NOW + 11 * MINUTE) for state in ("a", "a")]

    assert taken == [True, False, True]
    assert later == [True, False]


def test_answers_of_strangers_that_prove_nobody_leave_nothing_behind(provided: ProvidedSite) -> None:
    signing_in = provide(provided.site, provided.provider, provided.address, RULES, {})
    begun = signing_in.begin("/")
    state = parse_qs(urlsplit(begun.address).query)["state"][0]

    with pytest.raises(NotProvenError):
        signing_in.finish(begun.kept, {"state": state, "error": "access_denied"}, None)

    with provided.site.database.read() as connection:
        assert not is_answered(connection, state)


@pytest.mark.parametrize(
    "change", [{"state": "x"}, {"state": ""}, {"code": "x"}, {"code": ""}, {"iss": "https://evil.example"}], ids=str
)
def test_way_back_that_was_changed_is_refused(provided: ProvidedSite, change: dict[str, str]) -> None:
    browser = provided.browser()
    query = {name: values[0] for name, values in parse_qs(urlsplit(browser.show_who("mei")).query).items()}

    page = browser.open("/sign-in/callback", params=query | change)

    assert (page.status_code, browser.is_signed_in()) == (403, False)


OURS = {"for": "code", "ends": (NOW + timedelta(days=9_999)).isoformat(), "goal": "/"}  # sealed for another cookie
BEGUN = OURS | {"again": False, "beginning": {}}


@pytest.mark.parametrize("kept", ["", "rubbish", "gAAAAABm", "é", {}, [], OURS, BEGUN])
def test_way_back_with_rubbish_is_refused(provided: ProvidedSite, kept: Any) -> None:
    if not isinstance(kept, str):
        kept = (provided.site.box.seal(json.dumps(kept)) or b"").decode()
    page = provided.browser().open(
        "/sign-in/callback?code=a&state=b", headers={"Cookie": f"zoom_ops_sign_in-{ref_of('b')}={kept}".encode()}
    )

    assert page.status_code == 403


def test_person_who_declines_at_the_provider_may_begin_again(provided: ProvidedSite) -> None:
    browser = provided.browser()
    step = browser.open("/sign-in/provider", allow_redirects=False)
    state = parse_qs(urlsplit(step.headers["Location"]).query)["state"][0]

    page = browser.open("/sign-in/callback", params={"error": "access_denied", "state": state})

    assert (page.status_code, REFUSED in page.text, "access_denied" in page.text) == (403, True, False)


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(601, 403), (-62, 403), (-5, 200)],  # too late; a clock that was put back; another machine's clock
)
def test_sign_in_that_takes_too_long_begins_again(provided: ProvidedSite, seconds: int, status: int) -> None:
    browser = provided.browser()
    address = browser.show_who("amara")

    provided.site.clock.advance(seconds)

    assert browser.go_back(address).status_code == status


def test_cookies_of_others_disturb_no_sign_in(provided: ProvidedSite) -> None:
    names = [f"zoom_ops_sign_in-{rest}" for rest in ("(a", "b,", "", "é", *(f"{number:016x}" for number in range(4)))]
    asked = ["/series/1", f"/?q={'a' * 900}", f"/?q={'%22' * 300}", f"/?q={chr(34) * 700}"]

    steps = [
        provided.browser().open(
            "/sign-in/provider",
            params={"next": goal},
            headers={"Cookie": "; ".join(f"{name}=x" for name in names).encode()},
            allow_redirects=False,
        )
        for goal in asked
    ]

    for step in steps:
        dropped, kept = step.headers["Set-Cookie"].split(", zoom_ops_sign_in-", 1)
        assert (step.status_code, dropped.partition("=")[0]) == (303, f"zoom_ops_sign_in-{0:016x}")
        assert "zoom_ops_sign_in-" not in kept
        assert len(kept) < 2_000  # four of them fit into 8 kB


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_way_back_leads_to_no_other_site(provided: ProvidedSite, goal: str) -> None:
    page = provided.browser().sign_in("amara", goal)

    assert page.url == f"{provided.address}/"


def test_admin_of_the_provider_proves_there_again_who_they_are(provided: ProvidedSite) -> None:
    long_ago = int(provided.site.clock.now().timestamp()) - 3_600
    provided.provider.be(wrong={"auth_time": long_ago})
    browser, typed = provided.browser(), {"name": "nightly", "scope": "events:read"}
    browser.sign_in("mei")

    asked = browser.post(f"{provided.address}/-/tokens", data=typed).text
    provided.provider.be(wrong={"auth_time": long_ago + 4 * 3_600})  # of a clock that is ahead
    browser.sign_in("mei")
    asked_still = browser.post(f"{provided.address}/-/tokens", data=typed).text
    provided.provider.be(wrong={"auth_time": long_ago})
    step = browser.open("/sign-in/provider?again=1&next=/-/tokens", allow_redirects=False)
    still_old = browser.go_back(browser.show_who("mei", "/-/tokens", again="1"))
    provided.provider.be()
    browser.go_back(browser.show_who("mei", "/-/tokens", again="1"))
    done = browser.post(f"{provided.address}/-/tokens", data=typed).text

    query = parse_qs(urlsplit(step.headers["Location"]).query)
    assert 'href="/sign-in/provider?again=1&amp;next=/-/"' in asked
    assert "Is it you?" in asked_still
    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])
    assert still_old.status_code == 403
    assert 'id="secret"' in done


def test_sign_out_at_the_provider_ends_the_session_here(provided: ProvidedSite) -> None:
    browsers = {}
    for login, sid in (("mei", "s-1"), ("mei", "s-2"), ("jonas", "s-3")):
        provided.provider.be(claims={"sid": sid})
        browsers[sid] = provided.browser()
        browsers[sid].sign_in(login)

    def tell(login: str, **wishes: Any) -> int:
        form = {"logout_token": provided.provider.tell_sign_out(login, **wishes)}
        return provided.browser().post(f"{provided.address}/sign-in/provider/logout", form).status_code

    refused = [tell("mei", claims=claims) for claims in ({"nonce": "n"}, {"aud": "other"}, {"events": {}})]
    left = [sid for sid, browser in browsers.items() if browser.is_signed_in()]
    taken = tell("mei", claims={"sid": "s-1"})
    left_then = [sid for sid, browser in browsers.items() if browser.is_signed_in()]
    taken_all = tell("mei", header={"typ": "JWT"})

    assert (refused, left) == ([400] * 3, ["s-1", "s-2", "s-3"])
    assert (taken, left_then) == (200, ["s-2", "s-3"])
    assert (taken_all, [sid for sid, browser in browsers.items() if browser.is_signed_in()]) == (200, ["s-3"])


def test_tabs_that_begin_at_once_all_come_to_their_end(provided: ProvidedSite) -> None:
    browser = provided.browser()
    begun = [browser.open(f"/sign-in/provider?next=/series/{n}", allow_redirects=False) for n in range(6)]
    kept = [name for name in dict(browser.cookies) if name.startswith("zoom_ops_sign_in-")]
    states = [parse_qs(urlsplit(step.headers["Location"]).query)["state"][0] for step in begun]

    browser.open("/sign-in/callback", params={"error": "access_denied", "state": states[4]})
    left = [name for name in dict(browser.cookies) if name.startswith("zoom_ops_sign_in-")]

    assert kept == [f"zoom_ops_sign_in-{ref_of(state)}" for state in states[2:]]  # four, the oldest dropped
    assert left == [name for name in kept if name != f"zoom_ops_sign_in-{ref_of(states[4])}"]
    first, second = browser.show_who("mei", "/-/runs"), browser.show_who("mei", "/-/jobs")
    assert urlsplit(browser.go_back(first).url).path == "/-/runs"
    assert urlsplit(browser.go_back(second).url).path == "/-/jobs"


def test_session_before_is_ended(provided: ProvidedSite) -> None:
    browser = provided.browser()
    browser.sign_in("amara")
    before = browser.cookies["zoom_ops"]

    browser.sign_in("amara")

    other = provided.browser()
    other.cookies["zoom_ops"] = before
    assert not other.is_signed_in()
    assert browser.is_signed_in()


def test_claims_that_only_userinfo_tells_are_asked_for(provided: ProvidedSite) -> None:
    provided.provider.be(only_if_asked=["groups", "name"])

    provided.browser().sign_in("jonas")

    assert users(provided)["jonas"][0] == "operator"


def test_userinfo_of_another_person_is_not_believed(provided: ProvidedSite) -> None:
    provided.provider.be(only_if_asked=["groups"], wrong_userinfo={"sub": "99", "groups": ["event admins"]})

    page = provided.browser().sign_in("yusuf")

    assert (page.status_code, users(provided)) == (403, {})


def test_provider_that_is_not_there_is_told_in_one_sentence(database: Database) -> None:
    with visit_provided(database, RunningProvider("http://127.0.0.1:1")) as provided:
        page = provided.browser().open("/sign-in/provider")

    assert (page.status_code, DOWN in page.text, "127.0.0.1" in page.text) == (503, True, False)


def test_provider_that_is_too_slow_is_told_in_one_sentence(
    database: Database, provider_of_all: RunningProvider
) -> None:
    with visit_provided(database, provider_of_all, deadline_s=2) as provided:
        provided.introduce()
        browser = provided.browser()
        address = browser.show_who("amara")
        provided.provider.be(seconds=5)
        page = browser.go_back(address)
        provided.introduce()

    assert (page.status_code, DOWN in page.text) == (503, True)


@pytest.mark.parametrize(
    ("rules", "role", "groups"),
    [
        ({"role_claim": "realm_access.roles", "operator_values": ("staff",)}, "operator", ["UNGIS members", "staff"]),
        ({"member_values": ("*",), "groups_claim": "nothing.of.that"}, "member", []),
        ({"role_claim": "email", "admin_values": ("amara@example.org",)}, "admin", ["UNGIS members", "staff"]),
        ({"member_values": ()}, "visitor", ["UNGIS members", "staff"]),
    ],
)
def test_settings_say_which_claims_count(
    database: Database, provider_of_all: RunningProvider, rules: dict[str, Any], role: str, groups: list[str]
) -> None:
    with visit_provided(database, provider_of_all, rules=ClaimRules(**{**vars(RULES), **rules})) as provided:
        provided.introduce()
        provided.browser().sign_in("amara")

        assert users(provided) == {"amara": (role, groups)}
