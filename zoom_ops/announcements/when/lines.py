"""The dates, times, zones and duration in each line of an announcement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from ...phrases.dates import FoundDate, find_dates, weekday_spans
from ...phrases.labels import read_label
from ...phrases.times import ZONE, TimeSpan, find_duration, find_times
from ...phrases.words import word_list, words_of
from ...phrases.zones import ZoneMention, find_zones
from ..lines import Line

LINES_LOOKED_AT = 200
CHARACTERS_LOOKED_AT = 400
_FIELDS = ("date", "time", "end", "zone", "duration")
_OTHER_DATES = word_list("other_dates")
_BETWEEN = frozenset(word_list("between_times"))


@dataclass(frozen=True, kw_only=True)
class WhenLine:
    """A line that may give the date or time; `letters` counts the letters that belong to neither.

    `zones` are those beside a time or date; a city elsewhere in the line, in the name of a university, is none.
    """

    line: Line
    text: str
    label: str
    in_head: bool  # in the head of the announcement, or labelled
    dates: tuple[FoundDate, ...]
    times: tuple[TimeSpan, ...]
    zones: tuple[ZoneMention, ...]
    duration: int | None
    before: str
    after: str
    letters: int
    asked: bool = False  # in a sentence that asks for the event

    @property
    def is_certain(self) -> bool:
        """Whether the line is there to give the date or time, and is not prose that mentions one."""
        if self.asked:
            return True
        if not self.in_head or self.speaks_of_other_dates:
            return False
        has_value = bool(self.dates or self.times or self.duration is not None or self.label == "zone")
        if self.label or (self.dates and self.times):
            return has_value and (bool(self.label) or self.letters <= (24 if self.text.endswith(".") else 45))
        return has_value and self.letters <= (24 if self.times else 6) and not self.line.bullet

    @property
    def speaks_of_other_dates(self) -> bool:
        """Whether the line is about a deadline, a registration or a publication and not about the event."""
        begins = [*(found.begin for found in self.dates), *(span.begin for span in self.times)]
        first = min(begins, default=len(self.text))
        return any(word.startswith(_OTHER_DATES) for word in words_of(self.text[:first]))


def read_when_lines(lines: Sequence[Line], head: Collection[int], asked: Collection[int] = ()) -> tuple[WhenLine, ...]:
    """Read the lines that give a date, a time, a duration or a labelled zone. `head` has the numbers of its lines.

    `asked` has those of lines with a sentence that asks for the event, and says nothing but that and when.
    """
    found, pending = [], ""
    for line in [line for line in lines if line.text and not line.subject][:LINES_LOOKED_AT]:
        label = read_label(line.text)
        field = label.field if label and label.field in _FIELDS else ""
        text = label.rest if label and field else line.text
        if field and not text:
            pending = field
            continue
        name = field or (pending if not label else "")
        if not name and not any(character.isdigit() for character in text[:CHARACTERS_LOOKED_AT]):
            pending = ""
            continue
        when = _read(line, text[:CHARACTERS_LOOKED_AT], name, in_head=bool(name) or line.number in head)
        if line.number in asked:
            when = replace(when, asked=True, before="", after="", letters=0)
        has_time = bool(when.times or when.dates)
        pending = pending if has_time and not label else ""  # a label's value may take several lines, one per zone
        if has_time or when.duration is not None or (name and when.zones) or name == "date":
            found.append(when)
    return tuple(found)


def _read(line: Line, text: str, label: str, *, in_head: bool) -> WhenLine:
    dates = find_dates(text, yearless=True)
    spans = [(date.begin, date.end) for date in dates]
    length = find_duration(_blank(text, spans), labelled=label == "duration")
    spans += [length[1:]] if length else []
    mentions = find_zones(_blank(text, spans))
    times = find_times(_blank(_blank(text, spans), [(zone.begin, zone.end) for zone in mentions], ZONE))
    zones = (
        mentions if label == "zone" else _beside(_blank(text, [length[1:]] if length else []), mentions, dates, times)
    )
    spans += [(found.begin, found.stop) for found in times] + [(zone.begin, zone.end) for zone in zones]
    days = [(begin, end) for begin, end, _ in weekday_spans(_blank(text, spans))]
    first = min((begin for begin, _ in (*spans, *days)), default=len(text))
    last = max((end for _, end in spans), default=0)
    others = [word for word in words_of(_blank(text, [*spans, *days])) if word not in _BETWEEN]
    return WhenLine(
        line=line,
        text=text,
        label=label,
        in_head=in_head,
        dates=dates,
        times=times,
        zones=zones,
        duration=length[0] if length else None,
        before=text[:first],
        after=text[last:],
        letters=sum(character.isalpha() for word in others for character in word),
    )


def _beside(
    text: str, mentions: Sequence[ZoneMention], dates: Sequence[FoundDate], times: Sequence[TimeSpan]
) -> tuple[ZoneMention, ...]:
    """Keep the zones that stand beside a time, or beside a zone that does; beside a date only "Geneva time" or CET."""
    taken = [(span.begin, span.stop) for span in times] or [(found.begin, found.end) for found in dates]
    kept: list[ZoneMention] = []
    for mention in (*mentions, *mentions[::-1]):  # a zone may lead to the next one on either side
        named = times or not mention.is_place or {"time", "heure", "hora", "ora"} & set(words_of(mention.label))
        if mention not in kept and named and _touches(text, mention, taken):
            kept.append(mention)
            taken.append((mention.begin, mention.end))
    return tuple(sorted(kept, key=lambda mention: mention.begin))


def _touches(text: str, mention: ZoneMention, taken: Sequence[tuple[int, int]]) -> bool:
    behind = text[mention.end :][:40]
    follows = words_of(behind)[:1] if behind[:1] == " " and behind[1:2].isalpha() else []
    if mention.is_place and not set(follows) <= _BETWEEN and not find_zones(behind):
        return False  # "London School of Economics"
    left = min((text[end : mention.begin] for _, end in taken if end <= mention.begin), key=len, default=None)
    right = min((text[mention.end : begin] for begin, _ in taken if begin >= mention.end), key=len, default=None)
    return any(gap is not None and len(gap) <= 40 and set(words_of(gap)) <= _BETWEEN for gap in (left, right))


def _blank(text: str, spans: Iterable[tuple[int, int]], sign: str = " ") -> str:
    for begin, end in spans:
        text = text[:begin] + sign * (end - begin) + text[end:]
    return text
