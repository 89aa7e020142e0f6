"""Times of day, spans of two times and durations in a line of text."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .dates import latin_digits
from .words import fold, word_list, word_table

DAY = 24 * 60
ASSUMED = timedelta(hours=1)  # the length of an event without an end
NO_END = "no end is written; one hour is assumed"
USUAL = timedelta(hours=8)  # in a longer event that a person wrote, a.m. and p.m. may be mixed up
LONGEST = timedelta(hours=24)  # of a Zoom webinar
_HALVES = word_table("halves")
_UNIT = r"(?:hours|hour|hrs|hr|heures|heure|horas|hs|h|uhr|ч|час(?:а|ов)?)\b\.?|[点點时時]"
ZONE = "\x01"  # stands for each character of a zone
_MIL = rf"(?:(?:h|hrs|hours|uhr|z)\b|{ZONE})"
_CLOCK = re.compile(  # 14:30, 14.30, 14h30, 14 h, 2:30 p.m., 1430 hrs, 1430 UTC, ore 14, 下午2点30分, noon
    r"(?P<word>\b(?:12\s+)?(?:noon|midday|midnight|midi|minuit|mediodia|medianoche|mezzogiorno|mezzanotte)\b)"
    r"|(?P<ahead>[上下]午|早上|中午|晚上|\b(?:dalle|alle|ore|a las|de las|الساعة)\s(?:ore\s)?)?(?<![\d:.,/])"
    rf"(?:(?P<mil>(?:[01]\d|2[0-3])[0-5]\d)(?=\s?\(?{_MIL}|\s?[-–—]\s?\d{{4}}\s?\(?{_MIL})(?:\s?h\w*\.?)?"
    r"|(?P<h>\d{1,2})(?:\s?[:：.h点點时時]\s?(?P<m>[0-5]\d)分?(?::[0-5]\d)?(?!\d))?"
    rf"(?:\s?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<part>{'|'.join(_HALVES)})|(?P<unit>{_UNIT})))?(?![\d:]|[.,/]\d))"
)
_TO = frozenset(word_list("to"))
_MAY_PRECEDE = frozenset(word_list("before_times"))
_DURATION = re.compile(
    r"(?P<context>\(\s*|\bfor\s+|\bpendant\s+|\bdurante\s+|\b(?:duration|duree|duracion|dauer|duracao|durata)\s*:?\s*)?"
    r"(?<![\d:.,-])(?:(?P<h>\d(?:[.,]\d{1,2})?)\s*-?\s*(?P<unit>hours?|hrs?|heures?|horas?|std|stunden?|h)\b\.?"
    r"(?:\s*(?:and|et|y)?\s*(?P<hm>[0-5]?\d)(?!\d)\s*-?(?:\s*(?:m|min\w*)\b)?)?"
    r"|(?P<m>\d{2,3})\s*-?\s*min(?:utes?|s|utos?|uten|uti)?\b"
    r"|(?P<half>an hour and a half|une heure et demie|hora y media)"
    r"|(?P<one>\b(?:one|an|une|una|eine)\s+(?:hour|heure|hora|stunde)\b))"
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
    minutes: int  # as written: 2:30 p.m. is 150
    half: str  # "a" or "p", if it is written
    explicit: bool  # more than a bare number
    padded: bool  # "08" or a military time, so of the 24-hour clock
    begin: int
    stop: int

    def at(self, half: str) -> int:
        """Return the minutes after midnight, if the half of the day is not written: in a half."""
        half = self.half or half
        return (
            self.minutes % (12 * 60) + (12 * 60 if half == "p" else 0)
            if half and self.minutes < 13 * 60
            else self.minutes
        )


def find_times(text: str) -> tuple[TimeSpan, ...]:
    """Find the times of day in a line, in the order of writing. The caller replaces dates by spaces, zones by ZONE."""
    line = fold(latin_digits(text))
    clocks = [_clock(match) for match in _CLOCK.finditer(line)]
    clocks = [clock for clock in clocks if clock.minutes <= DAY]
    spans: list[TimeSpan] = []
    place = 0
    while place < len(clocks):
        first, second = clocks[place], clocks[place + 1] if place + 1 < len(clocks) else None
        place += 1
        if second and _joined(line, first, second):
            spans.append(replace(_span(first, second), parts=(_span(first, None), _span(second, None))))
            place += 1
        elif first.explicit:
            spans.append(_span(first, None))
    return tuple(spans)


def may_be_a_day(first: datetime, last: datetime) -> str:
    """Return the doubt about an event from midnight to midnight or 23:59, by the clock of its zone; else nothing."""
    if f"{first:%H:%M}" == "00:00" and f"{last:%H:%M}" in ("00:00", "23:59"):
        return f"{first:%H:%M} to {last:%H:%M} may stand for a day without a time"
    return ""


def lasts_too_long(length: timedelta) -> str:
    """Return the doubt about an event that lasts longer than a webinar may."""
    return f"the event lasts {length / timedelta(hours=1):,.0f} hours; several days are several events"


def _joined(line: str, first: _Clock, second: _Clock) -> bool:
    """Check whether two times are one span: "9-10.30 am" is one, "Session 5 – 10:00" is none."""
    gap = " ".join(line[first.stop : second.begin].replace(ZONE, "").strip(" (),").split())
    joint = gap in _TO or (not gap and line.startswith(("alle", "a las"), second.begin))
    if not joint or not (first.explicit or second.explicit):
        return False
    before = line[max(first.begin - 40, 0) : first.begin]
    word = before.rstrip(" (").split(" ")[-1] if before[-3:].strip(" (") else ""  # else a date stands between
    return first.explicit or not word[-1:].isalpha() or word in _MAY_PRECEDE


def find_duration(text: str, *, labelled: bool = False) -> tuple[int, int, int] | None:
    """Find a duration: its minutes, its begin and its end. Without a label for it, "9 h 30" is a time of day."""
    for match in _DURATION.finditer(fold(text)):
        if match["h"]:
            minutes = round(float(match["h"].replace(",", ".")) * 60) + int(match["hm"] or 0)
        else:
            minutes = int(match["m"]) if match["m"] else 90 if match["half"] else 60
        clock = match["h"] and not labelled and not match["context"] and not match["unit"].startswith("hour")
        if 5 <= minutes <= 12 * 60 and not clock:
            return minutes, match.start(), match.end()
    return None


def _clock(match: re.Match[str]) -> _Clock:
    word, written, hours = match["word"] or "", match[0], match["h"] or ""
    half = match["half"] or _HALVES.get(match["part"] or match["ahead"] or "", "")
    if word:
        half = "a" if any(night in word for night in ("midn", "minuit", "median", "mezzan")) else "p"
        minutes = 12 * 60
    else:
        hour, minute = divmod(int(match["mil"]), 100) if match["mil"] else (int(hours), int(match["m"] or 0))
        minutes = hour * 60 + minute
    certain = bool(word or match["mil"] or match["unit"])
    return _Clock(
        minutes=minutes,
        half=half,
        explicit=certain or bool(match["m"] or half or match["ahead"]),
        padded=certain or len(hours) == 2 or "h" in written or "ore" in written,
        begin=match.start(),
        stop=match.end(),
    )


def _span(first: _Clock, second: _Clock | None) -> TimeSpan:
    start, end = first.at(""), second.at("") if second else None
    if second and end is not None and second.half and not first.half and first.minutes < 13 * 60:  # "8:30-9:45 am"
        start = first.at(second.half)
        start = start if start < (end or DAY) else first.at("a" if second.half == "p" else "p")
    if second and first.half and not second.half and second.minutes < 13 * 60:  # "10 am - 1"
        end = next((each for each in (second.at("a"), second.at("p")) if each > start), second.at("a"))
    certain = any(clock.half or clock.padded or clock.minutes >= 13 * 60 for clock in (first, second) if clock)
    return TimeSpan(
        start=start,
        end=DAY if end == 0 and start > 0 else end,
        begin=first.begin,
        stop=second.stop if second else first.stop,
        half_unclear=not certain and first.minutes < 8 * 60,
    )
