"""HTTP requests to a provider: within a deadline, to its own hosts only, without redirects."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..clock import Clock
from ..errors import ConfigurationError, TemporaryError, ZoomOpsError, shorten
from ..linear import load_json, split_url
from ..transport import LOST, NO_ADDRESS, Deadline, Transport, read_whole, reason_of

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

LARGEST_ANSWER = 1_000_000  # bytes; metadata, keys and tokens of real providers have less than 50,000
_HEAVIEST = 8_000_000  # bytes of memory that the values of an answer may take
_UNREADABLE = (TypeError, ArithmeticError, AttributeError, RecursionError)  # what Authlib raises for strange values
_OK = 200


class ProviderDownError(TemporaryError):
    """The sign-in provider cannot be asked."""


class NotProvenError(ZoomOpsError):
    """Nothing proves who it is that signs in."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """This service as a client of the provider, with the time-outs in seconds."""

    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]
    redirect_uri: str
    hosts: tuple[str, ...] = ()  # further hosts of the provider, beside that of `discovery_url`
    connect_s: float = 3
    read_s: float = 10
    deadline_s: float = 15


class Wire:
    """The connections to one provider, shared by all threads."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._own = split_url(client.discovery_url)
        self._transport = Transport(partial(read_whole, limit=LARGEST_ANSWER))

    def fetch(self, address: str, *, bearer: str | None = None) -> dict[str, Any]:
        """Fetch a JSON object; raises ProviderDownError or ConfigurationError."""
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        with self.session() as session, self._asking(address) as options:
            response = session.request("GET", address, headers=headers, withhold_token=True, **options)
            if response.status_code != _OK:
                raise ProviderDownError(f"The sign-in provider answered HTTP {response.status_code}.")
            document = load_json(response.content, heaviest=_HEAVIEST)
        if not isinstance(document, dict):
            raise ProviderDownError("The sign-in provider's answer is no JSON object.")
        return document

    def redeem(self, address: str, code: str, verifier: str, *, basic: bool) -> dict[str, Any]:
        """Exchange the code that a browser brought for the tokens; raises NotProvenError if the provider refuses it."""
        with self.session(basic=basic) as session, self._asking(address) as options:
            session.register_compliance_hook("access_token_response", _weigh)
            return dict(session.fetch_token(address, code=code, code_verifier=verifier, **options))

    def session(self, *, basic: bool = True) -> "OAuth2Session":
        """Build a session that keeps no cookies."""
        from authlib.integrations.requests_client import OAuth2Session  # 4 MB, and most sites have no provider

        session = OAuth2Session(
            self._client.client_id,
            self._client.client_secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            scope=" ".join(self._client.scopes),
            redirect_uri=self._client.redirect_uri,
            code_challenge_method="S256",
        )
        session.headers["User-Agent"] = f"zoom_ops/{__version__}"
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._transport)
        return session

    def check_host(self, address: str) -> str:
        """Return a URL that the provider names; raises ConfigurationError if it is at a foreign host.

        It must be https, or have the scheme of the discovery URL.
        """
        parts = split_url(address)
        if parts.scheme not in ("https", self._own.scheme):
            raise ConfigurationError(f"The sign-in provider names {_place(address)}, which is not https.")
        if parts.netloc != self._own.netloc and parts.hostname not in self._client.hosts:
            raise ConfigurationError(
                f"The sign-in provider names {_place(address)}: if that is its own, ZOOM_OPS_OIDC__HOSTS must say so."
            )
        return address

    @contextmanager
    def _asking(self, address: str) -> Iterator[dict[str, Any]]:
        """Yield the options of a request, and turn the errors of the block into ours."""
        from authlib.integrations.requests_client import OAuthError

        timeout = (self._client.connect_s, self._client.read_s)
        with Deadline(self._client.deadline_s, self._clock) as deadline:
            try:
                yield {"timeout": timeout, "allow_redirects": False}
                if deadline.expired:
                    raise TimeoutError
            except OAuthError as error:
                raise NotProvenError(
                    f"The sign-in provider refused the code: {shorten(str(error.error), 50)}."
                ) from error
            except NO_ADDRESS as error:
                raise ConfigurationError(f"{_place(address)} is no address that a provider can be asked at.") from error
            except LOST as error:
                reason = reason_of(error, deadline, self._client.read_s)
                raise ProviderDownError(f"The sign-in provider cannot be asked: {reason}.") from error
            except _UNREADABLE as error:
                raise ProviderDownError("The sign-in provider's answer cannot be read.") from error


def _weigh(response: Any) -> Any:
    """Return an answer that Authlib reads next; raise ValueError for one that takes too much memory."""
    load_json(response.content, heaviest=_HEAVIEST)
    return response


def _place(address: str) -> str:
    """Return a URL without its credentials and query, for a message."""
    parts = split_url(address)
    return shorten(f"{parts.scheme}://{parts.hostname}{parts.path}", 100)
