"""A proxy that TRUSTED_PROXIES does not name is noted, and whoever forges its headers is not."""

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.waiting import wait_until
from tests.web_site import Site, Visitor, visited
from zoom_ops.store.forwarding import Forwarding, load_forwarding


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
