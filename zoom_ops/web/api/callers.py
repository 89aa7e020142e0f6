"""API authentication, scopes, rate limit."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from ...access import Reader
from ...clock import Clock
from ...identity import Scope, Who
from ...operations.context import Context
from ...operations.services import Operations
from ...rate import Counters, Rate
from ...store.audit import Actor
from ..dependencies import Services, address_of, operator_of, services_of, who_of
from .parameters import refuse_unknown
from .problems import Problem
from .wrong_tokens import WrongTokens

PER_CALLER = Rate(at_once=120, every=timedelta(seconds=1) / 20)  # requests
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token: zops_…")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The authenticated caller: what they may see, their name in the audit log, the services for them."""

    reader: Reader
    by: Actor
    services: Services

    @property
    def operations(self) -> Operations:
        """The operations. Raise Problem 503 if the process has none."""
        if self.services.operations is None:
            raise Problem(503, "Nothing can be done here.")
        return self.services.operations

    @property
    def context(self) -> Context:
        """The context of the operations."""
        return self.operations.context


class CallerRates:
    """How often each caller of this process may ask, by name, in time since boot."""

    def __init__(self, clock: Clock, rate: Rate = PER_CALLER) -> None:
        self._clock, self._counters = clock, Counters(rate)

    def wait_of(self, caller: str) -> float:
        """Count a request and return 0, or count nothing and return the seconds until the next one is accepted."""
        return self._counters.count(caller, timedelta(seconds=self._clock.elapsed())).total_seconds()


def needs(*scopes: Scope) -> Any:
    """Build the dependency of an endpoint: a token with one of these scopes, or a signed-in operator or author.

    It returns the Caller, or raises Problem 401, 403 or 429, and then 400 for a parameter that there is not.
    """
    return Security(_caller_of, scopes=list(scopes))


def _caller_of(
    request: Request,
    needed: SecurityScopes,
    _token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],  # only for the OpenAPI description
) -> Caller:
    authorization = request.headers.get("authorization")  # a wrong one is never replaced by the session
    who = (
        _person_of(request, needed.scopes)
        if authorization is None
        else _script_of(request, authorization, needed.scopes)
    )
    rates: CallerRates = request.app.state.rates
    if wait := rates.wait_of(f"{who.how} {who.login}"):
        raise Problem(429, "That was too fast.", headers={"Retry-After": str(math.ceil(wait))})
    refuse_unknown(request)
    return Caller(reader=who.reader, by=who.at(address_of(request)), services=services_of(request))


def _person_of(request: Request, scopes: list[str]) -> Who:
    """Return the signed-in operator, or the author for what authors may do."""
    who = who_of(request)
    return who if who and set(scopes) & set(who.scopes) else operator_of(request)


def _script_of(request: Request, authorization: str, scopes: list[str]) -> Who:
    scheme, _, secret = authorization.partition(" ")
    who = _find_script(request, secret.strip()) if scheme.lower() == "bearer" else None
    if who is None:
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Problem(401, "There is no such token, or not any more.", headers=challenge)
    if not set(scopes) & set(who.scopes):
        challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scopes[0]}"'}
        raise Problem(403, f"This token lacks the scope {' or '.join(scopes)}.", headers=challenge)
    return who


def _find_script(request: Request, secret: str) -> Who | None:
    """Find the script that holds a token. Raise Problem 429 for a wrong one after too many from the same network."""
    services, address = services_of(request), address_of(request)
    identity, wrong = services.identity, wrong_tokens_of(request)
    wait = wrong.wait_of(address, secret, identity.load_token_digests)
    if not wait and (who := identity.find_token(secret)):
        return who
    if wait := wait or wrong.count(address):
        services.refusals.note("token_throttled", address)
        raise Problem(429, "There were too many wrong tokens.", headers={"Retry-After": str(math.ceil(wait))})
    services.refusals.note("token_wrong", address)
    return None


def wrong_tokens_of(request: Request) -> WrongTokens:
    """Return the count of wrong tokens of this process."""
    wrong: WrongTokens = request.app.state.wrong_tokens
    return wrong
