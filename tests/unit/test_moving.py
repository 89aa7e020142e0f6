"""Moving an event to another date at the same wall time."""

from datetime import UTC, date, datetime
from importlib.resources import files

from zoom_ops.events import Event
from zoom_ops.moving import move_event
from zoom_ops.readers import read_events


def the_sample() -> Event:
    path = files("zoom_ops") / "samples" / "ungis-wsis-2023.txt"
    (announced,) = read_events(path.read_bytes(), "sample.txt")
    return announced.event


def test_moved_event_keeps_its_wall_time_and_identity() -> None:
    event = the_sample()

    moved = move_event(event, to_date=date(2026, 7, 14))

    assert moved.start_utc == datetime(2026, 7, 14, 12, 30, tzinfo=UTC)
    assert moved.end_utc == datetime(2026, 7, 14, 13, 45, tzinfo=UTC)
    assert (moved.id, moved.name, moved.performers) == (event.id, event.name, event.performers)


def test_moved_event_computes_its_display_rows_anew() -> None:
    moved = move_event(the_sample(), to_date=date(2026, 3, 20))  # New York has changed its clocks, Geneva has not

    assert [(row.label, row.start, row.end) for row in moved.display_times] == [
        ("New York time", "2026-03-20T08:30", "2026-03-20T09:45"),
        ("Geneva time", "2026-03-20T13:30", "2026-03-20T14:45"),
    ]


def test_moved_event_may_end_on_the_next_day() -> None:
    late = the_sample().model_copy(
        update={"start": datetime(2023, 2, 1, 4, 0, tzinfo=UTC), "end": datetime(2023, 2, 1, 6, 0, tzinfo=UTC)}
    )

    moved = move_event(late, to_date=date(2023, 7, 1))

    assert moved.start.isoformat() == "2023-07-01T23:00:00-04:00"
    assert moved.end.isoformat() == "2023-07-02T01:00:00-04:00"


def test_moved_event_keeps_its_length_where_the_clock_change_swallows_the_end() -> None:
    early = the_sample().model_copy(
        update={"start": datetime(2023, 2, 1, 6, 45, tzinfo=UTC), "end": datetime(2023, 2, 1, 7, 15, tzinfo=UTC)}
    )

    moved = move_event(early, to_date=date(2023, 3, 12))  # 02:00 to 03:00 does not exist in New York

    assert moved.end_utc > moved.start_utc


def test_moved_event_is_valid() -> None:
    moved = move_event(the_sample(), to_date=date(2026, 7, 14))

    assert Event.model_validate(moved.to_json()) == moved
