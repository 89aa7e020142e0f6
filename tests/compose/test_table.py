"""The table marks wrong lines, and bad news in the logs is found."""

from tests.compose.logs import count_lines
from tests.compose.table import exactly, some, table_of, told


def test_table_calls_wrong_what_is_not_as_wanted() -> None:
    table = table_of(
        [exactly(2, "webinars", 2), exactly(2, "seats", 3), some("under way", 0), told("stopped by", "hand")]
    )

    assert table.splitlines() == [
        "what        counted  wanted",
        "webinars    2        2       right",
        "seats       3        2       WRONG",
        "under way   0        > 0     WRONG",
        "stopped by  hand",
    ]


def test_logs_are_searched_for_defects_and_for_what_is_no_good_news() -> None:
    logs = {
        "worker-1": '{"event": "run_done", "level": "info"}\n{"event": "run_broke", "level": "error"}\n{"event": "cut',
        "worker-2": '{"event": "run_taken_over", "level": "warning"}\n{"event": "run_taken_over", "level": "warning"}',
        "database": "2040-01-01 LOG:  ready\nTraceback (most recent call last):",
    }

    lines = [(line.what, line.counted, line.right) for line in count_lines(logs)]

    assert lines == [
        ("tracebacks in the logs", "1", False),
        ("defects in the logs", "1", False),
        ("log: run_broke", "1 times", True),
        ("log: run_taken_over", "2 times", True),
    ]
