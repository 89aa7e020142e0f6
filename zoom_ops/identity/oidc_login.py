"""Sign-in through an OpenID Connect provider, whose claims tell login, name, role and groups; and sign-out there."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..clock import Clock
from ..openid import Beginning, NotProvenError, Proven, Provider
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.sessions import Waits, end_provided_sessions, end_sessions, tie_session
from ..store.identity.sign_ins import (
    AT_PROVIDER,
    is_answered,
    lock_sign_ins,
    note_signed_out,
    use_answer,
    use_logout_token,
    was_signed_out,
)
from ..store.identity.users import User, find_provided, find_user, insert_user
from .claims import ClaimRules, read_columns, read_login
from .issued import begin_session, digest_of
from .refused import record_refusal
from .sealed_state import open_state, seal_state

PATIENCE = timedelta(minutes=10)  # to sign in at the provider


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sign-in that has begun."""

    address: str = field(repr=False)  # at the provider, for a redirect
    kept: str = field(repr=False)  # the encrypted state for the browser's cookie
    ref: str  # tells it from others of the same browser


class AnswerUsedError(NotProvenError):
    """This browser has begun no such sign-in, or the answer to it was used before."""


class ProvidedSignIn:
    """Sign-in through one provider."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        box: SecretBox,
        *,
        provider: Provider,
        rules: ClaimRules,
        waits: Waits,
        label: str,
    ) -> None:
        self.label = label  # the provider's name for people
        self._database, self._clock, self._box = database, clock, box
        self._provider, self._rules, self._waits = provider, rules, waits

    def check(self) -> str:
        """Fetch the provider's metadata and signing keys. Return its issuer."""
        return self._provider.check()

    def tells_sign_outs(self) -> bool:
        """Return whether the provider says of itself that it tells us when somebody signs out there."""
        return self._provider.tells_sign_outs()

    def begin(self, goal: str, *, again: bool = False) -> Begun:
        """Begin a sign-in that returns to the path `goal`. Raise ProviderDownError if the provider does not answer.

        `again`: the provider asks for a proof, also whoever is signed in there.
        """
        address, beginning = self._provider.begin(again=again)
        values = {"beginning": asdict(beginning), "goal": goal, "again": again}
        kept = seal_state(self._box, "sign-in at a provider", self._clock.now() + PATIENCE, values)
        return Begun(address=address, kept=kept, ref=ref_of(beginning.state))

    def finish(self, kept: str, parameters: Mapping[str, str], address: str | None) -> tuple[str, str]:
        """Finish a sign-in with the query parameters of the callback. Return the session's secret and the goal.

        An answer that proves somebody is taken once. The others leave nothing behind, or strangers could fill the
        database with them. Raise NotProvenError if the identity is not proven, the user is blocked or has signed out at
        the provider meanwhile, AnswerUsedError if the answer was taken before, and ProviderDownError if the provider
        does not answer.
        """
        state = open_state(self._box, kept, "sign-in at a provider")
        if state is None:
            raise AnswerUsedError
        if not state.is_open(self._clock.now(), PATIENCE):
            raise NotProvenError("This sign-in was begun too long ago.")
        ends, beginning = state.ends, Beginning(**state.values["beginning"])
        goal, again = state.values["goal"], state.values["again"]
        self._provider.check_state(beginning, parameters)
        with self._database.read() as connection:
            if is_answered(connection, beginning.state):
                raise AnswerUsedError
        proven = self._provider.finish(beginning, parameters, self._rules.wanted)
        proven_at = proven.at or (self._clock.now() if again else None)
        if again and proven_at and self._clock.now() - proven_at > PATIENCE:
            raise NotProvenError("The sign-in provider did not ask for a new proof.")
        with self._database.begin() as connection:
            lock_sign_ins(connection)
            now, whose = self._clock.now(), (proven.issuer, proven.subject, proven.sid)
            if not use_answer(connection, beginning.state, ends, now):  # two tabs may come at once
                raise AnswerUsedError
            if was_signed_out(connection, *whose, since=ends - PATIENCE, now=now):
                raise NotProvenError("This user signed out at the provider meanwhile.")
            secret = self._sign_in(connection, proven, address, proven_at)
        if secret is None:
            raise NotProvenError("This user is blocked here.")
        return secret, goal

    def sign_out(self, token: str, address: str | None, *, renewed: bool = False) -> int:
        """End the sessions of whoever signed out at the provider, by its logout token. Return their number.

        A token is taken once. A sign-in that began before it does not come to an end. Raise NotProvenError for a token
        that proves nothing or was taken before, UnknownKeyError if `renewed` may help (`Provider.check_sign_out`), and
        ProviderDownError if the provider does not answer.
        """
        signed_out = self._provider.check_sign_out(token, renewed=renewed)
        issuer, whose = signed_out.issuer, (signed_out.subject, signed_out.sid)
        with self._database.begin() as connection:
            lock_sign_ins(connection)
            now = self._clock.now()
            if not use_logout_token(connection, issuer, signed_out.token_id, signed_out.ends, now):
                raise NotProvenError("This logout token of the provider was used before.")
            note_signed_out(connection, issuer, *whose, ends=now + PATIENCE, now=now)
            ended = end_provided_sessions(connection, issuer, *whose)
            for login, count in ended.items():
                by = Actor(name=login, how="oidc", address=address)
                detail = {"sessions_ended": count, "signed_out": AT_PROVIDER}
                record_audit(connection, by, "user_signed_out", ("user", login), now, **detail)
        return ended.total()

    def _sign_in(
        self, connection: Connection, proven: Proven, address: str | None, proven_at: datetime | None
    ) -> str | None:
        """Begin a session for the proven user, with the role and groups of the claims. Return None for a blocked user.

        A change of role or groups ends the user's earlier sessions.
        """
        now = self._clock.now()
        user = find_provided(connection, proven.issuer, proven.subject) or self._add(connection, proven, now)
        by = Actor(name=user.login, how="oidc", address=address)
        if user.blocked:
            record_refusal(connection, by, "sign_in_refused", user.login, now)
            return None
        changes = read_columns(proven.claims, self._rules, user.login)
        if (user.role, list(user.groups)) != (changes["role"], changes["groups"]):
            ended = end_sessions(connection, user.id)
            detail = {"role": changes["role"], "groups": changes["groups"], "sessions_ended": ended}
            record_audit(connection, by, "user_changed", ("user", user.login), now, **detail)
        life = self._waits.life_of(changes["role"])
        secret = begin_session(connection, user.id, by, life, now, proven_at=proven_at, **changes)
        if proven.sid:
            tie_session(connection, digest_of(secret), proven.sid)
        return secret

    def _add(self, connection: Connection, proven: Proven, now: datetime) -> User:
        """Add a user at their first sign-in. A login that is taken gets a suffix from issuer and subject."""
        login = read_login(proven.claims, self._rules)
        if find_user(connection, login):
            login = f"{login[:150]}~{hashlib.sha256(f'{proven.issuer} {proven.subject}'.encode()).hexdigest()[:8]}"
        values = read_columns(proven.claims, self._rules, login)
        insert_user(connection, now, login=login, issuer=proven.issuer, subject=proven.subject, **values)
        by = Actor(name=login, how="oidc")
        detail = {"role": values["role"], "groups": values["groups"], "issuer": proven.issuer}
        record_audit(connection, by, "user_added", ("user", login), now, **detail)
        added = find_user(connection, login)
        assert added is not None  # noqa: S101 - inserted above
        return added


def ref_of(state: str) -> str:
    """Return the name of a sign-in by the state that comes back with the browser. It reveals nothing of it."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:16]
