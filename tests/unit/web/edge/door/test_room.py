"""The room for connections, in virtual time: deadlines, places, bytes."""

import pytest

from zoom_ops.web.edge.door.first_bytes import FirstBytes
from zoom_ops.web.edge.door.limits import RESERVE, Limits, Phase, fit_connections, is_overdue
from zoom_ops.web.edge.door.room import Room

LIMITS = Limits(connections=4, bodies=2, held=1000)
HALF, SIGNED = FirstBytes(is_whole=False), FirstBytes(is_signed=True)
SILENT = FirstBytes(is_whole=False, is_silent=True)


class Guest:
    """A connection that holds what a test says."""

    def __init__(self, address: str = "192.0.2.1", held: int = 0, unread: int = 0) -> None:
        self.address, self.held, self.unread, self.ended = address, held, unread, False

    def end(self) -> None:
        """Remember it."""
        self.ended = True


class Scene:
    """A room, and what was refused there."""

    def __init__(self, limits: Limits = LIMITS, proxies: tuple[str, ...] = ()) -> None:
        self.refused: list[tuple[str, str | None]] = []
        self.room: Room[Guest] = Room(limits, proxies, lambda kind, address: self.refused.append((kind, address)))

    def enter(self, *guests: Guest, phase: Phase = "head", now: float = 0) -> tuple[Guest, ...]:
        """Let guests in, each in a phase."""
        for guest in guests:
            assert self.room.has_place(guest.address, now)
            self.room.enter(guest, now)
            self.room.settle(guest, phase, now)
        return guests


@pytest.mark.parametrize(
    ("phase", "age", "stalled", "overdue"),
    [
        ("head", 9.9, 0, False), ("head", 10, 0, True), ("idle", 19.9, 0, False), ("idle", 20, 0, True),
        ("linger", 5, 0, True), ("body", 3600, 0, False), ("busy", 3600, 0, False), ("busy", 3600, 30, True),
        ("closing", 3600, 29.9, False), ("closing", 3600, 30, True),
    ],
)  # fmt: skip
def test_deadline_is_the_phases_own(phase: Phase, age: float, stalled: float, overdue: bool) -> None:
    assert is_overdue(Limits(), phase, age, stalled) is overdue


@pytest.mark.parametrize(("descriptors", "fitting"), [(20_000, 4000), (4000 + RESERVE, 4000), (1024, 512), (64, 32)])
def test_connections_leave_a_reserve_of_descriptors(descriptors: int, fitting: int) -> None:
    assert fit_connections(4000, descriptors) == fitting


def test_head_that_drips_ends_ten_seconds_after_its_beginning() -> None:
    scene = Scene()
    (drips,) = scene.enter(Guest())

    for second in range(1, 10):
        scene.room.settle(drips, "head", second)
        scene.room.sweep(second)
        assert not drips.ended
    scene.room.sweep(10)

    assert (drips.ended, len(scene.room), scene.refused) == (True, 0, [("header", "192.0.2.1")])


def test_pause_between_requests_ends_without_being_a_refusal() -> None:
    scene = Scene()
    (idle,) = scene.enter(Guest(), phase="idle")

    scene.room.sweep(20)

    assert (idle.ended, scene.refused) == (True, [])


@pytest.mark.parametrize("phase", ["busy", "idle"])
def test_answer_that_nobody_reads_ends_and_one_that_is_read_slowly_does_not(phase: Phase) -> None:
    scene = Scene()
    stuck, slow = scene.enter(Guest(unread=500), Guest(unread=500), phase=phase)

    for second in range(61):
        slow.unread -= second % 20 == 0
        scene.room.sweep(second)

    assert (stuck.ended, slow.ended) == (True, False)


