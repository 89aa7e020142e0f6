"""A sign-in at a provider: redirect the browser, then check who came back; and who signed out there."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from ..clock import Clock
from ..errors import ConfigurationError, shorten
from .documents import Fetched, Metadata, fetch_metadata
from .id_token import Expected, check_id_token
from .logout_token import SignedOut, check_logout_token, is_id
from .signed import UnknownKeyError, read_keys
from .wire import Client, NotProvenError, Wire

_KEPT_S = 3600  # for the metadata and the keys of the provider
_AGAIN_S = 30  # the keys are fetched at most this often, even if browsers bring tokens with unknown keys


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A sign-in that has begun: the values that must come back with the browser."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Proven:
    """The person who signed in, as the provider proved."""

    issuer: str
    subject: str  # the issuer's permanent id of this person
    claims: Mapping[str, Any] = field(repr=False)

    @property
    def sid(self) -> str | None:
        """The provider's id of its own session, where it tells one."""
        sid = self.claims.get("sid")
        return sid if is_id(sid) else None

    @property
    def at(self) -> datetime | None:
        """When the person proved who they are, by the claim `auth_time`; None if the provider does not say."""
        seconds = self.claims.get("auth_time")
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 2**35:
            return None
        return datetime.fromtimestamp(seconds, UTC)


class Provider:
    """One provider, shared by all threads. Every method raises ProviderDownError if the provider cannot be asked."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._wire = Wire(client, clock)
        self._metadata = Fetched(lambda: fetch_metadata(self._wire, client.discovery_url), clock)
        self._keys = Fetched(lambda: read_keys(self._wire.fetch(self._metadata.get(_KEPT_S).jwks_uri)), clock)

    def check(self) -> str:
        """Fetch the provider's metadata and keys; return its issuer name. Raises ConfigurationError."""
        if not self._keys.get(_AGAIN_S).keys:
            raise ConfigurationError("The sign-in provider publishes no key that we know how to use.")
        return self._metadata.get(_AGAIN_S).issuer

    def tells_sign_outs(self) -> bool:
        """Return whether the provider says of itself that it tells services of sign-outs (back-channel logout)."""
        return self._metadata.get(_KEPT_S).tells_sign_outs

    def begin(self, *, again: bool = False) -> tuple[str, Beginning]:
        """Begin a sign-in: return the URL to send the browser to, and the values that must come back with it.

        `again`: the person has to prove who they are, however lately they did.
        """
        metadata = self._metadata.get(_KEPT_S)
        beginning = Beginning(state=token_urlsafe(32), nonce=token_urlsafe(32), verifier=token_urlsafe(48))
        with self._wire.session() as session:
            address, _ = session.create_authorization_url(
                metadata.authorization_endpoint,
                state=beginning.state,
                nonce=beginning.nonce,
                code_verifier=beginning.verifier,
                **({"prompt": "login", "max_age": "0"} if again else {}),
            )
        return str(address), beginning

    def check_state(self, beginning: Beginning, query: Mapping[str, str]) -> None:
        """Check that the callback URL belongs to this sign-in; raises NotProvenError. Asks nobody."""
        if not hmac.compare_digest(query.get("state", "").encode(), beginning.state.encode()):
            raise NotProvenError("What came back belongs to another sign-in.")

    def finish(self, beginning: Beginning, query: Mapping[str, str], claims_needed: Collection[str] = ()) -> Proven:
        """Return who came back, from the `query` of the callback URL; raises NotProvenError.

        Claims that are needed and not in the ID token are fetched from the userinfo endpoint.
        """
        self.check_state(beginning, query)
        metadata = self._metadata.get(_KEPT_S)
        if query.get("iss", metadata.issuer) != metadata.issuer:
            raise NotProvenError("What came back is another provider's.")
        if "error" in query or not query.get("code"):
            raise NotProvenError(f"The sign-in provider said: {shorten(query.get('error', 'nothing'), 50)}.")
        token = self._wire.redeem(
            metadata.token_endpoint, query["code"], beginning.verifier, basic=metadata.takes_basic
        )
        expected = Expected(
            issuer=metadata.issuer, client_id=self._client.client_id, nonce=beginning.nonce, now=self._clock.now()
        )
        try:
            claims = check_id_token(token, self._keys.get(_KEPT_S), expected)
        except UnknownKeyError:  # providers change their keys
            claims = check_id_token(token, self._keys.get(_AGAIN_S), expected)
        if not set(claims_needed) <= claims.keys():
            claims = self._add_userinfo(metadata, token, claims)
        return Proven(issuer=metadata.issuer, subject=claims["sub"], claims=claims)

    def check_sign_out(self, token: str, *, renewed: bool = False) -> SignedOut:
        """Return who signed out at the provider, by its logout token; raises NotProvenError.

        Raises UnknownKeyError for a key that is not known. Whoever asks again, with `renewed`, waits until the keys are
        fetched again, at most as often as for sign-ins.
        """
        keys = self._keys.get(_AGAIN_S if renewed else _KEPT_S)
        return check_logout_token(
            token,
            keys,
            issuer=self._metadata.get(_KEPT_S).issuer,
            client_id=self._client.client_id,
            now=self._clock.now(),
        )

    def _add_userinfo(self, metadata: Metadata, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Add the claims of the userinfo endpoint. They must be about the same person."""
        if not metadata.userinfo_endpoint or not token.get("access_token"):
            return claims
        userinfo = self._wire.fetch(metadata.userinfo_endpoint, bearer=str(token["access_token"]))
        if userinfo.get("sub") != claims["sub"]:
            raise NotProvenError("The sign-in provider's two answers are about two people.")
        return {**userinfo, **claims}
