"""A provider: send a browser there, and take its word on who came back."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from authlib.common.security import generate_token

from ..clock import Clock
from ..errors import ConfigurationError, shorten
from .errors import NotProvenError
from .id_token import Expected, UnknownKeyError, check_id_token, read_keys
from .kept import Kept
from .metadata import Metadata, fetch_metadata
from .wire import Client, Wire

_KEPT_S = 3600  # what the provider says of itself, and its keys
_AGAIN_S = 30  # sooner it is not asked for its keys anew, whatever browsers bring


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A sign-in that has begun: what must come back with the browser."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Proven:
    """Who it is, by the provider's word."""

    issuer: str
    subject: str  # how the issuer names this person, for good
    claims: Mapping[str, Any] = field(repr=False)


class Provider:
    """One provider, shared by all threads; ProviderDownError where it cannot be asked."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._wire = Wire(client, clock)
        self._metadata = Kept(lambda: fetch_metadata(self._wire, client.discovery_url), clock)
        self._keys = Kept(lambda: read_keys(self._wire.fetch(self._metadata.get(_KEPT_S).jwks_uri)), clock)

    def check(self) -> str:
        """Ask the provider what it is and by which keys it signs; tell its name."""
        if not self._keys.get(_AGAIN_S).keys:
            raise ConfigurationError("The sign-in provider publishes no key that we know how to use.")
        return self._metadata.get(_AGAIN_S).issuer

    def begin(self) -> tuple[str, Beginning]:
        """Begin a sign-in: tell where to send the browser, and what must come back with it."""
        metadata = self._metadata.get(_KEPT_S)
        beginning = Beginning(state=generate_token(43), nonce=generate_token(43), verifier=generate_token(64))
        with self._wire.session() as session:
            address, _ = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=beginning.state,
                nonce=beginning.nonce,
                code_verifier=beginning.verifier,
            )
        return str(address), beginning

    def finish(self, beginning: Beginning, brought: Mapping[str, str], wanted: Collection[str] = ()) -> Proven:
        """Tell who came back with what was `brought`; claims that are `wanted` and not told are asked for."""
        if not hmac.compare_digest(brought.get("state", "").encode(), beginning.state.encode()):
            raise NotProvenError("What came back belongs to another sign-in.")
        metadata = self._metadata.get(_KEPT_S)
        if brought.get("iss", metadata.issuer) != metadata.issuer:
            raise NotProvenError("What came back is another provider's.")
        if "error" in brought or not brought.get("code"):
            raise NotProvenError(f"The sign-in provider said: {shorten(brought.get('error', 'nothing'), 50)}.")
        token = self._wire.redeem(
            metadata.token_endpoint, brought["code"], beginning.verifier, basic=metadata.takes_basic
        )
        expected = Expected(
            issuer=metadata.issuer, client_id=self._client.client_id, nonce=beginning.nonce, now=self._clock.now()
        )
        claims = self._check(token, expected)
        if not set(wanted) <= claims.keys():
            claims = self._ask_further(metadata, token, claims)
        return Proven(issuer=metadata.issuer, subject=claims["sub"], claims=claims)

    def _check(self, token: dict[str, Any], expected: Expected) -> dict[str, Any]:
        """Check a token by the keys that are known, and once more by new ones, for a provider changes its keys."""
        try:
            return check_id_token(token, self._keys.get(_KEPT_S), expected)
        except UnknownKeyError:
            return check_id_token(token, self._keys.get(_AGAIN_S), expected)

    def _ask_further(self, metadata: Metadata, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Add what the provider tells only when it is asked for it; it must be about the same person."""
        if not metadata.userinfo_endpoint or not token.get("access_token"):
            return claims
        told = self._wire.fetch(metadata.userinfo_endpoint, bearer=str(token["access_token"]))
        if told.get("sub") != claims["sub"]:
            raise NotProvenError("The sign-in provider's two answers are about two people.")
        return {**told, **claims}
