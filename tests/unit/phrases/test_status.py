"""The status that a title says, and the title without it."""

import pytest

from zoom_ops.phrases.status import cut_status, ends_with_status


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CANCELLED: Tides", ("cancelled", "Tides")),
        ("[Annulé] Tides", ("cancelled", "Tides")),
        ("CANCELLED Tides", ("cancelled", "Tides")),
        ("Tides (postponed)", ("postponed", "Tides")),
        ("Tides POSTPONED", ("postponed", "Tides")),
        ("Cancelled flights", ("scheduled", "Cancelled flights")),
        ("CANCELLED FLIGHTS", ("scheduled", "CANCELLED FLIGHTS")),
        ("CANCELLED", ("scheduled", "CANCELLED")),
        ("Tides", ("scheduled", "Tides")),
    ],
)
def test_status_is_cut_from_a_title_where_it_is_marked(title: str, expected: tuple[str, str]) -> None:
    assert cut_status(title) == expected


@pytest.mark.parametrize(("title", "word"), [("Tides cancelled", "cancelled"), ("[Verschoben] Tiden", "Verschoben")])
def test_status_word_ends_a_title_without_a_mark(title: str, word: str) -> None:
    assert (ends_with_status(title), ends_with_status(f"The {title} talk")) == (word, None)
