"""The lines of a list of events: what each shows, and until when."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ...events import make_slug
from ...operations.views.lists import Card
from ...operations.views.standing import find_phase, find_update
from ..i18n.language import Language

_KEPT = 500  # what lines are made of, of the lines that were shown last
_FEW = 32  # lists
_slug_of = lru_cache(maxsize=_KEPT)(make_slug)


class Badge(NamedTuple):
    """The state of an event, in a word or two."""

    kind: str
    text: str


class Listed(NamedTuple):
    """An event as one line of a list: all that the line is rendered from, and by which the rendered one is found."""

    id: str
    name: str
    series: str | None
    series_slug: str | None
    language: str
    is_off: bool
    times: "Times"
    organizers: tuple[str, ...]  # acronyms if they have any, else names
    badge: Badge | None

    def __hash__(self) -> int:
        return hash(self.id)  # quick: the same line is mostly the same object


class Times(NamedTuple):
    """When an event takes place, in its own zone."""

    day: datetime
    month: str
    when: str
    end: str  # in UTC, in ISO 8601


class Lines(NamedTuple):
    """The lines of some cards, from a moment until they change by the clock alone."""

    lines: tuple[Listed, ...]
    since: datetime
    until: datetime | None


def make_lines(cards: tuple[Card, ...], now: datetime, language: Language) -> Lines:
    """Make the lines of some cards at a moment. The latest are kept."""
    latest = _latest_lines(cards, language)
    for made in latest:
        if made.since <= now and (made.until is None or now < made.until):
            return made
    lines = tuple(_line(card, _find_state(card, now), language) for card in cards)
    moments = (find_update(card, card.live_status, now) for card in cards)
    made = Lines(lines, now, min((moment for moment in moments if moment), default=None))
    latest[:] = [made]
    return made


@lru_cache(maxsize=_FEW)
def _latest_lines(cards: tuple[Card, ...], language: Language) -> list[Lines]:  # noqa: ARG001 - of these
    """Return the place for the latest lines of some cards."""
    return []


@lru_cache(maxsize=_KEPT)
def _line(card: Card, state: str | None, language: Language) -> Listed:
    return Listed(
        id=card.id,
        name=card.name,
        series=card.series,
        series_slug=_slug_of(card.series) if card.series else None,
        language=card.language,
        is_off=card.status == "cancelled",
        times=_write_times(card.start, card.end, card.timezone, language),
        organizers=card.organizers,
        badge=_make_badge(state, language) if state else None,
    )


@lru_cache(maxsize=_KEPT)
def _write_times(start: datetime, end: datetime, zone: str, language: Language) -> Times:
    day = start.astimezone(ZoneInfo(zone))
    return Times(
        day=day,
        month=language.write_month(day),
        when=language.join_day(*language.write_span(start, end, zone)),
        end=end.astimezone(UTC).isoformat(),
    )


def _find_state(card: Card, now: datetime) -> str | None:
    """Return what the badge of an event says; None for an event that is scheduled or over."""
    status, recorded = card.status, card.recorded
    if status in ("cancelled", "postponed"):
        return status
    if recorded.is_open:
        return "recording"
    phase = find_phase(card, card.live_status, now)
    if phase == "ended" and recorded.is_locked and card.reader.role == "visitor":
        return "locked"
    if phase == "live":
        return "live"
    if phase == "ended" and recorded.is_expected:
        return "expected"
    return "rescheduled" if status == "rescheduled" else None


@lru_cache(maxsize=_KEPT)
def _make_badge(state: str, language: Language) -> Badge:
    texts = {
        "cancelled": language.say("Cancelled"),
        "postponed": language.say("Postponed"),
        "recording": language.say("Recording available"),
        "locked": language.say("Recording for members"),
        "live": language.say("Happening now"),
        "expected": language.say("Recording expected"),
        "rescheduled": language.say("Rescheduled"),
    }
    return Badge(kind=state, text=texts[state])
