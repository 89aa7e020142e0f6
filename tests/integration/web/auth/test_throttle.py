"""Repeated wrong sign-ins are slowed down, and refusals do not reveal which users exist."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import func, select

from tests.waiting import wait_until
from tests.web_site import ADMIN, PASSWORD, QUICK_PASSWORDS, Site, Visitor
from zoom_ops.identity import TooManyAttemptsError, UserChanges, WrongPasswordError, set_user, unlock_user
from zoom_ops.store.db.connect import Database
from zoom_ops.store.tables import known_network
from zoom_ops.web.auth.queues import STRANGERS


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


def guess_from_everywhere(site: Site, login: str = "amara") -> None:
    """Guess from so many networks that no stranger's attempt is looked at any more."""
    identity = site.services.identity
    for number in range(60):
        with pytest.raises(WrongPasswordError):
            identity.sign_in(identity.begin_attempt(login, f"198.51.{number}.1"), "not the right one")
    with pytest.raises(TooManyAttemptsError):
        identity.begin_attempt(login, "198.51.60.1")


def sign_in_from(site: Site, peer: str) -> requests.Response:
    """Sign in with the right password in a new browser."""
    with site.visited() as browser:
        browser.peer = peer
        return browser.post("/sign-in", data={"login": "amara", "password": PASSWORD})


@pytest.mark.both_databases
def test_guesses_from_everywhere_keep_nobody_out_who_comes_from_a_known_network(site: Site) -> None:
    sign_in_from(site, "203.0.113.7")
    guess_from_everywhere(site)

    from_known, from_elsewhere = sign_in_from(site, "203.0.113.7"), sign_in_from(site, "203.0.113.8")

    assert (from_known.status_code, from_elsewhere.status_code) == (303, 429)
    assert "203.0.113.8" in from_elsewhere.text


def test_network_is_known_for_90_days(site: Site) -> None:
    sign_in_from(site, "203.0.113.7")
    statuses = []
    for days in (89, 91):
        site.clock.advance(days * 86_400)
        guess_from_everywhere(site)
        statuses.append(sign_in_from(site, "203.0.113.7").status_code)

    assert statuses == [303, 429]


def test_guesses_of_strangers_do_not_count_for_who_is_signed_in(site: Site, visitor: Visitor) -> None:
    site.sign_in(visitor, "amara")
    guess_from_everywhere(site)
    with site.visited() as attacker:
        for _ in range(10):
            attempt(attacker, "amara")

    fields = {"old": PASSWORD, "new": "another way to the harbour", "again": "another way to the harbour"}

    assert visitor.post("/account", data=fields).status_code == 303


@pytest.mark.parametrize("way", ["unlocked", "unlocked from", "password"])
def test_admin_lets_a_user_in_at_once(site: Site, way: str) -> None:
    site.database.clock = site.clock  # commands go by the clock of the database
    guess_from_everywhere(site)
    refused = sign_in_from(site, "203.0.113.7")

    match way:
        case "unlocked":
            unlock_user(site.database, site.box, ADMIN, "amara")
        case "unlocked from":
            unlock_user(site.database, site.box, ADMIN, "amara", "203.0.113.7")
            guess_from_everywhere(site)
        case "password":
            set_user(site.database, QUICK_PASSWORDS, site.box, ADMIN, "amara", UserChanges(password=PASSWORD))

    assert (refused.status_code, sign_in_from(site, "203.0.113.7").status_code) == (429, 303)


def test_as_many_as_come_at_once_when_a_webinar_begins_sign_in(site: Site) -> None:
    with ThreadPoolExecutor(50) as pool:
        with site.database.begin():  # nobody is let in while another writes
            answers = [pool.submit(sign_in_from, site, f"198.51.{number}.1") for number in range(50)]
            wait_until(lambda: STRANGERS.waiting == 48 or any(answer.done() for answer in answers), "their requests")
        statuses = [answer.result().status_code for answer in answers]

    assert statuses == [303] * 50


def test_ten_networks_of_a_user_are_known_the_latest(site: Site) -> None:
    for number in range(11):
        sign_in_from(site, f"203.0.113.{number}")
        site.clock.advance(1)

    with site.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(known_network)) == 10
    guess_from_everywhere(site)
    assert [sign_in_from(site, f"203.0.113.{number}").status_code for number in (0, 1, 10)] == [429, 303, 303]


def test_refused_and_wrong_attempts_are_noted_with_their_network(site: Site, visitor: Visitor) -> None:
    for _ in range(12):
        attempt(visitor, "amara")

    assert site.services.refusals.take() == {
        ("sign_in_wrong", "127.0.0.1"): 10,
        ("sign_in_throttled", "127.0.0.1"): 2,
    }
