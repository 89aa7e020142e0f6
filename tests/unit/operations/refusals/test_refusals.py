"""Refusals are counted by network, in bounded memory, and logged in few lines."""

from datetime import UTC, datetime
from threading import Thread
from typing import Any

from structlog.testing import capture_logs

from zoom_ops.clock import HeldClock
from zoom_ops.operations.metrics import registry
from zoom_ops.operations.refusals import Counts, Refusals
from zoom_ops.operations.refusals.counting import MOST_NETWORKS
from zoom_ops.operations.refusals.lines import AT_ONCE, AT_THE_END, RefusalLines

START = datetime(2027, 3, 1, 9, tzinfo=UTC)


def a_line(kind: str, address: str | None, count: int) -> dict[str, Any]:
    return {"event": "refused", "log_level": "warning", "kind": kind, "address": address, "count": count}


def test_refusals_are_counted_by_kind_and_network_until_they_are_taken() -> None:
    refusals = Refusals()

    for address in ("192.0.2.7", "2001:db8::1", "2001:db8::2", None):
        refusals.note("sign_in_wrong", address)
    refusals.note("stream", "192.0.2.7")

    assert refusals.wait(0)
    assert refusals.take() == {
        ("sign_in_wrong", "192.0.2.7"): 1,
        ("sign_in_wrong", "2001:db8::/64"): 2,  # one machine has the whole network
        ("sign_in_wrong", ""): 1,
        ("stream", "192.0.2.7"): 1,
    }
    assert not refusals.wait(0)
    assert refusals.take() == {}


def test_many_networks_are_counted_in_bounded_memory() -> None:
    refusals = Refusals()

    for number in range(3 * MOST_NETWORKS):
        refusals.note("connection", f"10.0.{number // 256}.{number % 256}")

    counts = refusals.take()
    assert len(counts) == MOST_NETWORKS + 1
    assert counts[("connection", "")] == 2 * MOST_NETWORKS
    assert counts.total() == 3 * MOST_NETWORKS


def test_no_refusal_of_many_threads_is_lost() -> None:
    refusals, taken = Refusals(), Counts()
    before = _exposed("connection")
    threads = [Thread(target=lambda: [refusals.note("connection", "192.0.2.7") for _ in range(500)]) for _ in range(4)]

    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken.update(refusals.take())
    taken.update(refusals.take())

    assert taken == {("connection", "192.0.2.7"): 2_000}
    assert _exposed("connection") - before == 2_000


def test_the_first_refusal_is_logged_at_once_and_the_others_once_a_minute() -> None:
    clock = HeldClock(START)
    lines = RefusalLines(clock)
    again = Counts({("token_wrong", "192.0.2.7"): 40})

    with capture_logs() as written:
        lines.write(Counts({("token_wrong", "192.0.2.7"): 1}))
        for _ in range(59):
            clock.advance(1)
            lines.write(again)
        assert written == [a_line("token_wrong", "192.0.2.7", 1)]
        clock.advance(1)
        lines.write(Counts())
        assert written[1:] == [a_line("token_wrong", "192.0.2.7", 59 * 40)]
        lines.write(again)
        lines.end()

    assert written[2:] == [a_line("token_wrong", "192.0.2.7", 40)]


def test_whoever_comes_after_a_quiet_minute_is_logged_at_once_again() -> None:
    clock = HeldClock(START)
    lines = RefusalLines(clock)

    with capture_logs() as written:
        for _ in range(2):
            lines.write(Counts({("stream", "192.0.2.7"): 3}))
            clock.advance(61)

    assert written == [a_line("stream", "192.0.2.7", 3)] * 2
    assert not lines.holds_back


def test_an_attack_from_everywhere_has_few_lines_and_its_whole_number() -> None:
    clock = HeldClock(START)
    lines = RefusalLines(clock)

    with capture_logs() as written:
        for second in range(180):
            lines.write(Counts({("connection", f"10.{second}.0.{number}"): 2 for number in range(250)}))
            clock.advance(1)
        lines.end()

    assert len(written) <= 3 * (AT_ONCE + AT_THE_END + 1)
    assert sum(line["count"] for line in written) == 180 * 250 * 2
    assert written[-1]["address"] is None


def _exposed(kind: str) -> float:
    return registry.get_sample_value("zoom_ops_refusals_total", {"kind": kind}) or 0
