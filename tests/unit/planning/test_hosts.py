"""The choice of a webinar's host."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    END,
    HOST,
    NOW,
    OTHER_HOST,
    START,
    a_booking,
    a_host_on_offer,
    a_profile,
    an_event,
    an_observed,
)
from zoom_ops.events import Event
from zoom_ops.messages import Message, Value
from zoom_ops.messages import plans as say
from zoom_ops.planning import Booking, CreateWebinar, HostOnOffer, Observed, plan
from zoom_ops.planning.hosts import choose_host, window_of
from zoom_ops.profiles import Profile

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def chosen(observed: Observed, profile: Profile | None = None, event: Event | None = None) -> str | Message:
    """Return the address of the chosen host, or the reason why there is none."""
    host = choose_host(event or an_event(), profile or a_profile(), observed)
    return host.email if isinstance(host, HostOnOffer) else host


def why(refusal: str | Message) -> list[Value]:
    """Return why each host is not free."""
    assert isinstance(refusal, Message)
    assert refusal.kind is say.NO_HOST_FREE
    return [each.values["why"] for each in refusal.parts() if each.kind is say.COUNTED]


def choose(event: Event, *hosts: HostOnOffer) -> str:
    """Return the host that an event chooses among these."""
    return chosen(an_observed(hosts=hosts), event=event)


def booked(*bookings: Booking) -> Observed:
    return an_observed(bookings=bookings)


def booked_before(gap: timedelta, profile: Profile) -> Booking:
    """Build a booking of one hour that ends `gap` before the event."""
    other = an_event(start=START - gap - timedelta(hours=1), end=START - gap)
    start, end = window_of(other, profile)
    return a_booking(start=start, end=end)


def test_host_is_free_when_the_buffer_fits_in_between() -> None:
    profile = a_profile(buffer_minutes=15)

    assert chosen(booked(booked_before(QUARTER, profile)), profile) == HOST
    assert why(chosen(booked(booked_before(QUARTER - SECOND, profile)), profile)) == [
        say.TAKEN(by="harbour-talks-deep-water")
    ]


def test_host_without_a_buffer_goes_from_one_event_to_the_next() -> None:
    profile = a_profile(buffer_minutes=0)

    assert chosen(booked(a_booking(start=END, end=END + QUARTER)), profile) == HOST
    assert why(chosen(booked(a_booking(start=END - SECOND, end=END + QUARTER)), profile)) == [
        say.TAKEN(by="harbour-talks-deep-water")
    ]


def test_host_taken_around_or_within_the_event_is_not_free() -> None:
    around = a_booking(start=START - timedelta(days=1), end=END + timedelta(days=1))
    within = a_booking(start=START + QUARTER, end=START + 2 * QUARTER)

    assert why(chosen(booked(around))) == [say.TAKEN(by=around.event)]
    assert why(chosen(booked(within))) == [say.TAKEN(by=within.event)]


def test_host_is_not_held_up_by_the_bookings_of_another() -> None:
    assert chosen(booked(a_booking(host=OTHER_HOST))) == HOST


def test_host_needs_a_licence_that_is_large_enough() -> None:
    small = an_observed(hosts=(a_host_on_offer(capacity=500),))

    assert chosen(small, a_profile(capacity=500)) == HOST
    assert why(chosen(small, a_profile(capacity=501))) == [say.TOO_SMALL(capacity=501)]
    assert why(chosen(an_observed(hosts=(a_host_on_offer(licensed=False),)))) == [say.NO_LICENCE()]


def test_host_needs_a_change_left_today() -> None:
    assert chosen(an_observed(hosts=(a_host_on_offer(left_today=1),))) == HOST
    assert why(chosen(an_observed(hosts=(a_host_on_offer(left_today=0),)))) == [say.OUT_OF_CHANGES()]


@pytest.mark.parametrize("number", range(20))
def test_host_with_most_left_of_the_day_is_chosen_in_tens(number: int) -> None:
    less, more = a_host_on_offer(left_today=49), a_host_on_offer(email=OTHER_HOST, left_today=50)

    assert choose(an_event(id=f"tides-{number}"), less, more) == OTHER_HOST
    assert choose(an_event(id=f"tides-{number}"), replace(less, left_today=60), more) == HOST


def test_events_that_are_planned_at_once_do_not_all_choose_the_same_host() -> None:
    events = [an_event(id=f"tides-{number}") for number in range(100)]
    hosts = [a_host_on_offer(email=f"host-{number}@example.org", left_today=40 + number) for number in range(10)]

    chosen_by = Counter(choose(event, *hosts) for event in events)

    assert len(chosen_by) == len(hosts)
    assert max(chosen_by.values()) <= 25
    assert [choose(event, *reversed(hosts)) for event in events] == [choose(event, *hosts) for event in events]


def test_event_waits_with_the_reasons_of_every_host() -> None:
    hosts = (a_host_on_offer(), a_host_on_offer(email=OTHER_HOST, licensed=False))

    made = plan(an_event(), a_profile(), an_observed(hosts=hosts, bookings=(a_booking(),)), NOW)

    assert made.actions == ()
    assert tuple(map(str, made.waits)) == (
        "No host is free from 2040-01-31 08:30 to 09:45 (America/New_York), 15 minutes between webinars: of 2 hosts, "
        f"1 taken by {a_booking().event}; 1 without a webinar licence.",
    )


def test_event_of_an_account_without_hosts_waits() -> None:
    assert chosen(an_observed(hosts=())) == say.NO_HOSTS(account="main")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 180), st.sampled_from([0, 15, 45])), max_size=25),
    st.integers(1, 3),
)
def test_no_two_webinars_of_one_host_overlap(talks: list[tuple[int, int, int]], pool: int) -> None:
    """Plan a programme, one event after the other. A gap is at least half of either event's buffer."""
    hosts = tuple(a_host_on_offer(email=f"host{n}@example.org") for n in range(pool))
    bookings: list[Booking] = []
    held: list[tuple[str, int, int, int]] = []
    for n, (minute, length, buffer) in enumerate(talks):
        start = START + timedelta(minutes=minute)
        event = an_event(id=f"talk-{n}", start=start, end=start + timedelta(minutes=length))
        made = plan(event, a_profile(buffer_minutes=buffer), an_observed(hosts=hosts, bookings=tuple(bookings)), NOW)
        for action in made.actions:
            assert isinstance(action, CreateWebinar)
            bookings.append(
                Booking(event=event.id, host=action.host, start=action.booked_from, end=action.booked_until)
            )
            held.append((action.host, minute, minute + length, buffer))

    clashing = [
        (first, other)
        for n, first in enumerate(held)
        for other in held[:n]
        if first[0] == other[0] and max(first[1] - other[2], other[1] - first[2]) < (first[3] + other[3]) / 2
    ]
    assert clashing == []
