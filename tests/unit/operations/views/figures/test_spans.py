"""The spans of the figures."""

from datetime import datetime, timedelta

import pytest

from zoom_ops.operations.views.figures.spans import SPANS, begin_of

NOW = datetime.fromisoformat("2040-01-24T12:34:56+00:00")


@pytest.mark.parametrize(
    ("name", "begin"), [("hour", "2040-01-24T11:35"), ("day", "2040-01-23T13:00"), ("week", "2040-01-17T18:00")]
)
def test_span_begins_at_a_round_time_and_its_last_step_is_under_way(name: str, begin: str) -> None:
    span = SPANS[name]

    began = begin_of(span, NOW)

    assert f"{began:%Y-%m-%dT%H:%M}" == begin
    assert timedelta() <= began + span.steps * span.step - NOW <= span.step
