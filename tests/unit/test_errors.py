"""Errors are sentences for people, each with its exit code."""

from itertools import count

import pytest

from tests.builders import NOW
from zoom_ops import errors
from zoom_ops.errors import (
    AmbiguousError,
    BadInputError,
    ConfigurationError,
    FencedError,
    NotFoundError,
    ParkedError,
    PermanentError,
    TemporaryError,
    UnsafePlanError,
    WaitingError,
    ZoomOpsError,
    shorten,
)

PLAIN = [
    ZoomOpsError, ConfigurationError, TemporaryError, AmbiguousError, PermanentError, WaitingError, ParkedError,
    UnsafePlanError, FencedError,
]  # fmt: skip


@pytest.mark.parametrize("kind", PLAIN)
def test_error_without_a_message_says_its_docstring(kind: type[ZoomOpsError]) -> None:
    assert str(kind()) == (kind.__doc__ or "").splitlines()[0]
    assert str(kind("Another sentence.")) == "Another sentence."


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ZoomOpsError(), 1),
        (ConfigurationError(), 1),
        (PermanentError(), 1),
        (TemporaryError(), 1),
        (AmbiguousError(), 1),
        (FencedError(), 1),
        (BadInputError("x"), 2),
        (NotFoundError("event", "x"), 2),
        (ParkedError(), 3),
        (UnsafePlanError(), 3),
        (WaitingError(), 5),
    ],
    ids=repr,
)
def test_error_ends_in_its_exit_code(error: ZoomOpsError, code: int) -> None:
    assert error.exit_code == code


def test_every_error_is_one_of_ours() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]

    assert [kind for kind in kinds if not issubclass(kind, ZoomOpsError)] == []


def test_error_is_one_line_of_at_most_256_characters() -> None:
    error = PermanentError("Zoom said:\n\n  no\t" + "o" * 400)

    assert len(str(error)) == 256
    assert str(error).startswith("Zoom said: no ooo")
    assert str(error).endswith("o…")


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("", 5, ""), ("exact", 5, "exact"), ("longer", 5, "long…"), (" a \n b ", 5, "a b"), ("x", 1, "x"), ("xy", 1, "…")],
)
def test_text_is_shortened(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"file": "talks.yaml", "line": 7}, "talks.yaml:7: No start."),
        ({"file": "talks.yaml"}, "talks.yaml: No start."),
        ({}, "No start."),
    ],
)
def test_bad_input_names_file_and_line(where: dict[str, object], message: str) -> None:
    error = BadInputError("No start.", **where)

    assert str(error) == message
    assert (error.file, error.line) == (where.get("file"), where.get("line"))


def test_unknown_name_is_told_with_the_nearest() -> None:
    known = ["tides-of-tomorrow", "deep-water", "tides-of-today", "zzz"]

    assert str(NotFoundError("event", "tides-of-tomorow", known)) == (
        "There is no event 'tides-of-tomorow'. Did you mean tides-of-tomorrow, tides-of-today?"
    )
    assert str(NotFoundError("event", "7" * 999, map(str, count()))).endswith("…'.")  # it does not compare for ever
    assert str(NotFoundError("event", "qqqq", known)) == "There is no event 'qqqq'."
    assert str(NotFoundError("run", "7", iter(()))) == "There is no run '7'."


def test_temporary_error_tells_when_and_waiting_until_when() -> None:
    assert TemporaryError("Later.", retry_at=NOW).retry_at == NOW
    assert AmbiguousError("No answer.", retry_at=NOW).retry_at == NOW
    assert TemporaryError("Later.").retry_at is None
    assert WaitingError("No host.", until=NOW).until == NOW
