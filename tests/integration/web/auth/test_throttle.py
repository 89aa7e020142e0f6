"""Repeated wrong sign-ins are slowed down, and refusals do not reveal which users exist."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.identity.throttle import network_of
from zoom_ops.store.db.connect import Database


@pytest.fixture
def site(database: Database) -> Site:
    """A site with two users."""
    site = Site(database, base_url="http://events.example.org")
    site.add_user("amara")
    site.add_user("jonas")
    return site


def attempt(visitor: Visitor, login: str, password: str = "not the right one") -> int:
    """Try to sign in. Return the status."""
    return visitor.post("/sign-in", data={"login": login, "password": password}).status_code


@pytest.mark.parametrize("login", ["amara", "nemo"])
def test_guesses_for_one_login_are_slowed_down_whether_it_exists_or_not(visitor: Visitor, login: str) -> None:
    statuses = [attempt(visitor, login) for _ in range(12)]

    assert statuses == [403] * 10 + [429] * 2
    assert attempt(visitor, login.upper()) == 429


def test_right_password_is_not_looked_at_while_it_is_too_early(site: Site, visitor: Visitor) -> None:
    for _ in range(10):
        attempt(visitor, "amara")

    early = visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})
    site.clock.advance(30)

    assert early.status_code == 429
    assert early.headers["Retry-After"] == "30"
    assert attempt(visitor, "amara", PASSWORD) == 303


def test_guesses_from_one_address_are_slowed_down_whoever_they_are_for(visitor: Visitor) -> None:
    statuses = [attempt(visitor, f"nemo-{number}") for number in range(32)]

    assert statuses == [403] * 30 + [429] * 2


def test_right_passwords_use_nothing_up(visitor: Visitor) -> None:
    statuses = [attempt(visitor, login, PASSWORD) for _ in range(20) for login in ("amara", "jonas")]

    assert statuses == [303] * 40


def test_right_password_makes_good_for_wrong_ones_before_it(visitor: Visitor) -> None:
    statuses = [attempt(visitor, "amara", password) for _ in range(2) for password in [*["wrong one"] * 9, PASSWORD]]

    assert statuses == ([403] * 9 + [303]) * 2


def test_slowing_down_holds_over_a_restart(site: Site, visitor: Visitor) -> None:
    for _ in range(10):
        attempt(visitor, "amara")

    with site.again().visited() as after:
        assert attempt(after, "amara") == 429


def test_guesses_at_once_are_counted_each(site: Site, visitor: Visitor) -> None:
    def guess(_: int) -> int:
        with Visitor(visitor.address) as another:
            return attempt(another, "amara")

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(guess, range(16)))

    assert statuses == [403] * 10 + [429] * 6


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_address_stands_for_what_one_customer_has(address: str, network: str) -> None:
    assert network_of(address) == network
