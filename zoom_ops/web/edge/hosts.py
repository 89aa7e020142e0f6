"""Under which hosts the service may be asked. Whoever asks for another one is refused before anything else."""

import re
from collections.abc import Callable, Collection, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from ...linear import split_url
from ..probes.answers import PATHS
from ..security_headers import TRANSPORT
from ..signed_paths import is_signed

Fields = Sequence[tuple[bytes, bytes]]
NoteHost = Callable[[Fields, str, str | None, bool], object]
_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"\[([0-9a-f:.]{2,45})\](?::[0-9]{0,5})?|([a-z0-9._-]{1,253})(?::[0-9]{0,5})?")
_EXPLANATION = (
    b"No page has this address. Who runs this service: ZOOM_OPS_BASE_URL and ZOOM_OPS_ALLOWED_HOSTS say which hosts it "
    b"has, and a proxy has to pass on the header Host.\n"
)


class HostGuard:
    """Refuse requests for another host than `hosts`.

    Probes, and what proves itself by a signature, are answered under every one: behind a proxy that does not pass on
    the host, no notification is lost. `note` gets the headers of a request for another host, that host ("" if there is
    none), the client's address, and whether it is refused. `transport`: the value of Strict-Transport-Security.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], note: NoteHost, transport: str | None = None) -> None:
        self._app, self._hosts, self._note = app, hosts, note
        self._transport = [(TRANSPORT.lower().encode(), transport.encode())] if transport else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it. A stream stays here: it keeps nothing of what decides."""
        if self._passes(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse(send, self._transport)

    def _passes(self, scope: Scope) -> bool:
        asked = [value for name, value in scope["headers"] if name == b"host"]
        host = parse_host(asked[0].decode("latin-1")) if len(asked) == 1 else None
        if host in self._hosts or scope["path"] in PATHS:
            return True
        passes = is_signed(scope["method"], scope["path"])
        self._note(scope["headers"], host or "", scope["client"][0] if scope.get("client") else None, not passes)
        return passes


def known_hosts(base_url: str, further: Collection[str]) -> frozenset[str]:
    """Return the hosts of a service: that of its address, those of the settings, and this machine by its own names."""
    own = split_url(base_url).hostname or ""
    named = own if own.isascii() else own.encode("idna").decode()  # so browsers ask for it
    return frozenset((named.removesuffix("."), *filter(None, map(parse_host, further)), *_OF_THIS_MACHINE))


def parse_host(netloc: str) -> str | None:
    """Parse host and port into the host, in small letters and without a dot at its end; None if it is neither.

    The port does not count: a proxy or an SSH tunnel may have another one.
    """
    found = _HOST.fullmatch(netloc.lower())
    return (found[1] or found[2].removesuffix(".")) if found else None


async def _refuse(send: Send, further: Fields) -> None:
    length = str(len(_EXPLANATION)).encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", length), (b"connection", b"close"), *further]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": _EXPLANATION})
