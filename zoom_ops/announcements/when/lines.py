"""The dates, times, zones and duration in each line of an announcement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..lines import Line, read_label
from .dates import FoundDate, find_dates, find_yearless, weekday_spans
from .times import TimeSpan, find_duration, find_times
from .zones import ZoneMention, find_zones

LINES_LOOKED_AT = 200
CHARACTERS_LOOKED_AT = 400
_OTHER_DATES = re.compile(
    r"(?i)\b(?:deadline|regist\w+|rsvp|inscri\w+|submi\w+|published|posted|updated|issued|no later than|closing date"
    r"|apply|applications?|date limite|avant le|plazo|fecha límite|antes del?|publié\w*|publicado|anmeld\w+"
    r"|last modified|adopted|embargo\w*)\b"
)
_CONNECTORS = re.compile(
    r"(?i)\b(?:from|to|at|on|the|and|time|local|zone|hours?|hrs|hs?|between|starts?|starting|ends?|noon|duration|date"
    r"|when|next|day|approx\w*|de|à|a|le|la|las|les|du|au|el|al|del|y|et|desde|hasta|entre|heures?|horas?"
    r"|local[ei]?|durée|duración|am|um|von|bis|uhr|г|с|до|по|standard|daylight|summer|is|of|pm|est|bst|gmt|utc|sharp"
    r"|for|minutes?|min|world|corresponding|i\.e|same|usa?|switzerland|kenya|austria|france|ethiopia)\b"
)
_YEAR = re.compile(r"(?i)(?<!Agenda )(?<!Agenda de )\b(20\d\d)\b(?!\s+Agenda)")


@dataclass(frozen=True, kw_only=True)
class WhenLine:
    """A line that may give the date or time; `letters` counts the letters that belong to neither."""

    line: Line
    text: str
    label: str
    dates: tuple[FoundDate, ...]
    times: tuple[TimeSpan, ...]
    zones: tuple[ZoneMention, ...]
    duration: int | None
    before: str
    after: str
    letters: int

    @property
    def is_certain(self) -> bool:
        """Whether the line is there to give the date or time, and is not prose that mentions one."""
        if speaks_of_other_dates(self):
            return False
        has_value = self.dates or self.times or self.duration is not None or self.label == "zone"
        if self.label:
            return bool(has_value)
        if self.dates and self.times:
            return self.letters <= 40
        return bool(has_value) and self.letters <= 6 and not self.line.bullet


def speaks_of_other_dates(when: WhenLine) -> bool:
    """Check whether a line is about a deadline, a registration or a publication and not about the event."""
    return bool(_OTHER_DATES.search(when.text))


def read_when_lines(lines: Sequence[Line]) -> tuple[WhenLine, ...]:
    """Read the lines that give a date, a time, a duration or a labelled zone."""
    found, pending = [], ""
    for line in [line for line in lines if line.text and not line.subject][:LINES_LOOKED_AT]:
        label = read_label(line.text)
        field = label.field if label and label.field in ("date", "time", "end", "zone", "duration") else ""
        text = label.rest if label and field else line.text
        if field and not text:
            pending = field
            continue
        text, name = text[:CHARACTERS_LOOKED_AT], field or (pending if not label else "")
        if not name and not any(character.isdigit() for character in text):
            pending = ""
            continue
        when = _read(line, text, name)
        keeps = bool(when.times or when.dates) and not label  # a label's value may take several lines, one per zone
        pending = pending if keeps else ""
        has_value = when.dates or when.times or when.duration is not None or (when.label and when.zones)
        if has_value or when.label == "date":
            found.append(when)
    return tuple(found)


def _read(line: Line, text: str, label: str) -> WhenLine:
    dates = find_dates(text)
    spans = [(date.begin, date.end) for date in dates]
    rest = _blank(text, spans)
    length = find_duration(rest, labelled=label == "duration")
    rest = _blank(rest, [length[1:]] if length else [])
    zones = find_zones(rest)
    spans += [(zone.begin, zone.end) for zone in zones]
    rest = _blank(rest, spans)
    times = find_times(rest)
    spans += [(time.begin, time.stop) for time in times]
    rest = _blank(rest, spans)
    days = [(begin, end) for begin, end, _ in weekday_spans(rest)]
    first = min((begin for begin, _ in (*spans, *days)), default=len(text))
    last = max((end for _, end in spans), default=0)
    other_words = _CONNECTORS.sub("", _blank(rest, days))
    return WhenLine(
        line=line,
        text=text,
        label=label,
        dates=dates,
        times=times,
        zones=zones,
        duration=length[0] if length else None,
        before=text[:first],
        after=text[last:],
        letters=sum(character.isalpha() for character in other_words),
    )


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for begin, end in spans:
        text = text[:begin] + " " * (end - begin) + text[end:]
    return text


def read_yearless(lines: Sequence[Line], when_lines: Sequence[WhenLine]) -> tuple[WhenLine, FoundDate] | None:
    """Find the first day and month without a year, and read them in the first year in the head of the announcement.

    If the head has no year, the date has the doubt "no year" and its year means nothing.
    """
    head = [line.text for line in lines if line.text][:15]
    years = [int(match[1]) for text in head for match in _YEAR.finditer(text[:CHARACTERS_LOOKED_AT])]
    for when in when_lines:
        found = find_yearless(when.text, years[0] if years else 2024)  # 2024 has a 29 February
        if found and not speaks_of_other_dates(when):
            return when, found if years else replace(found, doubts=("no year",))
    return None
