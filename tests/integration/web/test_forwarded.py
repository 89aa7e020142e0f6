"""A proxy that TRUSTED_PROXIES does not name is noted, and whoever forges its headers is not."""

import asyncio

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.in_process import loop_of_all
from tests.waiting import wait_until
from tests.web_site import Site, Visitor, visited
from zoom_ops.store.forwarding import Forwarding, load_forwarding
from zoom_ops.web.edge.forwarded import HostWatch


def noted(site: Site) -> Forwarding:
    with site.database.read() as connection:
        return load_forwarding(connection, site.database.now(connection))


@pytest.mark.both_databases
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_peer_in_our_own_network_with_headers_of_a_proxy_is_noted(site: Site, visitor: Visitor, header: str) -> None:
    for peer, headers in {
        "203.0.113.7": {header: "10.0.0.1"},  # forged
        "10.0.0.7": {},
        "10.0.0.5": {header: "203.0.113.7"},
        "::ffff:192.168.0.1": {header: "203.0.113.7"},
    }.items():
        visitor.peer = peer
        assert visitor.get("/health", headers=headers).status_code == 200

    wait_until(lambda: noted(site) == Forwarding(untrusted=("10.0.0.5", "::ffff:192.168.0.1")))


@pytest.mark.parametrize("forwarded", ["192.168.0.9", "192.168.0.9:5000"])
def test_trusted_proxy_that_says_who_asks_is_noted_as_that(site: Site, forwarded: str) -> None:
    server = ProxyHeadersMiddleware(site.app, ["10.0.0.0/8"])
    server.state = site.app.state  # type: ignore[attr-defined]
    with visited(server) as visitor:  # type: ignore[arg-type]
        visitor.peer = "10.0.0.5"
        visitor.get("/health", headers={"X-Forwarded-For": forwarded})

    wait_until(lambda: noted(site) == Forwarding(from_trusted=True))


def test_peers_that_are_noted_are_few(site: Site, visitor: Visitor) -> None:
    for number in range(50):
        visitor.peer = f"10.0.0.{number}"
        visitor.get("/health", headers={"X-Forwarded-For": "203.0.113.7"})

    wait_until(lambda: len(noted(site).untrusted) >= 4)
    assert len(noted(site).untrusted) <= 5


FORWARDED = [(b"x-forwarded-for", b"203.0.113.7")]


def hear(site: Site, *asked: tuple[list[tuple[bytes, bytes]], str, str]) -> None:
    """Let requests for other hosts come, and come again when a proxy would have shown that it passes ours on."""
    watch = HostWatch(lambda _kind, _address: None, site.app.state.passing, database=site.database, clock=site.clock)

    async def act() -> None:
        for each in asked:
            watch.note(*each, True)

    for _ in range(2):
        asyncio.run_coroutine_threadsafe(act(), loop_of_all()).result(20)
        site.clock.advance(61)


def test_proxy_that_does_not_pass_the_host_on_is_noted(site: Site) -> None:
    hear(
        site,
        (FORWARDED, "evil.example", "10.0.0.5"),  # strangers ask for anything
        ([], "zoom-ops", "10.0.0.5"),
        (FORWARDED, "inner", "203.0.113.9"),  # forged
        (FORWARDED, "zoom_ops", "10.0.0.5"),
        (FORWARDED, "10.1.2.3", "203.0.113.7"),  # a trusted one said who asks
    )

    wait_until(lambda: noted(site) == Forwarding(misnamed=("10.1.2.3", "zoom_ops")))


def test_stranger_behind_a_proxy_that_passes_the_host_on_makes_no_notes(site: Site, visitor: Visitor) -> None:
    visitor.peer = "10.0.0.5"
    visitor.get("/", headers={"X-Forwarded-For": "203.0.113.7"})

    hear(site, *((FORWARDED, f"a{number}.internal", "10.0.0.5") for number in range(9)), (FORWARDED, "b", "10.0.0.6"))

    wait_until(lambda: noted(site).misnamed != ())
    assert noted(site).misnamed == ("b",)
