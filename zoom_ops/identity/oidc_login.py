"""Sign-in through a provider: what it proves becomes a user here, and a session."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from ..clock import Clock
from ..errors import ZoomOpsError
from ..openid import Beginning, NotProvenError, Proven, Provider
from ..store.audit import Actor, record_audit
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.identity.sessions import end_sessions
from ..store.identity.users import User, find_provided, find_user, insert_user
from .claims import ClaimRules, read_groups, read_login, read_name, read_role
from .sessions import begin_session

log = structlog.get_logger()
PATIENCE = timedelta(minutes=10)  # to sign in at the provider


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and what it keeps meanwhile, sealed."""

    address: str
    kept: str


class ProvidedSignIn:
    """Sign-in through one provider."""

    def __init__(  # each is another machine
        self,
        database: Database,
        clock: Clock,
        box: SecretBox,
        *,
        provider: Provider,
        rules: ClaimRules,
        life: timedelta,
        label: str,
    ) -> None:
        self.label = label  # whose account it is that people sign in with
        self._database, self._clock, self._box = database, clock, box
        self._provider, self._rules, self._life = provider, rules, life

    def check(self) -> str:
        """Ask the provider what it is and by which keys it signs; tell its name."""
        return self._provider.check()

    def begin(self, goal: str) -> Begun:
        """Begin a sign-in that leads on to `goal`; ProviderDownError where the provider cannot be asked."""
        address, beginning = self._provider.begin()
        ends = (self._clock.now() + PATIENCE).isoformat()
        kept = self._box.seal(json.dumps({"beginning": asdict(beginning), "goal": goal, "ends": ends})) or b""
        return Begun(address=address, kept=kept.decode())

    def finish(self, kept: str, brought: Mapping[str, str], address: str | None) -> tuple[str, str]:
        """Take who came back in: tell the secret of the session, and where it leads on to.

        NotProvenError where nothing proves who that is, and ProviderDownError where the provider cannot be asked.
        """
        beginning, goal = self._unseal(kept)
        proven = self._provider.finish(beginning, brought, self._rules.wanted)
        with self._database.begin() as connection:
            secret = self._sign_in(connection, proven, address)
        if secret is None:
            raise NotProvenError("This user is blocked here.")
        return secret, goal

    def _unseal(self, kept: str) -> tuple[Beginning, str]:
        try:
            told = json.loads(self._box.unseal(kept.encode()) or "")
            ends = datetime.fromisoformat(told["ends"])
        except (ZoomOpsError, ValueError):
            raise NotProvenError("This browser has begun no sign-in.") from None
        if ends <= self._clock.now():
            raise NotProvenError("This sign-in was begun too long ago.")
        return Beginning(**told["beginning"]), str(told["goal"])

    def _sign_in(self, connection: Connection, proven: Proven, address: str | None) -> str | None:
        """Sign the person in whom the provider names, as what he is there now; not if he is blocked here."""
        now = self._clock.now()
        user = find_provided(connection, proven.issuer, proven.subject) or self._add(connection, proven, now)
        by = Actor(name=user.login, how="oidc", address=address)
        if user.blocked:
            record_audit(connection, by, "sign_in_refused", ("user", user.login), now)
            return None
        changes = self._read(proven, user.login)
        if (user.role, list(user.groups)) != (changes["role"], changes["groups"]):
            ended = end_sessions(connection, user.id)
            told = {"role": changes["role"], "groups": changes["groups"], "sessions_ended": ended}
            record_audit(connection, by, "user_changed", ("user", user.login), now, **told)
        return begin_session(connection, user.id, by, self._life, now, **changes)

    def _add(self, connection: Connection, proven: Proven, now: datetime) -> User:
        """Note a person who comes for the first time, under a login that nobody else has."""
        login = read_login(proven.claims, self._rules)
        if find_user(connection, login):
            login = f"{login[:150]}~{hashlib.sha256(f'{proven.issuer} {proven.subject}'.encode()).hexdigest()[:8]}"
        values = self._read(proven, login)
        insert_user(connection, now, login=login, issuer=proven.issuer, subject=proven.subject, **values)
        by = Actor(name=login, how="oidc")
        told = {"role": values["role"], "groups": values["groups"], "issuer": proven.issuer}
        record_audit(connection, by, "user_added", ("user", login), now, **told)
        added = find_user(connection, login)
        assert added is not None  # noqa: S101 - written just now
        return added

    def _read(self, proven: Proven, login: str) -> dict[str, Any]:
        """Read what the provider's word makes of a user."""
        return {
            "name": read_name(proven.claims, login),
            "role": read_role(proven.claims, self._rules),
            "groups": read_groups(proven.claims, self._rules),
        }
