"""Sign-in through an OpenID Connect provider, whose claims tell login, name, role and groups."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..clock import Clock
from ..errors import ZoomOpsError
from ..openid import Beginning, NotProvenError, Proven, Provider
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.sessions import Waits, end_sessions
from ..store.identity.sign_ins import is_answered, use_answer
from ..store.identity.users import User, find_provided, find_user, insert_user
from .claims import ClaimRules, read_columns, read_login
from .issued import begin_session
from .refused import record_refusal

PATIENCE = timedelta(minutes=10)  # to sign in at the provider
_USED_BEFORE = "This answer of the provider was used before."


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

    def begin(self, goal: str, *, again: bool = False) -> tuple[str, str]:
        """Begin a sign-in that returns to the path `goal`. Raise ProviderDownError if the provider does not answer.

        `again`: the provider asks for a proof, also whoever is signed in there. Return the address at the provider, for
        a redirect, and the encrypted state for the browser's cookie.
        """
        address, beginning = self._provider.begin(again=again)
        ends = (self._clock.now() + PATIENCE).isoformat()
        state = {"beginning": asdict(beginning), "goal": goal, "ends": ends, "again": again}
        kept = self._box.seal(json.dumps(state)) or b""
        return address, kept.decode()

    def finish(self, kept: str, parameters: Mapping[str, str], address: str | None) -> tuple[str, str]:
        """Finish a sign-in with the query parameters of the callback. Return the session's secret and the goal.

        An answer that proves somebody is taken once. The others leave nothing behind, or strangers could fill the
        database with them. Raise NotProvenError if the identity is not proven, the answer was taken before or the user
        is blocked, and ProviderDownError if the provider does not answer.
        """
        try:
            state = json.loads(self._box.unseal(kept.encode()) or "")
            ends, goal = datetime.fromisoformat(state["ends"]), str(state["goal"])
            again = bool(state.get("again"))
        except (ZoomOpsError, ValueError):
            raise NotProvenError("This browser has begun no sign-in.") from None
        if ends <= self._clock.now():
            raise NotProvenError("This sign-in was begun too long ago.")
        beginning = Beginning(**state["beginning"])
        self._provider.check_state(beginning, parameters)
        with self._database.read() as connection:
            if is_answered(connection, beginning.state):
                raise NotProvenError(_USED_BEFORE)
        proven = self._provider.finish(beginning, parameters, self._rules.wanted)
        proven_at = proven.at or (self._clock.now() if again else None)
        if again and proven_at and self._clock.now() - proven_at > PATIENCE:
            raise NotProvenError("The sign-in provider did not ask for a new proof.")
        with self._database.begin() as connection:
            if not use_answer(connection, beginning.state, ends, self._clock.now()):  # two tabs may come at once
                raise NotProvenError(_USED_BEFORE)
            secret = self._sign_in(connection, proven, address, proven_at)
        if secret is None:
            raise NotProvenError("This user is blocked here.")
        return secret, goal

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
        return begin_session(connection, user.id, by, life, now, proven_at=proven_at, **changes)

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
