"""Times of day, spans of two times and durations in a line of text."""

import re
from dataclasses import dataclass, replace

from .dates import latin_digits

DAY = 24 * 60

_HALF = r"[ap]\.?\s?m\b\.?"
_UNIT = r"(?:hours|hour|hrs|hr|heures|heure|horas|hs|h|uhr|ч)\b\.?"
_CLOCK = (
    rf"(?:(?P<{{n}}word>\b(?:12\s+)?(?:noon|midday|midnight|midi|minuit|mediod[ií]a|medianoche)\b)"
    rf"|(?<![\d:.,/])(?P<{{n}}mil>[01]\d[0-5]\d|2[0-3][0-5]\d)(?=\s*(?:hrs|hours|h\b)"
    rf"|\s*[-–—]\s*\d{{{{4}}}}\s*(?:hrs|hours|h\b))(?:\s*{_UNIT})?"
    rf"|(?<![\d:.,/])(?P<{{n}}h>\d{{{{1,2}}}})(?:\s?[:：.]\s?(?P<{{n}}m>[0-5]\d)(?::[0-5]\d)?(?![\d])"
    rf"|\s?[hH]\s?(?P<{{n}}hm>[0-5]\d)(?!\d))?"
    rf"(?:\s?(?P<{{n}}half>{_HALF})|\s?(?P<{{n}}unit>{_UNIT}))?(?![\d:]|[.,/]\d))"
)
_PARTS = ("word", "mil", "h", "m", "hm", "half", "unit")  # the groups of _CLOCK
_TO = (
    r"\s*(?:-|–|—|−|‒|~|\bto\b|\btill\b|\buntil\b|\band\b|à|\ba\b|\bal\b|\baté\b|\bàs\b|\bau\b|\bbis\b"
    r"|\bund\b|\bet\b|\by\b|\be\b|до|至|到|إلى|حتى)\s*(?:las\s+|les\s+)?"
)
_ZONE_BETWEEN = r"(?:\s*\(?(?-i:[A-Z]{2,5})\)?)?"
_SPAN = re.compile(_CLOCK.format(n="a") + rf"(?:{_ZONE_BETWEEN}{_TO}" + _CLOCK.format(n="b") + ")?", re.IGNORECASE)
_DURATION = re.compile(
    r"(?i)(?:(?P<context>\(\s*|\bfor\s+|\bpendant\s+|\bdurante\s+|\b(?:duration|durée|duración|dauer"
    r"|duração)\s*:?\s*))?(?<![\d:.,-])(?:(?P<h>\d(?:[.,]\d{1,2})?)\s*-?\s*(?P<unit>hours?|hrs?|heures?|horas?|std"
    r"|stunden?|h)\b\.?(?:\s*(?:and|et|y)?\s*(?P<hm>[0-5]?\d)(?!\d)\s*-?(?:\s*(?:minutes?|mins?|min|m|minutos?"
    r"|minuten)\b)?)?|(?P<m>\d{2,3})\s*-?\s*(?:minutes?|mins?|min|minutos?|minuten)\b|(?P<half>an hour and a half"
    r"|une heure et demie|hora y media)|(?P<one>\b(?:one|an|une|una)\s+(?:hour|heure|hora)\b))"
)


@dataclass(frozen=True, kw_only=True)
class TimeSpan:
    """A time of day in minutes after midnight, with or without an end; `half_unclear` if 2:30 may mean 14:30."""

    start: int
    end: int | None
    begin: int
    stop: int
    half_unclear: bool = False
    parts: tuple["TimeSpan", ...] = ()  # the two times of a span, each on its own


@dataclass(frozen=True, kw_only=True)
class _Clock:
    hour: int
    minute: int
    half: str | None  # "a" or "p"
    explicit: bool  # more than a bare number
    padded: bool  # "08" or a military time, so of the 24-hour clock


