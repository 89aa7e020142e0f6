"""The cells of a table, read with the rules of announcements: when something is, and who takes part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from ...announcements import Doubts, Entry, Line, is_unnamed, read_organizers, read_performers
from ...events import Organizer, Performer
from ...phrases.dates import FoundDate, find_dates, latin_digits, weekday_spans
from ...phrases.names import names_a_body
from ...phrases.roles import is_body
from ...phrases.times import ZONE, TimeSpan, find_duration, find_times
from ...phrases.zones import ZoneMention, find_zones
from ..columns import fold_words

_JOINING = frozenset(
    ("at", "from", "on", "am", "um", "von", "à", "le", "de", "a", "el", "las", "il", "alle", "ore", "в", "с", "г", "г.")
)

_SHORT_DAYS = {  # "Di", "mar.", "вт": in a sentence they are other words
    fold_words(name): day
    for code in ("de", "fr", "es", "it", "pt", "ru")
    for day, name in Locale(code).days["format"]["abbreviated"].items()
}
_SHORT_DAY = re.compile(r"\s*(?P<day>[^\W\d_]{2,4})(?:[.,]+\s*|\s+)(?=\d{1,2}(?:[./-]\d|\.?\s*[^\W\d_]))")


@dataclass(frozen=True, kw_only=True)
class WhenCell:
    """What a cell says about time: its dates, weekdays (Monday is 0), times and zones. `rest` is what is none of it."""

    dates: tuple[FoundDate, ...]
    weekdays: tuple[int, ...]
    times: tuple[TimeSpan, ...]
    zones: tuple[ZoneMention, ...]
    rest: str


def read_when(text: str) -> WhenCell:
    """Read the cell of a date, a time or a zone."""
    rest = latin_digits(text)
    dates = find_dates(rest)
    rest = _blank(rest, [(found.begin, found.end) for found in dates])
    zones = find_zones(rest)
    places = [(zone.begin, zone.end) for zone in zones]
    times = find_times(_blank(rest, places, ZONE))
    rest = _blank(rest, places)
    rest = _blank(rest, [(time.begin, time.stop) for time in times])
    days = weekday_spans(rest)
    rest = _blank(rest, [(begin, end) for begin, end, _ in days])
    words = [word for word in rest.split() if any(map(str.isalnum, word)) and word.lower() not in _JOINING]
    return WhenCell(
        dates=dates, weekdays=tuple(day for *_, day in days), times=times, zones=zones, rest=" ".join(words)
    )


def cut_short_day(text: str) -> tuple[str, tuple[int, ...]]:
    """Cut the short name of a weekday before a date, in languages in which it may be another word."""
    found = _SHORT_DAY.match(text)
    day = _SHORT_DAYS.get(fold_words(found["day"])) if found else None
    return (text, ()) if found is None or day is None else (text[found.end() :], (day,))


def read_minutes(text: str) -> int | None:
    """Read the cell of a duration with its unit, in minutes; None where it says something else."""
    found = find_duration(text, labelled=True)
    rest = _blank(text, [found[1:]] if found else [])
    return found[0] if found and not any(map(str.isalnum, rest)) else None


def read_people(entries: Sequence[tuple[str, str]]) -> tuple[tuple[Performer, ...], tuple[str, ...]]:
    """Read people, each a kind and "Dr. Ada Lovelace, Head of Research, Radio Club". Return the doubts, too."""
    doubts = Doubts()
    lines = [(kind, Line(number=number, raw=text, text=text)) for number, (kind, text) in enumerate(entries)]
    people = read_performers(
        [Entry(line=line, text=line.text, kind=kind, certain=True) for kind, line in lines], doubts
    )
    return people, tuple(note.reason for note in doubts.notes)


def read_bodies(texts: Sequence[str]) -> tuple[tuple[Organizer, ...], tuple[str, ...]]:
    """Read organisations, each as written: "Radio Club of Example (RCE)". Return the doubts, too."""
    doubts = Doubts()
    bodies = read_organizers([(Line(number=1, raw=text, text=text), text) for text in texts], doubts)
    return bodies, tuple(note.reason for note in doubts.notes)


def may_be_name(text: str) -> bool:
    """Check whether a text may name a person, so that it is no body, no "TBC" and no part of the programme."""
    return not (names_a_body(text) or is_unnamed(text) or is_body(text) or any(map(str.isdigit, text)))


def _blank(text: str, spans: Sequence[tuple[int, int]], sign: str = " ") -> str:
    for begin, end in spans:
        text = text[:begin] + sign * (end - begin) + text[end:]
    return text
