"""Guessing stays bounded however many guess, and strangers use nothing up of who comes from a known place."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from zoom_ops.identity.limits import Limit, count_attempt, limits_of_known, limits_of_stranger
from zoom_ops.networks import neighbourhood_of, network_of

ADDRESSES = [f"198.51.{block}.{host}" for block in range(5) for host in (1, 2, 3)]
GAPS = st.sampled_from([0, 0, 0, 1, 10, 29, 300])


class Counters:
    """The counters, as the database has them."""

    def __init__(self) -> None:
        self.free_at: dict[str, datetime] = {}

    def wait(self, limits: Iterable[Limit], now: datetime) -> timedelta:
        """Count an attempt. Return how long it has to wait."""
        counted = count_attempt([(" ".join(limit.words), limit) for limit in limits], self.free_at, now)
        self.free_at.update(counted.free_at)
        return counted.wait


def stranger(address: str, login: str = "amara") -> tuple[Limit, ...]:
    return limits_of_stranger(login, network_of(address), neighbourhood_of(address))


@given(st.lists(st.tuples(GAPS, st.sampled_from(ADDRESSES)), max_size=300))
def test_strangers_from_many_networks_have_few_guesses_and_use_up_nothing_of_a_known_place(
    attempts: list[tuple[int, str]],
) -> None:
    counters, now, guesses = Counters(), NOW, 0
    for gap, address in attempts:
        now += timedelta(seconds=gap)
        guesses += not counters.wait(stranger(address), now)

    assert guesses <= 60 + (now - NOW) / timedelta(seconds=10)
    assert not counters.wait(limits_of_known("amara", "network", "198.51.0.9"), now), "in the attackers' neighbourhood"
    assert not counters.wait(limits_of_known("amara", "session", "1"), now)


@pytest.mark.parametrize(
    ("addresses", "most"),
    [
        (["198.51.100.1"], 10 + 240),
        ([f"198.51.100.{host}" for host in range(8)], 20 + 360),
        ([f"2001:db8:1:{number:x}::1" for number in range(8)], 20 + 360),
        ([f"198.51.{block}.1" for block in range(8)], 60 + 720),
    ],
    ids=["one network", "one /24", "one /48", "many networks"],
)
def test_guesses_in_two_hours_for_one_login_are_bounded(addresses: list[str], most: int) -> None:
    counters, guesses = Counters(), 0
    strangers = [stranger(address) for address in addresses]
    for _ in range(10):
        guesses += sum(not counters.wait(limits, NOW) for limits in strangers)
    for second in range(10, 7201, 10):
        guesses += sum(not counters.wait(limits, NOW + timedelta(seconds=second)) for limits in strangers)

    assert guesses == most


def test_one_network_that_never_stops_keeps_no_other_network_out() -> None:
    counters = Counters()
    for second in range(3600):
        counters.wait(stranger("198.51.100.1"), NOW + timedelta(seconds=second))

    assert not counters.wait(stranger("198.51.100.2"), NOW + timedelta(hours=1))


def test_refused_attempt_counts_nowhere() -> None:
    counters = Counters()
    for _ in range(10):
        assert not counters.wait(stranger("198.51.100.1"), NOW)
    before = dict(counters.free_at)

    assert counters.wait(stranger("198.51.100.1"), NOW) == timedelta(seconds=30)
    assert counters.free_at == before
