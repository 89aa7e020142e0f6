"""Network addresses: what they count for, and in which networks they are."""

import pytest

from zoom_ops.networks import counted_network, neighbourhood_of, network_of


@pytest.mark.parametrize(
    ("address", "network", "neighbourhood"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("testclient", "testclient", "testclient"),
    ],
)
def test_address_stands_for_what_one_customer_has(address: str, network: str, neighbourhood: str) -> None:
    assert (network_of(address), neighbourhood_of(address)) == (network, neighbourhood)
    assert neighbourhood_of(network) == neighbourhood


@pytest.mark.parametrize(
    ("address", "counts_for"),
    [
        ("10.1.2.3", None),
        ("::ffff:10.1.2.3", None),
        ("192.0.2.7", None),
        ("192.0.2.8", "192.0.2.8"),
        ("2001:db8::1", "2001:db8::/64"),
        ("testclient", "testclient"),
    ],
)
def test_proxies_stand_for_many(address: str, counts_for: str | None) -> None:
    assert counted_network(address, ("10.1.0.0/8", "192.0.2.7")) == counts_for