def test_newcomer_gets_the_place_of_whoever_waits_longest_in_the_largest_network() -> None:
    scene = Scene()
    first, guest, second = scene.enter(Guest("192.0.2.9"), Guest("192.0.2.1"), Guest("192.0.2.9"))
    scene.enter(Guest("192.0.2.9"), phase="busy")

    scene.enter(Guest("192.0.2.2"))

    assert [each.ended for each in (first, guest, second)] == [True, False, False]
    assert scene.refused == [("connection", "192.0.2.9")]


def test_addresses_of_one_network_of_ipv6_count_together() -> None:
    scene = Scene()
    one, _, _, guest = scene.enter(
        Guest("2001:db8::1"), Guest("192.0.2.1"), Guest("2001:db8::2"), Guest("2001:db8:1::1"), phase="idle"
    )

    scene.enter(Guest("192.0.2.2"))

    assert (one.ended, guest.ended) == (True, False)


def test_connections_of_a_proxy_are_of_many_clients() -> None:
    scene = Scene(proxies=("10.0.0.0/8",))
    proxied = scene.enter(Guest("10.0.0.1"), Guest("10.0.0.1"))
    attacker, _ = scene.enter(Guest("192.0.2.9"), Guest("192.0.2.9"))

    scene.enter(Guest("192.0.2.2"))

    assert (attacker.ended, any(each.ended for each in proxied)) == (True, False)


def test_newcomer_is_refused_where_all_are_answered() -> None:
    scene = Scene()
    scene.enter(*(Guest() for _ in range(4)), phase="busy")

    assert not scene.room.has_place("192.0.2.2", 0)
    assert scene.refused == [("connection", "192.0.2.2")]


def test_unfinished_bodies_have_places_of_their_own() -> None:
    scene = Scene()
    bodies = scene.enter(*(Guest() for _ in range(3)), phase="body")

    assert [each.ended for each in bodies] == [True, False, False]


def test_network_that_holds_most_bytes_gives_way() -> None:
    scene = Scene()
    guest, one = scene.enter(Guest("192.0.2.1", held=300), Guest("192.0.2.9", held=400))

    (other,) = scene.enter(Guest("192.0.2.9", held=400), phase="busy")

    assert [each.ended for each in (guest, one, other)] == [False, True, False]


def test_place_is_given_back_once() -> None:
    scene = Scene()
    (guest,) = scene.enter(Guest(held=10))

    scene.room.leave(guest)
    scene.room.leave(guest)
    scene.room.settle(guest, "busy", 1)

    assert len(scene.room) == 0
    assert not scene.room.give_way(1)


@pytest.mark.parametrize("phase", ["head", "idle", "unread", "linger", "closing"])
def test_connection_whose_client_is_waited_for_gives_way(phase: Phase) -> None:
    scene = Scene()
    (waited_for,) = scene.enter(Guest(), phase=phase)
    scene.enter(*(Guest(f"192.0.2.{number}") for number in range(2, 5)), phase="busy")

    scene.enter(Guest("192.0.2.5"))

    assert waited_for.ended


def test_network_whose_connections_wait_replaces_few_a_second_and_others_all() -> None:
    scene = Scene(Limits(connections=4, replaced=2))
    scene.enter(*(Guest("192.0.2.9") for _ in range(4)))

    def come(address: str, now: float) -> bool:
        has_place = scene.room.has_place(address, now)
        if has_place:
            scene.enter(Guest(address), now=now)
        return has_place

    assert [come("192.0.2.9", 0) for _ in range(4)] == [True, True, False, False]
    assert [come("192.0.2.1", 0), come("192.0.2.2", 0)] == [True, True]
    assert come("192.0.2.9", 1)


def test_network_that_was_refused_streams_again_and_again_is_turned_away_while_the_room_is_half_full() -> None:
    scene = Scene(proxies=("10.0.0.0/8",))
    for _ in range(64):
        scene.room.note("stream", "192.0.2.9")
        scene.room.note("connection", "192.0.2.1")
        scene.room.note("stream", "10.0.0.1")
    alone = scene.room.has_place("192.0.2.9", 1)
    scene.enter(Guest(), Guest(), phase="busy", now=1)

    assert alone
    assert not scene.room.has_place("192.0.2.9", 1)
    assert scene.room.has_place("192.0.2.1", 1)
    assert scene.room.has_place("10.0.0.1", 1)
    scene.room.has_place("192.0.2.1", 11)
    assert scene.room.has_place("192.0.2.9", 21)


