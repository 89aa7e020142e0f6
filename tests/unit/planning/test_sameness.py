"""Interpreters compare as Zoom means them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_ops.planning import same

ASKED = ((("email", "tomas@example.org"), ("interpreter_languages", "English,Spanish")),)


def _told(*entries: dict[str, str]) -> Any:
    """Return interpreters as they are kept: JSON lists of sorted pairs."""
    return json.loads(json.dumps([sorted(entry.items()) for entry in entries]))


@pytest.mark.parametrize(
    "entry",
    [
        {"email": "tomas@example.org", "languages": "US,ES", "interpreter_languages": "English,Spanish"},
        {"email": "Tomas@Example.org", "languages": "ES,US", "interpreter_languages": "Spanish, English"},
        {"email": "tomas@example.org", "languages": "ES,US"},
        {"email": "tomas@example.org", "interpreter_languages": "spanish,english"},
    ],
)
def test_an_interpreter_is_the_same_in_either_spelling(entry: dict[str, str]) -> None:
    assert same(_told(entry), ASKED)


@pytest.mark.parametrize(
    "entries",
    [
        (),
        ({"email": "tomas@example.org", "interpreter_languages": "English,French"},),
        ({"email": "other@example.org", "interpreter_languages": "English,Spanish"},),
        (
            {"email": "tomas@example.org", "interpreter_languages": "English,Spanish"},
            {"email": "other@example.org", "interpreter_languages": "English,Spanish"},
        ),
    ],
)
def test_another_person_or_language_is_a_difference(entries: tuple[dict[str, str], ...]) -> None:
    assert not same(_told(*entries), ASKED)


def test_signed_languages_compare_likewise() -> None:
    one, two = (
        {"email": "a@example.org", "sign_language": "American"},
        {"email": "b@example.org", "sign_language": "British"},
    )
    assert same(_told(one, two), _told(two, one))
    assert not same(_told(one), _told({**one, "sign_language": "British"}))


@given(st.permutations(["a", "b", "c"]), st.permutations(["English", "Spanish"]))
def test_the_order_of_interpreters_and_languages_does_not_count(people: list[str], languages: list[str]) -> None:
    told = [{"email": f"{name}@example.org", "interpreter_languages": ",".join(languages)} for name in people]
    asked = [{"email": f"{name}@example.org", "interpreter_languages": "English,Spanish"} for name in "abc"]
    assert same(_told(*told), _told(*asked))
