"""What a home says: of the expected kind and size, and else nothing."""

from typing import Any

import pytest

from zoom_ops.homes.checks import missing
from zoom_ops.homes.values import as_line, number, path_of, pick_labels, web_address
from zoom_ops.link_keys import hide_keys, make_key

_HOME = "https://events.example.org"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://www.example.org/tea", "https://www.example.org/tea"),
        (" HTTP://www.example.org/tea ", "HTTP://www.example.org/tea"),
        ("javascript:alert(1)//https://www.example.org", _HOME),
        ("data:text/html,<script>", _HOME),
        ("https://www.example.org/\r\nX: y", _HOME),
        ("https://www.example.org/\u202egpj.exe", _HOME),
        ("https://www.example.org/" + "x" * 2_000, _HOME),
        ("/tea", _HOME),
        (None, _HOME),
    ],
)
def test_page_of_a_record_is_one_of_the_web(said: Any, address: str) -> None:
    assert web_address(said, _HOME) == address


@pytest.mark.parametrize(
    ("address", "path"),
    [("https://a.example.org/b?c#d", "/b"), ("/b", "/b"), (".evil.example/b", ""), ("http://[", ""), (5, "")],
)
def test_path_of_an_address_begins_with_a_slash(address: Any, path: str) -> None:
    assert path_of(address) == path


def test_labels_are_few_short_and_each_there_once() -> None:
    many = [f"label {index}" for index in range(300)]

    assert pick_labels([" Talks ", "Talks", "", 5, None, "x" * 201, "Tea"]) == ("Talks", "Tea")
    assert len(pick_labels(many)) == 200


def test_message_is_one_line_that_no_terminal_obeys() -> None:
    assert as_line("Red \x1b[31m\nand\u202e back", 40) == "Red ?[31m and? back"
    assert as_line("x" * 1_000, 10) == "xxxxxxxxx…"
    key = make_key("ab" * 32)
    assert as_line(f"No address: {key}", 200) == f"No address: {hide_keys(key)}"
    assert len(missing("reading", f"It says {'x' * 10_000}.").sentence) == 400


def test_true_is_no_number() -> None:
    assert (number(True), number("5"), number(5)) == (0, 0, 5)