def test_network_whose_bodies_gave_way_is_turned_away_while_the_room_for_bodies_is_half_full() -> None:
    scene = Scene(Limits(connections=40, bodies=2))
    scene.enter(*(Guest("192.0.2.1") for _ in range(4)), phase="body")

    others = scene.room.has_place("192.0.2.1", now=1), scene.room.has_place("198.51.100.7", now=1)
    scene.room.has_place("198.51.100.7", now=11)
    later = scene.room.has_place("192.0.2.1", now=21)

    assert (others, later) == ((False, True), True)


@pytest.mark.parametrize(
    ("phase", "held", "age", "comes_in"),
    [("head", 0, 1, False), ("head", 0, 0.9, True), ("head", 30, 0, False), ("idle", 0, 9, True)],
)
def test_network_whose_half_heads_gave_way_is_turned_away_while_the_room_is_half_full(
    phase: Phase, held: int, age: float, comes_in: bool
) -> None:
    scene = Scene()
    scene.enter(Guest("192.0.2.9", held), Guest("192.0.2.9", held), phase=phase)
    busy = scene.enter(Guest("192.0.2.1"), Guest("192.0.2.1"), phase="busy")

    scene.enter(Guest("192.0.2.1"), Guest("192.0.2.1"), phase="busy", now=age)
    for guest in busy:
        scene.room.leave(guest)

    assert scene.room.has_place("192.0.2.9", age) is comes_in


def test_half_heads_get_few_of_the_last_places_and_are_to_blame_for_the_rest() -> None:
    scene = Scene(Limits(connections=4, replaced=3), proxies=("10.0.0.0/8",))
    first = scene.room.has_place("192.0.2.9", 0, HALF)
    scene.enter(Guest(), Guest(), phase="busy")

    last = [scene.room.has_place("192.0.2.9", 0, HALF) for _ in range(4)]

    assert (first, last) == (True, [True, True, False, False])
    assert scene.refused == [("header", "192.0.2.9")] * 2
    assert scene.room.to_blame("192.0.2.9", 0) == "192.0.2.9"
    assert not scene.room.has_place("192.0.2.9", 1)
    assert scene.room.has_place("10.0.0.1", 0, HALF)
    assert scene.room.has_place("192.0.2.1", 0)


def test_guest_whose_request_has_not_come_yet_is_hardly_to_blame_and_not_at_all_once_it_is_known() -> None:
    scene, trusted = Scene(Limits(connections=4, replaced=1)), list[str]()
    scene.room.on_trust = trusted.append
    scene.enter(Guest(), Guest(), phase="busy")

    come_in = [scene.room.has_place("192.0.2.9", 0, SILENT) for _ in range(4)]
    blamed = scene.room.to_blame("192.0.2.9", 0)
    scene.room.trust("192.0.2.9")

    assert (come_in, blamed, trusted) == ([True, False, False, False], None, ["192.0.2.9"])


def test_open_pages_of_a_university_are_excused_by_what_its_readers_get_also_before_a_crowd() -> None:
    scene, university, attacker = Scene(Limits(connections=40)), "192.0.2.1", "198.51.100.1"
    for _ in range(300):
        for address in (university, attacker):
            scene.room.turn_away("stream", address)
        scene.room.excuse(university)

    blamed = [scene.room.to_blame(address, 0) for address in (university, attacker)]

    assert (scene.room.is_crowded, blamed) == (False, [None, attacker])


def test_many_whose_heads_come_late_come_in_while_there_is_room() -> None:
    scene = Scene(Limits(connections=40, replaced=3))

    come_in = [scene.room.has_place(f"192.0.2.{number}", 0, HALF) for number in range(10)]

    assert (come_in, scene.refused) == ([True] * 10, [])


