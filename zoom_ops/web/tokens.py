"""Which script asks: the token that comes along with a request to the API."""

from collections.abc import Callable

from fastapi import Request

from ..operations.identity import Scope, Who
from .wiring import NotAllowedError, SignInNeededError, doors_of

_SCHEME = "bearer"


def needs(scope: Scope) -> Callable[[Request], Who]:
    """Make the dependency of an endpoint that a token of this scope opens: `Depends(needs(Scope.EVENTS_READ))`."""

    def token_with_scope(request: Request) -> Who:
        return token_of(request, scope)

    return token_with_scope


def token_of(request: Request, scope: Scope) -> Who:
    """Tell whose token a request brings; 401 without one that holds, 403 where it is not for this.

    A session is no token: what a browser sends by itself opens nothing here.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    who = doors_of(request).identity.find_token(secret.strip()) if scheme.lower() == _SCHEME else None
    if who is None:
        raise SignInNeededError
    if scope not in who.scopes:
        raise NotAllowedError
    return who
