"""Discovery: the metadata of a provider, with its endpoints and its issuer name."""

from dataclasses import dataclass
from typing import Any

from ..errors import ConfigurationError
from .wire import Wire

_ENDING = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The metadata of a provider that is needed here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    takes_basic: bool  # send the credentials in a header, else in the body


def fetch_metadata(wire: Wire, discovery_url: str) -> Metadata:
    """Fetch the metadata of a provider; raises ConfigurationError if it is unusable."""
    document = wire.fetch(wire.check_host(discovery_url))
    issuer = _text(document, "issuer")
    expected = discovery_url.removesuffix(_ENDING)
    if expected != discovery_url and issuer.rstrip("/") != expected:
        raise ConfigurationError(f"The sign-in provider calls itself another issuer than {expected}.")
    auth_methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    userinfo = document.get("userinfo_endpoint")
    return Metadata(
        issuer=issuer,
        userinfo_endpoint=wire.check_host(userinfo) if isinstance(userinfo, str) else None,
        takes_basic="client_secret_basic" in auth_methods,
        **{name: wire.check_host(_text(document, name)) for name in _NEEDED},
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"The sign-in provider does not say its {name}.")
    return value
