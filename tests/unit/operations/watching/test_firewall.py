"""The table of the firewall becomes an alert before it is full."""

from pathlib import Path

import pytest

from zoom_ops.operations.watching.firewall import Tracked, find_full_table, read_tracked


@pytest.mark.parametrize(
    ("count", "alerts"), [("0", []), ("89\n", []), ("90", ["firewall"]), ("100", ["firewall"]), ("", []), ("a", [])]
)
def test_table_that_is_nearly_full_is_told(tmp_path: Path, count: str, alerts: list[str]) -> None:
    (tmp_path / "nf_conntrack_count").write_text(count)
    (tmp_path / "nf_conntrack_max").write_text("100\n")

    assert [alert.subject for alert in find_full_table(read_tracked(tmp_path))] == alerts


def test_system_without_a_table_tells_nothing(tmp_path: Path) -> None:
    assert read_tracked(tmp_path) is None
    assert list(find_full_table(None)) == []


def test_sentence_is_the_same_until_the_table_has_room() -> None:
    (first,), (later,) = (find_full_table(Tracked(count=count, most=262_144)) for count in (250_000, 262_144))

    assert first == later
    assert "262,144 connections" in str(first.message)
