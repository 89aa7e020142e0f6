"""The spans of time that figures may have: the last hour, day or week, each in steps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ....errors import BadInputError


@dataclass(frozen=True, kw_only=True)
class Span:
    """A span of time that ends now, and the steps in which it is shown."""

    name: str
    step: timedelta
    steps: int
    words: str  # of one step


SPANS = {
    span.name: span
    for span in (
        Span(name="hour", step=timedelta(minutes=5), steps=12, words="5 minutes"),
        Span(name="day", step=timedelta(hours=1), steps=24, words="hour"),
        Span(name="week", step=timedelta(hours=6), steps=28, words="6 hours"),
    )
}


def get_span(name: str) -> Span:
    """Return a span by its name; raise BadInputError with the names."""
    if name not in SPANS:
        raise BadInputError(f"Figures are of the last {', '.join(SPANS)}, not of the last {name[:40]!r}.")
    return SPANS[name]


def begin_of(span: Span, now: datetime) -> datetime:
    """Return when a span begins: its steps lie at round times in UTC, and the last one is under way."""
    step_s = int(span.step.total_seconds())
    last = int(now.timestamp()) // step_s * step_s
    return datetime.fromtimestamp(last, UTC) - (span.steps - 1) * span.step
