"""The next state of a run whose attempt failed."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zoom_ops.engine.attempts import decide
from zoom_ops.engine.runs import GiveUp, Outcome, Park, RetryLater
from zoom_ops.errors import (
    AmbiguousError,
    BadInputError,
    ConfigurationError,
    ParkedError,
    PermanentError,
    TemporaryError,
    UnsafePlanError,
    WaitingError,
)
from zoom_ops.messages import as_said, runs
from zoom_ops.zoom.errors import MissingScopesError, NoRecordingError, RateLimitedError

LATER = NOW + timedelta(hours=5)


def decided(error: Exception, *, failures: int = 0, chance: float = 1.0) -> Outcome:
    return decide(error, failures, NOW, 900, lambda: chance)


@pytest.mark.parametrize(
    "error", [TemporaryError("Try later.", retry_at=LATER), RateLimitedError("Try later.", retry_at=LATER)], ids=repr
)
def test_temporary_error_is_tried_again_when_it_says(error: TemporaryError) -> None:
    assert decided(error, failures=7) == RetryLater(at=LATER, message=as_said("Try later."))


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 2), (1, 4), (2, 8), (6, 128), (7, 256), (8, 300), (40, 300), (4000, 300)]
)
def test_temporary_error_backs_off_from_two_seconds_to_five_minutes(failures: int, seconds: float) -> None:
    longest = decided(TemporaryError("Try later."), failures=failures, chance=1.0)
    shortest = decided(TemporaryError("Try later."), failures=failures, chance=0.0)

    assert longest == RetryLater(at=NOW + timedelta(seconds=seconds), message=as_said("Try later."))
    assert shortest == RetryLater(at=NOW + timedelta(seconds=seconds / 2), message=as_said("Try later."))


@pytest.mark.parametrize("error", [AmbiguousError("No answer."), NoRecordingError("No answer.")], ids=repr)
def test_error_of_a_temporary_kind_is_tried_again(error: TemporaryError) -> None:
    assert decided(error) == RetryLater(at=NOW + timedelta(seconds=2), message=as_said("No answer."))


def test_waiting_is_no_failure_and_rests_as_long_as_it_says() -> None:
    assert decided(WaitingError("No host.", until=LATER)) == RetryLater(
        at=LATER, message=as_said("No host."), waiting=True
    )
    assert decided(WaitingError("No host.")) == RetryLater(
        at=NOW + timedelta(minutes=15), message=as_said("No host."), waiting=True
    )


@pytest.mark.parametrize("error", [ParkedError("Decide."), UnsafePlanError("Decide.")], ids=repr)
def test_error_that_an_operator_has_to_decide_parks(error: ParkedError) -> None:
    assert decided(error) == Park(message=as_said("Decide."))


@pytest.mark.parametrize(
    "error",
    [
        PermanentError("No licence."),
        ConfigurationError("No licence."),
        BadInputError("No licence."),
        MissingScopesError("No licence."),
    ],
    ids=repr,
)
def test_error_for_good_gives_up_with_its_sentence(error: Exception) -> None:
    assert decided(error) == GiveUp(message=as_said("No licence."))


def test_unexpected_error_gives_up_without_telling_what_may_be_secret() -> None:
    assert decided(KeyError("hunter2")) == GiveUp(message=runs.BROKE(error="KeyError"))
