"""Logout tokens as providers make them."""

from itertools import count
from typing import Any

from joserfc import jwt
from joserfc.jws import JWSRegistry

EVENTS = {"http://schemas.openid.net/event/backchannel-logout": {}}
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256", "oct": "HS256"}
_numbers = count(1)


def make_logout_token(key: Any, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Sign a logout token. What is None in `header` or `claims` is left out; each token has an id of its own."""
    whole = {"alg": _ALGORITHMS[key.key_type], "kid": key.kid, "typ": "logout+jwt", **header}
    known = {"aud": "zoom-ops", "events": EVENTS, "jti": f"token-{next(_numbers)}", **claims}
    given, said = ({name: value for name, value in each.items() if value is not None} for each in (whole, known))
    registry = JWSRegistry(algorithms=[given["alg"]], strict_check_header=False)
    return jwt.encode(given, said, key, registry=registry, default_type=None)
