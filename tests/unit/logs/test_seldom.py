"""Log lines that come once a minute, however often there is reason for them."""

import logging

from zoom_ops.logs.seldom import Seldom, SeldomFilter


def test_kind_is_told_once_a_minute_with_its_number() -> None:
    seldom = Seldom()

    told = [seldom.count("accept", now) for now in (0, 1, 59, 60, 61, 119, 120)]

    assert told == [1, 0, 0, 3, 0, 0, 3]
    assert seldom.count("other", 61) == 1
    assert seldom.count("accept", 10) == 1  # the clock was put back


def test_kinds_without_end_become_one() -> None:
    seldom = Seldom()

    told = [seldom.count(str(number), 0) for number in range(1000)]

    assert sum(told) == 101
    assert [seldom.count(kind, 60) for kind in ("another", "one more", "another")] == [1, 1, 0]


def test_filter_bounds_a_message_and_lets_another_pass() -> None:
    bounded, messages = SeldomFilter(), []

    for created, message in ((0, "Invalid"), (1, "Invalid"), (2, "Cancelled"), (61, "Invalid")):
        record = logging.makeLogRecord({"msg": message, "created": created})
        if bounded.filter(record):
            messages.append(record.getMessage())

    assert messages == ["Invalid", "Cancelled", "Invalid (2 times)"]
