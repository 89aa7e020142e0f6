"""A proxy that TRUSTED_PROXIES does not name is noted, and whoever forges its headers is not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.in_process import loop_of_all
from tests.waiting import wait_until
from tests.web_site import Site, Visitor, visited
from zoom_ops.store.forwarding import Forwarding, load_forwarding
from zoom_ops.web.edge.forwarded import ForwardedWatch, HostWatch
from zoom_ops.web.edge.proxied import Proxied


def noted(site: Site) -> Forwarding:
    with site.database.read() as connection:
        return load_forwarding(connection, site.database.now(connection))


@contextmanager
def behind(site: Site, *proxies: str) -> Iterator[Visitor]:
    """Open the site as a server with these trusted proxies does."""
    passing = site.app.state.passing
    watched = ForwardedWatch(site.app, passing=passing, database=site.database, clock=site.clock)
    server = Proxied(site.app, watched, proxies)
    server.state = site.app.state  # type: ignore[attr-defined]
    with visited(server) as visitor:  # type: ignore[arg-type]
        yield visitor


@pytest.mark.both_databases
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_peer_in_our_own_network_with_headers_of_a_proxy_is_noted(site: Site, header: str) -> None:
    with behind(site) as visitor:
        for peer, headers in {
            "203.0.113.7": {header: "10.0.0.1"},  # forged
            "10.0.0.7": {},
            "10.0.0.5": {header: "203.0.113.7"},
            "::ffff:192.168.0.1": {header: "203.0.113.7"},
        }.items():
            visitor.peer = peer
            assert visitor.get("/ready", headers=headers).status_code == 200

    wait_until(lambda: noted(site) == Forwarding(untrusted=("10.0.0.5", "::ffff:192.168.0.1")))


@pytest.mark.parametrize("forwarded", ["192.168.0.9", "192.168.0.9:5000"])
def test_trusted_proxy_that_says_who_asks_is_noted_as_that(site: Site, forwarded: str) -> None:
    with behind(site, "10.0.0.0/8") as visitor:
        visitor.peer = "10.0.0.5"
        visitor.get("/ready", headers={"X-Forwarded-For": forwarded})

    wait_until(lambda: noted(site) == Forwarding(from_trusted=True))


def test_proxy_that_asks_for_kept_pages_only_is_noted(site: Site) -> None:
    with site.served() as visitor:
        for headers in ({}, {"X-Forwarded-For": "203.0.113.7"}):
            assert visitor.get("/robots.txt", headers=headers).status_code == 200

    wait_until(lambda: noted(site) == Forwarding(untrusted=("127.0.0.1",)))


def test_peers_that_are_noted_are_few(site: Site) -> None:
    with behind(site) as visitor:
        for number in range(50):
            visitor.peer = f"10.0.0.{number}"
            visitor.get("/ready", headers={"X-Forwarded-For": "203.0.113.7"})

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
        asyncio.run_coroutine_threadsafe(act(), loop_of_all()).result(60)
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


def test_stranger_behind_a_proxy_that_passes_the_host_on_makes_no_notes(site: Site) -> None:
    with behind(site) as visitor:
        visitor.peer = "10.0.0.5"
        visitor.get("/", headers={"X-Forwarded-For": "203.0.113.7"})

    hear(site, *((FORWARDED, f"a{number}.internal", "10.0.0.5") for number in range(9)), (FORWARDED, "b", "10.0.0.6"))

    wait_until(lambda: noted(site).misnamed != ())
    assert noted(site).misnamed == ("b",)
