"""Who asks through a proxy is found in the bytes of a request as uvicorn finds it in its fields."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from zoom_ops.web.edge.proxied import Proxied, Senders

PROXIES = ("192.0.2.1", "10.0.0.0/8")
FIELDS = (
    ("X-Forwarded-For: 203.0.113.7",),
    ("x-forwarded-for:203.0.113.7 ",),
    ("X-Forwarded-For: 203.0.113.7, 10.1.2.3",),
    ("X-Forwarded-For: 198.51.100.9, 203.0.113.7:4711",),
    ("X-Forwarded-For: 198.51.100.9", "A: b", "X-Forwarded-For: 2001:db8::7, 192.0.2.1"),
    ("X-Forwarded-For: [2001:db8::7]:80",),
    ("X-Forwarded-For: 10.1.2.3",),
    ("X-Forwarded-For: ",),
    ("X-Forwarded-For: nobody",),
    ("X-Forwarded-Proto: https",),
    ("X-Real-IP: 203.0.113.7",),
)


@pytest.mark.parametrize("peer", ["192.0.2.1", "10.9.9.9", "198.51.100.1"])
@pytest.mark.parametrize("fields", FIELDS)
def test_sender_is_the_one_whom_the_application_sees(peer: str, fields: tuple[str, ...]) -> None:
    seen = list[str]()

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"][0])

    async def ask() -> None:
        pairs = [tuple(part.strip().encode() for part in field.lower().split(":", 1)) for field in fields]
        scope = {"type": "http", "client": (peer, 50_000), "headers": pairs}
        await Proxied(application, application, PROXIES)(scope, None, None)  # type: ignore[arg-type]

    asyncio.run(ask())
    lines = "\r\n".join(("GET / HTTP/1.1", "Host: localhost", *fields, "", "X-Forwarded-For: 203.0.113.66\r\n"))

    assert Senders(PROXIES).find(peer, lines.encode()) == seen[0]


def test_without_proxies_the_peer_asks() -> None:
    assert Senders(()).find("192.0.2.1", b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n") == "192.0.2.1"
