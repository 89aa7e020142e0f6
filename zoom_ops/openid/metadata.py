"""What a provider says of itself: where it is asked, and by which name it signs."""

from dataclasses import dataclass
from typing import Any

from ..errors import ConfigurationError
from .wire import Wire

_ENDING = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a provider says of itself, as far as it is needed here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    takes_basic: bool  # credentials in a header, else in the body


def fetch_metadata(wire: Wire, discovery_url: str) -> Metadata:
    """Fetch what a provider says of itself; ConfigurationError where it cannot be meant."""
    told = wire.fetch(wire.check_host(discovery_url))
    issuer = _text(told, "issuer")
    expected = discovery_url.removesuffix(_ENDING)
    if expected != discovery_url and issuer.rstrip("/") != expected:
        raise ConfigurationError(f"The sign-in provider calls itself another issuer than {expected}.")
    ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    about_you = told.get("userinfo_endpoint")
    return Metadata(
        issuer=issuer,
        userinfo_endpoint=wire.check_host(about_you) if isinstance(about_you, str) else None,
        takes_basic="client_secret_basic" in ways,
        **{name: wire.check_host(_text(told, name)) for name in _NEEDED},
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"The sign-in provider does not say its {name}.")
    return value
