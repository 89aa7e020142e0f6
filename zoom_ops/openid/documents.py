"""The documents that a provider publishes, cached: its metadata (discovery), with endpoints and issuer name."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from ..clock import Clock
from ..errors import ConfigurationError, ZoomOpsError
from .wire import Wire

_ENDING = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SILENT_S = 5  # pause after a failure, so that not every browser asks a provider that is down
_Value = TypeVar("_Value")


class Fetched(Generic[_Value]):
    """A cached value that all threads share. One thread fetches it while the others wait."""

    def __init__(self, fetch: Callable[[], _Value], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = Lock()
        self._fetched: tuple[_Value, float] | None = None
        self._failed: tuple[ZoomOpsError, float] | None = None

    def get(self, kept_s: float) -> _Value:
        """Get the value, fetched at most `kept_s` seconds ago; raises the error of `fetch`, for 5 seconds the same.

        Whoever is content with what is there does not wait for a fetch.
        """
        if (fetched := self._fetched) and self._clock.elapsed() - fetched[1] <= kept_s:
            return fetched[0]
        with self._lock:
            now = self._clock.elapsed()
            if self._fetched and now - self._fetched[1] <= kept_s:
                return self._fetched[0]
            if self._failed and now - self._failed[1] <= _SILENT_S:
                raise self._failed[0]
            try:
                self._fetched = self._fetch(), self._clock.elapsed()
            except ZoomOpsError as error:
                self._failed = error, self._clock.elapsed()
                raise
            return self._fetched[0]


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The metadata of a provider that is needed here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    takes_basic: bool  # send the credentials in a header, else in the body
    tells_sign_outs: bool  # it tells services when somebody signs out there


def fetch_metadata(wire: Wire, discovery_url: str) -> Metadata:
    """Fetch the metadata of a provider; raises ConfigurationError if it is unusable."""
    document = wire.fetch(wire.check_host(discovery_url))
    issuer = _text(document, "issuer")
    expected = discovery_url.removesuffix(_ENDING)
    if expected != discovery_url and issuer.rstrip("/") != expected:
        raise ConfigurationError(f"The sign-in provider calls itself another issuer than {expected}.")
    auth_methods = document.get("token_endpoint_auth_methods_supported")
    auth_methods = auth_methods if isinstance(auth_methods, list) and auth_methods else ["client_secret_basic"]
    userinfo = document.get("userinfo_endpoint")
    return Metadata(
        issuer=issuer,
        userinfo_endpoint=wire.check_host(userinfo) if isinstance(userinfo, str) else None,
        takes_basic="client_secret_basic" in auth_methods,
        tells_sign_outs=document.get("backchannel_logout_supported") is True,
        **{name: wire.check_host(_text(document, name)) for name in _NEEDED},
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"The sign-in provider does not say its {name}.")
    return value
