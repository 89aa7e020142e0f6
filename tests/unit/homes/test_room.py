"""The memory of all lists together: large ones wait, small ones do not."""

import pytest

from zoom_ops.homes import Raw
from zoom_ops.homes.room import FREE, Reading, Room, reading
from zoom_ops.transport import CrowdedError

LARGE = 10 * FREE


def test_list_waits_for_the_memory_of_others_and_small_ones_do_not() -> None:
    room = Room(LARGE)
    first, second = Reading(room), Reading(room)
    first.add(LARGE)

    second.add(FREE)
    with pytest.raises(CrowdedError):
        second.add(FREE + 1)

    first.end()
    second.add(FREE + 1)


def test_list_that_ended_gives_back_what_it_took_and_no_more() -> None:
    room = Room(LARGE)
    for size in (0, FREE // 2, FREE + 5, LARGE):
        first = Reading(room)
        first.add(size // 2)
        first.add(size - size // 2)
        first.end()
        first.end()

    assert room.take(LARGE)
    assert not room.take(1)


def test_list_that_is_alone_gets_more_than_there_is() -> None:
    room = Room(LARGE)
    alone, other = Reading(room), Reading(room)
    alone.add(2 * LARGE)
    alone.add(LARGE)

    with pytest.raises(CrowdedError):
        other.add(FREE + 1)
    alone.end()
    other.add(FREE + 1)


def test_block_within_a_block_is_part_of_it() -> None:
    with reading() as outer:
        with reading() as inner:
            assert inner is outer
        with reading() as again:
            assert again is outer
    with reading() as another:
        assert another is not outer


def test_list_gives_back_what_it_no_longer_keeps() -> None:
    room = Room(LARGE)
    first, second = Reading(room), Reading(room)
    first.add(LARGE)
    first.add(-LARGE + FREE)

    second.add(LARGE)
    second.end()
    first.end()

    assert room.take(LARGE)
    assert not room.take(1)


def test_packed_record_is_read_as_before() -> None:
    raw = Raw(id="1", fingerprint="a", content={"title": "Marées \ud83d\ude00 \udc00", "n": [1, 2.5, None, True]})

    assert raw.packed() != raw
    assert raw.packed().unpacked() == raw
