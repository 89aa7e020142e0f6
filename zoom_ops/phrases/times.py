"""Times of day, spans of two times and durations in a line of text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .dates import latin_digits, weekdays
from .words import fold, word_list, word_table, words_of

DAY = 24 * 60
QUARTER = 15  # minutes
ASSUMED = timedelta(hours=1)  # the length of an event without an end
NO_END = "no end is written; one hour is assumed"
USUAL = timedelta(hours=8)  # in a longer event that a person wrote, a.m. and p.m. may be mixed up
LONGEST = timedelta(hours=24)  # of a Zoom webinar
_HALVES = word_table("halves")
_BEFORE, _BEHIND = ({word: int(m) for word, m in word_table(name).items()} for name in ("before_hours", "behind_hours"))
_HOUR_WORDS = {
    word: hour
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    )
    for hour, word in enumerate(words.split(), 1)
}
_ROOMS = frozenset(word_list("rooms"))  # "Room 2.14"
_EVENINGS = frozenset(word_list("evenings"))
_SPOKEN = r"\s(?:o'clock|in the|at night|[ap]\.?m\b)"
_UNIT = r"(?:hours|hour|hrs|hr|heures|heure|horas|hs|h|uhr|uur|ч|час(?:а|ов)?)\b\.?|[点點时時]"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


ZONE = "\x01"  # stands for each character of a zone
_MIL = rf"(?:(?:h|hrs|hours|uhr|z)\b|{ZONE})"
_CLOCK = re.compile(  # 14:30, 14h30, 14 h, 2:30 p.m., half past two, 1430 UTC, ore 14, 15 Uhr c.t., 下午2点半, noon
    r"(?P<word>\b(?:12\s+)?(?:noon|midday|midnight|midi|minuit|mediodia|medianoche|mezzogiorno|mezzanotte)\b)"
    r"|(?P<ahead>[上下]午|午[前後]|早上|中午|晚上?|\b(?:dalle|alle|ore|a las|de las|الساعة)\s(?:ore\s)?)?(?<![\d:.,/])"
    r"(?<!\bhalf\s)(?:"  # "half 8" is 7:30 in Dutch, and 8:30 in English
    rf"(?P<mil>(?:[01]\d|2[0-3])[0-5]\d)(?=\s?\(?{_MIL}|\s?[-–—]\s?\d{{4}}\s?\(?{_MIL})(?:\s?h\w*\.?)?"
    rf"|(?:\b(?P<before>{_any_of(_BEFORE)})\s)?(?P<h>\d{{1,2}}|\b(?:{_any_of(_HOUR_WORDS)})\b(?(before)|(?={_SPOKEN})))"
    r"(?:\s?(?P<sign>[:：.h点點时時]|(?:uhr|uur|heures?|horas|час(?:а|ов)?)\s)\s?(?P<m>[0-5]\d)(?:分|\s?(?:минут|minut\w*))?(?::[0-5]\d)?(?!\d))?"
    rf"(?:\s?(?P<unit>{_UNIT}))?(?:\s?(?P<behind>{_any_of(_BEHIND)})(?!\w))?"
    rf"(?:,?\s?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<part>{_any_of(_HALVES)})))?(?![\d:]|[.,/]\d))"
)
_TO = frozenset(word_list("to"))
_MAY_PRECEDE = frozenset(word_list("before_times"))
_JOINTS = frozenset(("and", "et", "y", "e", "und", "en"))
_PARTS_OF_HOURS = frozenset(("quarter", "quart", "cuarto", "quarto", "viertel", "ten", "fifteen", "twenty", "thirty"))
_DURATION = re.compile(
    r"(?P<context>\(\s*|\bfor\s+|\bpendant\s+|\bdurante\s+|\b(?:duration|duree|duracion|dauer|duracao|durata)\s*:?\s*)?"
    r"(?<![\d:.,/-])(?:(?P<h>\d(?:[.,]\d{1,2})?)\s*-?\s*(?P<unit>hours?|hrs?|heures?|horas?|or[ae]|uur|std|stunden?|h)\b\.?"
    r"(?:\s*(?:and|et|y|e|und|en)?\s*(?P<hm>[0-5]?\d)(?![\d/])\s*-?(?:\s*(?:m|min\w*)\b)?"
    r"|\s+(?:and|et|y|e)\s+(?P<and_half>a half|demie?|media|meia|mezz[ao])\b)?"
    r"|(?P<m>\d{2,3})\s*-?\s*min(?:utes?|s|utos?|uten|uti)?\b"
    r"|(?P<half>an hour and a half|une heure et demie|hora y media)"
    r"|(?P<quarter>an hour and a quarter|une heure et quart|une heure un quart|hora y cuarto)"
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
    ends_early: bool = False  # by "c.t.": perhaps a quarter of an hour before `end`
    parts: tuple["TimeSpan", ...] = ()  # the two times of a span, each on its own


@dataclass(frozen=True, kw_only=True)
class _Clock:
    minutes: int  # as written: 2:30 p.m. is 150
    half: str  # "a" or "p", if it is written
    explicit: bool  # more than a bare number
    padded: bool  # "08" or a military time, so of the 24-hour clock
    spoken: bool  # "half past six", so of the 12-hour clock
    quarter: bool  # "c.t.": it begins a quarter of an hour later
    by_night: bool  # "12 at night": on that day or the next
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
    clocks = [
        clock for clock in clocks if clock.minutes <= DAY and not _ROOMS.intersection(line[: clock.begin].split()[-1:])
    ]
    spans: list[TimeSpan] = []
    evening = not _EVENINGS.isdisjoint(words_of(line))
    place = 0
    while place < len(clocks):
        first, second = clocks[place], clocks[place + 1] if place + 1 < len(clocks) else None
        place += 1
        if second and _joined(line, first, second):
            spans.append(
                replace(_span(first, second, evening=evening), parts=(_span(first, None), _span(second, None)))
            )
            place += 1
        elif first.explicit:
            spans.append(_span(first, None, evening=evening))
    return tuple(spans)


def is_joint(gap: str) -> bool:
    """Check whether a text between a time and a date only joins them: "– Tue"."""
    words = [word.strip(",.") for word in fold(gap).split()]
    return words[:1] != [] and words[0] in _TO and all(word in weekdays() for word in words[1:])


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
    line = fold(text)
    for match in _DURATION.finditer(line):
        before, behind = words_of(line[: match.start()])[-1:], words_of(line[match.end() :])[:3]
        is_whole = match["half"] or match["quarter"] or match["hm"] or match["and_half"]
        goes_on = not match["context"] or any(word.isdecimal() or word in _PARTS_OF_HOURS for word in behind[1:])
        if goes_on and not _JOINTS.isdisjoint(before if match["m"] else () if is_whole else behind[:1]):
            continue  # part of "an hour and 15 minutes"; "for one hour and we expect" is whole
        if match["h"]:
            minutes = round(float(match["h"].replace(",", ".")) * 60) + (
                30 if match["and_half"] else int(match["hm"] or 0)
            )
        else:
            minutes = int(match["m"]) if match["m"] else 90 if match["half"] else 75 if match["quarter"] else 60
        clock = match["h"] and not labelled and not match["context"] and not match["unit"].startswith("hour")
        if 5 <= minutes <= 12 * 60 and not clock:
            return minutes, match.start(), match.end()
    return None


def _clock(match: re.Match[str]) -> _Clock:
    word, hours, minute, behind = match["word"] or "", match["h"] or "", int(match["m"] or 0), match["behind"] or ""
    part = _HALVES.get(match["part"] or (match["ahead"] or "").strip(), "")
    half = ""
    if word:
        half = "a" if any(night in word for night in ("midn", "minuit", "median", "mezzan")) else "p"
        minutes = 12 * 60
    elif match["mil"]:
        minutes = int(match["mil"][:2]) * 60 + int(match["mil"][2:])
    else:
        minutes = (_HOUR_WORDS.get(hours) or int(hours)) * 60 + minute
    by_night = part == "night" and minutes // 60 not in range(6, 12)
    half = half or match["half"] or ("" if by_night else "p" if part == "night" else part)
    quarter = behind.startswith("c") and not minute
    added = _BEFORE.get(match["before"], 0) + (0 if behind.startswith("c") else _BEHIND.get(behind, 0))
    certain = bool(word or match["mil"] or match["unit"] or len(match["sign"] or "") > 1)  # "18 heures 30"
    is_padded = (len(hours) == 2 and hours.isdigit()) or match["sign"] == "h" or "ore" in (match["ahead"] or "")
    return _Clock(
        minutes=(minutes + added) % DAY if added else minutes,
        half=half,
        explicit=certain or bool(match["m"] or half or part or match["ahead"] or match["before"] or behind),
        padded=not added and (certain or is_padded),
        spoken=bool(added) or hours in _HOUR_WORDS,
        quarter=quarter,
        by_night=by_night,
        begin=match.start(),
        stop=match.end(),
    )


def _span(first: _Clock, second: _Clock | None, *, evening: bool = False) -> TimeSpan:
    start, end = first.at(""), second.at("") if second else None
    if second and end is not None and second.half and not first.half and first.minutes < 13 * 60:  # "8:30-9:45 am"
        start = first.at(second.half)
        start = start if start < (end or DAY) else first.at("a" if second.half == "p" else "p")
    if second and first.half and not second.half and second.minutes < 13 * 60:  # "10 am - 1"
        end = next((each for each in (second.at("a"), second.at("p")) if each > start), second.at("a"))
    clocks = [clock for clock in (first, second) if clock]
    certain = any(clock.half or clock.padded or clock.minutes >= 13 * 60 for clock in clocks)
    quarter = any(clock.quarter for clock in clocks)
    spoken = evening or first.spoken
    return TimeSpan(
        start=start + QUARTER if quarter and start % 60 == 0 else start,
        end=DAY if end == 0 and start > 0 else end,
        begin=first.begin,
        stop=clocks[-1].stop,
        half_unclear=(not certain and first.minutes < 9 * 60)
        or (spoken and first.minutes < 12 * 60 and not any(clock.half for clock in clocks))
        or (any(clock.by_night for clock in clocks) and not first.half and first.minutes < 13 * 60),
        ends_early=quarter,
    )
