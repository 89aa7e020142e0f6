"""Who asks, whether he may, and how often."""

import math
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from ...access import Reader
from ...identity import Scope, Who
from ...operations.context import Context
from ...operations.services import Operations
from ...store.audit import Actor
from ..dependencies import Services, address_of, services_of, who_of
from .pace import Pace
from .problems import Problem

_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token: zops_…")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, as far as an endpoint has to know: what he may see, how the audit calls him, and what he works with."""

    reader: Reader
    by: Actor
    services: Services

    @property
    def operations(self) -> Operations:
        """What he works with."""
        if self.services.operations is None:
            raise Problem(503, "Nothing can be done here.")
        return self.services.operations

    @property
    def context(self) -> Context:
        """What the verbs work with."""
        return self.operations.context


def needs(*scopes: Scope) -> Any:
    """Make the dependency of an endpoint: a token of one of these scopes, or an operator who is signed in."""
    return Security(_caller_of, scopes=list(scopes))


def _caller_of(
    request: Request,
    needed: SecurityScopes,
    _token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],  # for the description alone
) -> Caller:
    who = _who_of(request, needed.scopes)
    pace: Pace = request.app.state.pace
    if wait := pace.wait_of(f"{who.how} {who.login}"):
        raise Problem(429, "That was too fast.", headers={"Retry-After": str(math.ceil(wait))})
    return Caller(reader=who.reader, by=who.at(address_of(request)), services=services_of(request))


def _who_of(request: Request, scopes: list[str]) -> Who:
    """Tell who asks: where a token comes along it alone counts, else who is signed in."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _script_of(request, authorization, scopes)
    who = who_of(request)
    if who is None:
        raise Problem(401, "Say who asks: Authorization: Bearer zops_…", headers={"WWW-Authenticate": "Bearer"})
    if not who.reader.operates:
        raise Problem(403, "This is for operators.")
    return who


def _script_of(request: Request, authorization: str, scopes: list[str]) -> Who:
    scheme, _, secret = authorization.partition(" ")
    who = services_of(request).identity.find_token(secret.strip()) if scheme.lower() == "bearer" else None
    if who is None:
        told = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Problem(401, "There is no such token, or not any more.", headers=told)
    if not set(scopes) & set(who.scopes):
        told = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scopes[0]}"'}
        raise Problem(403, f"This token lacks the scope {' or '.join(scopes)}.", headers=told)
    return who
