"""The position in the sequence of changes, which must not skip any."""

from tests.builders import NOW
from zoom_ops.store.events import EventChange
from zoom_ops.web.public.stream import ChangeCursor


def changes(*numbers: int) -> list[EventChange]:
    return [EventChange(seq=n, event_id=f"event-{n}", at=NOW, what="imported", sentence="") for n in numbers]


def test_cursor_tells_of_each_change_once() -> None:
    cursor = ChangeCursor(3)

    assert cursor.take(changes(4, 5), 0) == ["event-4", "event-5"]
    assert cursor.take(changes(), 1) == []
    assert cursor.after == 5


def test_cursor_waits_for_a_number_that_is_committed_late() -> None:
    cursor = ChangeCursor(3)

    first = cursor.take(changes(5), 0)
    second = cursor.take(changes(4, 5), 1)

    assert (first, second, cursor.after) == (["event-5"], ["event-4"], 5)


def test_cursor_gives_up_a_number_that_never_comes() -> None:
    cursor = ChangeCursor(3)

    cursor.take(changes(5), 0)
    cursor.take(changes(5, 6), 11)

    assert cursor.after == 6


def test_cursor_gives_up_a_number_after_many_others() -> None:
    cursor = ChangeCursor(3)

    cursor.take(changes(*range(5, 300)), 0)
    cursor.take(changes(*range(5, 310)), 1)

    assert cursor.after == 309
