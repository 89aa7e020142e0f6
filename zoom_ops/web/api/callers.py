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
from ..api_door import script_of
from ..dependencies import Services, address_of, operator_of, services_of, who_of
from .parameters import refuse_unknown
from .problems import Problem

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
    read = _script_of if "authorization" in request.headers else _person_of
    who = read(request, needed.scopes)
    rates: CallerRates = request.app.state.rates
    if wait := rates.wait_of(f"{who.how} {who.login}"):
        raise Problem(429, "That was too fast.", headers={"Retry-After": str(math.ceil(wait))})
    refuse_unknown(request)
    return Caller(reader=who.reader, by=who.at(address_of(request)), services=services_of(request))


def _person_of(request: Request, scopes: list[str]) -> Who:
    """Return the signed-in operator, or the author for what authors may do."""
    who = who_of(request)
    return who if who and set(scopes) & set(who.scopes) else operator_of(request)


def _script_of(request: Request, scopes: list[str]) -> Who:
    who = script_of(request)
    if not set(scopes) & set(who.scopes):
        challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scopes[0]}"'}
        raise Problem(403, f"This token lacks the scope {' or '.join(scopes)}.", headers=challenge)
    return who