def find_times(text: str) -> tuple[TimeSpan, ...]:
    """Find the times of day in a line, in the order of writing. The caller replaces dates by spaces before."""
    line, place, spans = latin_digits(text), 0, []
    while match := _SPAN.search(line, place):
        place = max(match.end(), place + 1)
        first, second = _clock(match, "a"), _clock(match, "b")
        if first is None:
            continue
        if second is not None and not (first.explicit or second.explicit):  # "9-10.30 am" is a span, "5-12" is not
            second = None
            place = match.start("bh") if match["bh"] else place
        if second is None and not first.explicit:
            continue
        first_stop = max(match.end(f"a{part}") for part in _PARTS)
        alone = _span(first, None, match.start(), first_stop)
        if second is None:
            spans.append(alone)
            place = max(first_stop, match.start() + 1)
        else:
            second_begin = max(match.start(f"b{part}") for part in ("word", "mil", "h"))  # one of them is there
            other = _span(second, None, second_begin, match.end())
            spans.append(replace(_span(first, second, match.start(), match.end()), parts=(alone, other)))
    return tuple(spans)


def find_duration(text: str, *, labelled: bool = False) -> tuple[int, int, int] | None:
    """Find a duration: its minutes, its begin and its end. Without a label for it, "9 h 30" is a time of day."""
    for match in _DURATION.finditer(text):
        if match["m"]:
            minutes = int(match["m"])
        elif match["half"] or match["one"]:
            minutes = 90 if match["half"] else 60
        else:
            minutes = round(float(match["h"].replace(",", ".")) * 60) + int(match["hm"] or 0)
        clock = match["h"] and not labelled and not match["context"] and not match["unit"].lower().startswith("hour")
        if 5 <= minutes <= 12 * 60 and not clock:
            return minutes, match.start(), match.end()
    return None


def _clock(match: re.Match[str], side: str) -> _Clock | None:
    word, military, hours = (match[f"{side}{name}"] for name in ("word", "mil", "h"))
    if word:
        night = "midn" in word.lower() or "minuit" in word.lower() or "median" in word.lower()
        return _Clock(hour=0 if night else 12, minute=0, half=None, explicit=True, padded=True)
    if military:
        return _Clock(hour=int(military[:2]), minute=int(military[2:]), half=None, explicit=True, padded=True)
    if hours is None:
        return None
    minute, half = match[f"{side}m"] or match[f"{side}hm"], match[f"{side}half"]
    clock = _Clock(
        hour=int(hours),
        minute=int(minute or 0),
        half=half[0].lower() if half else None,
        explicit=bool(minute or half or match[f"{side}unit"]),
        padded=len(hours) == 2 or bool(match[f"{side}unit"] or match[f"{side}hm"]),
    )
    return clock if clock.hour < 24 or (clock.hour == 24 and clock.minute == 0) else None


def _span(first: _Clock, second: _Clock | None, begin: int, stop: int) -> TimeSpan:
    start = _minutes(first, first.half)
    end = _minutes(second, second.half) if second else None
    if second and second.half and not first.half and first.hour <= 12:  # "8:30-9:45 am", "11:30-1 pm"
        same, other = _minutes(first, second.half), _minutes(first, "a" if second.half == "p" else "p")
        start = same if same < (end or DAY) else other
    if second and first.half and not second.half and second.hour <= 12:  # "10 am - 1"
        readings = [_minutes(second, "a"), _minutes(second, "p")]
        end = next((reading for reading in sorted(readings) if reading > start), min(readings))
    clocks = [clock for clock in (first, second) if clock]
    certain = any(clock.half or clock.padded or clock.hour > 12 for clock in clocks)
    if end == 0 and start > 0:
        end = DAY
    return TimeSpan(start=start, end=end, begin=begin, stop=stop, half_unclear=not certain and first.hour < 7)


def _minutes(clock: _Clock, half: str | None) -> int:
    hour = clock.hour
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + clock.minute
