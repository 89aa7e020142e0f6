"""Announcement texts of many forms, each with the expected event; the file's name is the name of the case."""

import pytest

from tests.unit.announcements.cases import CASES, expected, read_case, told


@pytest.mark.parametrize("case", CASES)
def test_announcement_gives_its_event(case: str) -> None:
    event = read_case(case)

    assert _as_text(told(event)) == expected(case)


def _as_text(value: object) -> object:
    """Convert every scalar to text, as in the file of the expected event."""
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    return [_as_text(each) for each in value] if isinstance(value, list) else str(value)