def test_place_is_kept_for_notifications_from_where_genuine_ones_came() -> None:
    scene = Scene()
    scene.enter(*(Guest() for _ in range(4)), phase="busy")
    for address in ("192.0.2.9", "192.0.2.8"):
        for _ in range(8):
            scene.room.turn_away("connection", address)
    scene.room.trust("192.0.2.9")

    come_in = [
        scene.room.has_place(address, 0, first)
        for address, first in (("192.0.2.9", SIGNED), ("192.0.2.9", FirstBytes()), ("192.0.2.8", SIGNED))
    ]

    assert come_in == [True, False, False]
    assert [scene.room.to_blame(address, 0) for address in ("192.0.2.9", "192.0.2.8")] == [None, "192.0.2.8"]


def test_known_network_takes_the_place_of_who_waits_although_it_is_to_blame() -> None:
    scene = Scene()
    scene.enter(*(Guest() for _ in range(4)))
    for address in ("192.0.2.9", "192.0.2.8"):
        for _ in range(8):
            scene.room.turn_away("connection", address)
    scene.room.trust("192.0.2.9")

    first = FirstBytes(method="POST", path="/-/events")
    assert [scene.room.has_place(address, 0, first) for address in ("192.0.2.9", "192.0.2.8")] == [True, False]


def test_network_that_proves_itself_now_and_then_stays_known() -> None:
    room = Scene().room
    for number in range(1_500):
        room.trust(f"198.{number // 250}.{number % 250}.1")
        if number % 500 == 0:
            room.trust("192.0.2.9")

    known = [room.knows(network) for network in ("192.0.2.9", "198.0.0.1", "198.5.249.1", None)]

    assert known == [True, False, True, False]


def test_whoever_has_to_go_is_not_to_blame() -> None:
    scene = Scene()
    for number in range(20):
        scene.enter(Guest("192.0.2.9"), phase="idle", now=number / 10)

    assert scene.room.to_blame("192.0.2.9", 2) is None


@pytest.mark.parametrize(
    ("first", "come_in"),
    [
        (FirstBytes(method="GET"), 100), (FirstBytes(method="HEAD"), 100), (SIGNED, 100),
        (FirstBytes(method="POST"), 0), (FirstBytes(), 0), (HALF, 0),
    ],
)  # fmt: skip
def test_guests_behind_the_address_of_an_attacker_come_in(first: FirstBytes, come_in: int) -> None:
    scene = Scene(Limits(connections=4, replaced=1000))
    scene.enter(Guest(), Guest(), phase="busy")
    for _ in range(8):
        scene.room.turn_away("connection", "192.0.2.9")

    assert sum(scene.room.has_place("192.0.2.9", 0, first) for _ in range(200)) == come_in


@pytest.mark.parametrize(("pages", "is_blamed"), [(60, False), (64, True)])
def test_office_whose_open_pages_have_no_stream_each_is_not_to_blame(pages: int, is_blamed: bool) -> None:
    scene = Scene()
    for _ in range(pages):
        scene.room.turn_away("stream", "192.0.2.9")

    assert (scene.room.to_blame("192.0.2.9", 1) is not None) == is_blamed


def test_request_that_waits_for_its_beginning_keeps_its_place_and_has_no_deadline_and_no_blame() -> None:
    scene = Scene()
    waits, later = scene.enter(Guest(held=100), Guest("192.0.2.2"), phase="idle")
    scene.room.settle(waits, "begins", 19)
    (last,) = scene.enter(Guest("192.0.2.3"), now=95)
    scene.room.sweep(100)

    assert (waits.ended, later.ended, last.ended, scene.refused) == (False, True, False, [])
    assert scene.room.give_way(100)
    assert (waits.ended, last.ended, scene.room._blames.are_enough("192.0.2.1", 100)) == (True, False, False)
