"""Sign-out at the provider ends the sessions here: whose, once, and also beside a sign-in that is going on."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey
from sqlalchemy import select, text, update

from tests.provider.described import serve_description
from tests.provider.logout import make_logout_token
from tests.waiting import wait_until
from tests.web_site import Site, Visitor
from zoom_ops.identity import ClaimRules, ProvidedSignIn, Waits, oidc_login
from zoom_ops.openid import Client, NotProvenError, Proven, Provider
from zoom_ops.store.audit import Actor, record_audit
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import audit, meta
from zoom_ops.store.tables import session as session_table
from zoom_ops.web.auth.setup import describe_provider
from zoom_ops.web.edge.door.room import Room

LOGOUT = "/sign-in/provider/logout"
KEY, NEXT = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("now", "next"))


@dataclass(frozen=True, kw_only=True)
class Provided:
    """A site with a provider that publishes `keys`; what people do at the provider is not needed here."""

    site: Site
    issuer: str
    keys: list[ECKey]
    asked: list[str]  # the paths that the provider was asked for

    def process(self) -> ProvidedSignIn:
        """Build the sign-in as another process has it."""
        return provide(self.site, self.issuer)

    def begin(self, signing_in: ProvidedSignIn) -> tuple[str, dict[str, str]]:
        """Begin a sign-in; return what the browser keeps, and the answer that it brings."""
        begun = signing_in.begin("/")
        return begun.kept, {"state": parse_qs(urlsplit(begun.address).query)["state"][0], "code": "a"}

    def sign_in(self, monkeypatch: pytest.MonkeyPatch, subject: str, sid: str | None, issuer: str = "") -> str:
        """Sign in, with a session at the provider; return the session's secret here."""
        signing_in = self.site.services.provided
        assert signing_in
        self.prove(monkeypatch, subject, sid, issuer)
        return signing_in.finish(*self.begin(signing_in), None)[0]

    def prove(self, monkeypatch: pytest.MonkeyPatch, subject: str, sid: str | None, issuer: str = "") -> None:
        """Let the provider prove who comes back."""
        claims = {"preferred_username": f"user-{subject}", "groups": ["m"], **({"sid": sid} if sid else {})}
        proven = Proven(issuer=issuer or self.issuer, subject=subject, claims=claims)
        monkeypatch.setattr(Provider, "finish", lambda *_: proven)

    def token(self, key: ECKey = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Make a logout token of now."""
        seconds = int(self.site.clock.now().timestamp())
        return make_logout_token(key, header or {}, {"iss": self.issuer, "iat": seconds, **claims})


def provide(site: Site, issuer: str) -> ProvidedSignIn:
    """Build the sign-in through the provider."""
    client = Client(
        discovery_url=f"{issuer}/.well-known/openid-configuration",
        client_id="zoom-ops",
        client_secret="s",
        scopes=("openid",),
        redirect_uri="http://127.0.0.1/callback",
    )
    names = {"role_claim": "groups", "groups_claim": "groups", "login_claim": "preferred_username"}
    rules = ClaimRules(**names, member_values=("m",))
    provider = Provider(client, site.clock)
    return ProvidedSignIn(
        site.database, site.clock, site.box, provider=provider, rules=rules, waits=Waits(), label="Harbour Institute"
    )


@pytest.fixture
def provided(database: Database) -> Iterator[Provided]:
    """A site with a provider."""
    keys = [KEY]
    with serve_description({}, keys) as (address, asked):
        issuer = address.partition("/.well-known")[0]
        site = Site(database, base_url="http://events.example.org", provide=lambda site: provide(site, issuer))
        yield Provided(site=site, issuer=issuer, keys=keys, asked=asked)


@pytest.fixture
def site(provided: Provided) -> Site:
    """The site, for the fixture `visitor`."""
    return provided.site


def tell(visitor: Visitor, token: str, **options: Any) -> requests.Response:
    """Send a logout token as a provider does."""
    return visitor.post(LOGOUT, data={"logout_token": token}, **options)


def count_sessions(site: Site) -> int:
    with site.database.read() as connection:
        return len(connection.execute(select(session_table)).all())


@pytest.mark.both_databases
def test_provider_and_who_is_signed_in_are_known_after_a_restart(
    provided: Provided, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject in ("7", "8"):
        provided.sign_in(monkeypatch, subject, None)
    with provided.site.database.begin() as connection:
        connection.execute(update(session_table).values(address="2001:db8::7"))
    assert tell(visitor, provided.token(sub="7")).status_code == 200
    with provided.site.database.begin() as connection:  # what a user of the provider does is not the provider's
        by = Actor(name="jonas", how="oidc", address="198.51.100.7")
        record_audit(connection, by, "user_signed_out", ("user", "jonas"), provided.site.clock.now(), sessions_ended=1)
    known = list[str]()
    monkeypatch.setattr(Room, "trust", lambda _room, address: known.append(address))

    with provided.site.served():
        pass

    assert known == ["2001:db8::7", "127.0.0.1"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("claims", "left"),
    [
        ({"sid": "s-1"}, {"s-2", "", "s-3"}),
        ({"sub": "7", "sid": "s-1"}, {"s-2", "s-3"}),  # nobody knows of which session there "" is
        ({"sub": "7"}, {"s-3"}),
        ({"sub": "8", "sid": "s-1"}, {"s-1", "s-2", "", "s-3"}),  # not theirs
        ({"sub": "9"}, {"s-1", "s-2", "", "s-3"}),  # nobody
        ({"sub": "7", "sid": "s-9"}, {"s-1", "s-2", "s-3"}),
    ],
)
def test_sessions_end_that_the_provider_names(
    provided: Provided, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, claims: dict[str, str], left: set[str]
) -> None:
    site = provided.site
    site.add_user("jonas")
    site.sign_in(visitor, "jonas")
    known = (("7", "s-1"), ("7", "s-2"), ("7", ""), ("8", "s-3"))
    secrets = {sid: provided.sign_in(monkeypatch, subject, sid) for subject, sid in known}
    of_another = provided.sign_in(monkeypatch, "7", "s-1", "https://another.example.org")

    answer = tell(visitor, provided.token(**claims), headers={"Origin": "https://id.example.org"})

    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (200, "", "no-store")
    assert "Set-Cookie" not in answer.headers
    assert {sid for sid, secret in secrets.items() if site.services.identity.find(secret)} == left
    assert site.services.identity.find(of_another)
    assert "Sign out" in visitor.get("/").text  # jonas has a password here
    with site.database.read() as connection:
        told = connection.execute(select(audit).where(audit.c.what == "user_signed_out")).all()
    detail = {"sessions_ended": 4 - len(left), "signed_out": "at the provider"}
    lines = [(row.who, row.how, row.address, row.subject, row.detail) for row in told]
    assert lines == ([("user-7", "oidc", "127.0.0.1", "user-7", detail)] if len(left) < 4 else [])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"logout_token": "a.b.c"}}, 400),
        ({"data": {"logout_token": ""}}, 400),
        ({"data": {}}, 400),
        ({"data": [("logout_token", "a"), ("logout_token", "b")]}, 400),
        ({"data": b"\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400),
        ({"json": {"logout_token": "a"}}, 400),
        ({"data": {"logout_token": "x" * 65_536}}, 413),
    ],
)
def test_word_that_is_not_believed_is_refused_as_the_specification_says(
    provided: Provided, visitor: Visitor, sent: dict[str, Any], status: int
) -> None:
    answer = visitor.post(LOGOUT, **sent)

    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (status, True)
    if status == 400:
        assert answer.json()["error"] == "invalid_request"
        assert provided.site.services.refusals.take() == {("signature_wrong", "127.0.0.1"): 1}


@pytest.mark.both_databases
def test_token_is_taken_once_by_all_processes(provided: Provided, monkeypatch: pytest.MonkeyPatch) -> None:
    provided.sign_in(monkeypatch, "7", "s-1")
    processes, token = [provided.process() for _ in range(2)], provided.token(sub="7")

    def sign_out(process: ProvidedSignIn) -> object:
        try:
            return process.sign_out(token, None)
        except NotProvenError:
            return "refused"

    with ThreadPoolExecutor(4) as at_once:
        outcomes = Counter(at_once.map(sign_out, processes * 4))

    assert outcomes == {1: 1, "refused": 7}
    provided.site.clock.advance(1_300)
    provided.process().sign_out(provided.token(sub="8"), None)
    with provided.site.database.read() as connection:  # what is too old is forgotten
        names = [name.rpartition(" ")[0] for name in connection.execute(select(meta.c.name)).scalars()]
    assert sorted(name for name in names if "sign" in name) == ["sign-out token", "signed out there"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("claims", "sid"),
    [
        ({"sub": "7"}, "s-1"),
        ({"sid": "s-1"}, "s-1"),
        ({"sub": "7", "sid": "s-1"}, "s-1"),
        ({"sub": "7"}, None),
        ({"sub": "7", "sid": "s-1"}, None),
    ],
)
def test_sign_in_that_began_before_the_sign_out_does_not_come_to_an_end(
    provided: Provided, monkeypatch: pytest.MonkeyPatch, claims: dict[str, str], sid: str | None
) -> None:
    one, other = provided.process(), provided.process()
    provided.prove(monkeypatch, "7", sid)
    begun, of_another = provided.begin(one), provided.begin(one)
    provided.site.clock.advance(1)

    other.sign_out(provided.token(**claims), None)

    with pytest.raises(NotProvenError, match="signed out"):
        one.finish(*begun, None)
    provided.site.clock.advance(1)
    assert one.finish(*provided.begin(one), None)
    provided.prove(monkeypatch, "8", "s-2")
    assert one.finish(*of_another, None)
    assert count_sessions(provided.site) == 2


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)  # SQLite has one writer anyway
def test_sign_out_waits_for_a_sign_in_that_is_being_written(
    provided: Provided, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = provided.process(), provided.process()
    provided.prove(monkeypatch, "7", "s-1")
    begun, token, told = provided.begin(one), provided.token(sub="7"), list[Future[int]]()
    was_signed_out = oidc_login.was_signed_out

    def waits_or_is_done() -> bool:
        with provided.site.database.read() as connection:
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return told[0].done() or connection.scalar(waiting) == 1

    def meanwhile(*looked: Any, **times: Any) -> bool:
        found = was_signed_out(*looked, **times)
        told.append(at_once.submit(other.sign_out, token, None))
        wait_until(waits_or_is_done)
        return found

    with ThreadPoolExecutor(1) as at_once:
        monkeypatch.setattr(oidc_login, "was_signed_out", meanwhile)
        one.finish(*begun, None)
        ended = told[0].result(60)

    assert (ended, count_sessions(provided.site)) == (1, 0)


def test_keys_that_are_new_are_fetched_again_but_seldom(provided: Provided, visitor: Visitor) -> None:
    first = tell(visitor, provided.token(sub="7")).status_code
    provided.keys[:] = [NEXT]
    early = [tell(visitor, provided.token(NEXT, sub="7")).status_code for _ in range(3)]
    provided.site.clock.advance(31)

    late = [tell(visitor, provided.token(NEXT, sub="7")).status_code for _ in range(3)]

    assert (first, early, late) == (200, [400] * 3, [200] * 3)
    assert provided.asked.count("/keys") == 2


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"backchannel_logout_supported": True}, "Register https://events.example.org/sign-in/provider/logout there"),
        ({}, "It names no back-channel logout"),
        ({"issuer": "https://evil.example"}, ""),
    ],
)
def test_doctor_names_the_address_to_register(site: Site, described: dict[str, Any], said: str) -> None:
    with serve_description(described, [KEY]) as (address, _):
        issuer = address.partition("/.well-known")[0]
        check = describe_provider(provide(site, issuer), "https://events.example.org")

    assert (check.ok, f"{issuer}. {said}" in check.sentence) == (bool(said), bool(said))


def test_provider_that_cannot_be_asked_is_told_to_send_it_again(database: Database) -> None:
    site = Site(database, provide=lambda site: provide(site, "http://127.0.0.1:1"))

    with site.visited() as visitor:
        answer = tell(visitor, "a.b.c")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error"] == "temporarily_unavailable"
