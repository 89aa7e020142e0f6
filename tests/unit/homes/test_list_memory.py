"""The memory of all lists together: small ones at once, and one large list at a time, in the order of their coming."""

import pytest

from zoom_ops.homes import Raw, list_memory
from zoom_ops.homes.list_memory import SMALL, TURN_S, ListMemory, Reading, reading
from zoom_ops.transport import CrowdedError

LARGE = 10 * SMALL


def _add(read: Reading, size: int, home: str, now: float = 0.0) -> bool:
    """Count bytes of a home's list; return whether there was room for them."""
    try:
        read.add(size, home, now)
    except CrowdedError:
        return False
    return True


def test_large_list_waits_for_the_end_of_another_and_small_ones_do_not() -> None:
    space = ListMemory()
    first, second = Reading(space), Reading(space)
    assert _add(first, LARGE, "city")

    assert _add(second, SMALL, "abbey")
    assert not _add(second, 1, "abbey")

    first.end()
    assert _add(second, 1, "abbey")
    assert not _add(first, LARGE, "city")


def test_file_of_a_few_bytes_that_takes_much_memory_to_read_has_its_turn_too() -> None:
    space = ListMemory()
    first, second = Reading(space), Reading(space)
    first.enlarge("city", 0)

    with pytest.raises(CrowdedError):
        second.enlarge("abbey", 0)

    second.end()
    with pytest.raises(CrowdedError):
        second.enlarge("abbey", 0)


def test_small_lists_together_take_their_share_and_no_more() -> None:
    space = ListMemory(share=3 * SMALL)
    lists = [Reading(space) for _ in range(4)]

    assert [_add(read, SMALL, f"home{place}") for place, read in enumerate(lists)] == [True, True, True, False]

    lists[0].end()
    lists[0].end()
    assert _add(lists[3], SMALL, "home3")
    assert not _add(lists[0], 1, "home0")


def test_home_that_waited_longest_is_next_unless_it_went_away() -> None:
    space = ListMemory()
    first = Reading(space)
    _add(first, LARGE, "city")
    assert not _add(Reading(space), LARGE, "abbey", 1)
    assert not _add(Reading(space), LARGE, "port", 2)
    first.end()

    assert not _add(Reading(space), LARGE, "port", 12)
    abbey = Reading(space)
    assert _add(abbey, LARGE, "abbey", 13)
    abbey.end()
    assert not _add(Reading(space), LARGE, "city", 14)
    assert _add(Reading(space), LARGE, "city", 100)


def test_list_that_takes_long_gives_way_once_another_waits() -> None:
    space = ListMemory()
    slow = Reading(space)
    assert _add(slow, LARGE, "city", 0)
    assert _add(slow, LARGE, "city", 2 * TURN_S)
    assert not _add(Reading(space), LARGE, "abbey", 2 * TURN_S)

    assert not _add(slow, 1, "city", 2 * TURN_S + 1)
    slow.end()

    assert not _add(Reading(space), LARGE, "city", 2 * TURN_S + 2)
    assert _add(Reading(space), LARGE, "abbey", 2 * TURN_S + 3)


def test_block_within_a_block_is_part_of_it() -> None:
    with reading() as outer:
        with reading() as inner:
            assert inner is outer
        with reading() as again:
            assert again is outer
    with reading() as another:
        assert another is not outer


def test_packed_record_is_read_as_before() -> None:
    raw = Raw(id="1", fingerprint="a", content={"title": "Marées \ud83d\ude00 \udc00", "n": [1, 2.5, None, True]})

    assert raw.packed() != raw
    assert raw.packed().unpacked() == raw


class _Values:
    """Something that counts how many of it there are."""

    alive = 0

    def __init__(self) -> None:
        _Values.alive += 1

    def __del__(self) -> None:
        _Values.alive -= 1


def test_error_in_a_circle_keeps_nothing_of_what_was_read() -> None:
    def read() -> None:
        values, problems = _Values(), [ValueError("a mistake")]
        try:
            raise problems[0]
        except ValueError as error:
            raise RuntimeError(f"{values} {problems}") from error

    with pytest.raises(RuntimeError) as raised, reading():
        read()

    assert raised.value.__cause__
    assert _Values.alive == 0


def test_memory_is_given_back_after_a_large_list_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[bool] = []
    monkeypatch.setattr(list_memory, "tidy", lambda: freed.append(_add(Reading(list_memory._MEMORY), LARGE, "abbey")))

    with reading() as small:
        small.add(SMALL, "city", 0)
    with reading() as large:
        large.add(LARGE, "city", 0)

    assert freed == [False, False]  # at its beginning, too
