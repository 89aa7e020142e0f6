"""The occurrences of an entry that repeats (RRULE, RDATE, EXDATE), and of those that replace one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vRecur

from ...events import YEARS
from .findings import Findings
from .scan import Property
from .times import Moment, read_moment
from .zones import Zones

MOST_OCCURRENCES = 400
_PARTS = {  # the parts that a rule may have; what others mean may take for ever to compute
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
_COMMON_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_READ = "expected days, weeks, months or years, such as FREQ=WEEKLY"
_SOON = timedelta(days=800)  # every rule gives a second date within them
_INDEX, _CORE = "X-INDEX", -1


@dataclass(frozen=True, kw_only=True)
class Repeating:
    """What an entry says about its repetitions."""

    start: Moment
    rules: tuple[Property, ...]
    extra: tuple[Property, ...]  # RDATE
    without: tuple[Property, ...]  # EXDATE


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One date of an entry: its local start, or the index of the entry that replaces it."""

    local: datetime | None = None
    index: int = -1


def list_occurrences(
    repeating: Repeating, replaced: Sequence[tuple[int, Moment]], zones: Zones, findings: Findings
) -> tuple[Occurrence, ...]:
    """List the occurrences in the order of their dates. `replaced` are the entries with a RECURRENCE-ID.

    The library gets local times only. What a zone means is ours to find: it reads an unknown one as no zone.
    """
    try:
        components = [_core(repeating, zones), *(_replacement(*each, repeating.start) for each in replaced)]
        occurrences = _expand(components, repeating.start)
    except (ValueError, TypeError, OverflowError) as error:
        findings.refuse(_line(repeating), str(error)[:200])
        return ()
    if len(occurrences) > MOST_OCCURRENCES:
        message = f"this entry repeats more than {MOST_OCCURRENCES} times; export the dates that are meant"
        findings.refuse(_line(repeating), message)
        return ()
    if len(occurrences) == 1 and _promises_more(components[0], repeating):
        findings.refuse(_line(repeating), f"{repeating.rules[0].text[:80]!r} gives no second date; check the rule")
        return ()
    for rule in repeating.rules:
        if not _gives_start(components[0], repeating.start):
            findings.note(
                "start", rule, f"the rule does not give the first date, {repeating.start.local:%Y-%m-%d %H:%M}"
            )
    read = map(_occurrence, occurrences)
    return tuple(each for each in read if each.local is None or each.local.year <= YEARS[1])


def read_times(source: Property, zones: Zones) -> Iterator[Moment]:
    """Yield the times of a property such as EXDATE. Raise ValueError for one that cannot be read."""
    for value in source.value.split(","):
        yield read_moment(source, zones, value)


def _expand(components: Sequence[Entry], start: Moment) -> list[Any]:
    """List the occurrences, and one more than are read where there are more."""
    calendar = Calendar()
    for component in components:
        calendar.add_component(component)
    found = recurring_ical_events.of(calendar).after(start.local - timedelta(days=1))
    return list(islice(found, MOST_OCCURRENCES + 1))


def _core(repeating: Repeating, zones: Zones) -> Entry:
    entry = _entry(_CORE, repeating.start.local)
    if len(repeating.rules) > 1:
        raise ValueError("this entry has several RRULE lines; expected one")
    for rule in repeating.rules:
        entry.add("RRULE", _read_rule(rule, repeating.start, zones))
    for source in repeating.extra:
        entry.add("RDATE", [_local(each, repeating.start) for each in read_times(source, zones)])
    for source in repeating.without:
        for each in read_times(source, zones):
            entry.add("EXDATE", _day(each, repeating.start) if each.all_day else _local(each, repeating.start))
    return entry


def _gives_start(core: Entry, start: Moment) -> bool:
    """Check whether a rule gives the first date. RFC 5545 (3.8.5.3) does not say what is meant where it does not."""
    rule: Any = core["RRULE"]
    dates = rrulestr(rule.to_ical().decode(), dtstart=start.local)
    return next(iter(dates), start.local) == start.local


def _promises_more(core: Entry, repeating: Repeating) -> bool:
    """Check whether a rule should give a second date, as one for the 30th of February never does."""
    rule = core.get("RRULE") or {}
    until = rule.get("UNTIL", [repeating.start.local])[0]
    return not repeating.without and (rule.get("COUNT", [1])[0] > 1 or until - repeating.start.local > _SOON)


def _replacement(index: int, replaces: Moment, start: Moment) -> Entry:
    local = _day(replaces, start) if replaces.all_day else _local(replaces, start)
    entry = _entry(index, local)
    entry.add("RECURRENCE-ID", local)
    return entry


def _entry(index: int, local: datetime) -> Entry:
    entry = Entry()
    entry.add("UID", "1")
    entry.add(_INDEX, str(index))
    entry.add("DTSTART", local)
    entry.add("DTEND", local + timedelta(minutes=1))
    return entry


def _read_rule(source: Property, start: Moment, zones: Zones) -> vRecur:
    """Read a rule that ends, and whose dates are found soon. Raise ValueError for any other."""
    shown = source.text[:80]
    try:
        rule: vRecur = vRecur.from_ical(source.value)
        frequency = str(rule.get("FREQ", [""])[0]).upper()
        interval, count = int(rule.get("INTERVAL", [1])[0]), int(rule.get("COUNT", [1])[0])
    except (ValueError, IndexError, TypeError):
        raise ValueError(f"expected a rule such as RRULE:FREQ=WEEKLY;COUNT=10, found {shown!r}") from None
    unread = set(rule) - _PARTS.get(frequency, set()) - _COMMON_PARTS
    if frequency not in _PARTS or unread or interval < 1 or count < 1:
        if unread:
            raise ValueError(f"{', '.join(sorted(unread))} in {shown!r} is not read; {_READ}")
        raise ValueError(f"{shown!r} is not read; {_READ}")
    if "COUNT" not in rule and "UNTIL" not in rule:
        advice = "give it an end (COUNT or UNTIL) in the calendar, or export the dates that are meant"
        raise ValueError(f"this entry repeats without an end ({shown}); {advice}")
    if "UNTIL" in rule:
        rule["UNTIL"] = [_read_until(source, start, zones)]
    return rule


def _read_until(source: Property, start: Moment, zones: Zones) -> datetime:
    """Read the last moment of a rule as local time of its start. A day is meant with all of its hours."""
    parts = dict(part.partition("=")[::2] for part in source.value.upper().split(";"))
    bare = Property(name="UNTIL", line=source.line, text=f"UNTIL:{parts.get('UNTIL', '')}")
    until = read_moment(bare, zones)
    if until.all_day:
        return until.local + timedelta(days=1, seconds=-1)
    return _local(until, start) if bare.value.endswith("Z") else until.local


def _local(moment: Moment, start: Moment) -> datetime:
    """Return a moment as local time in the zone of a start."""
    if moment.zone.rules is start.zone.rules:
        return moment.local
    return moment.instant().astimezone(start.zone.rules).replace(tzinfo=None)


def _day(moment: Moment, start: Moment) -> datetime:
    """Return the occurrence that a day means: at the time of the start."""
    return datetime.combine(moment.local.date(), start.local.time())


def _occurrence(entry: Any) -> Occurrence:
    index = int(entry[_INDEX])
    return Occurrence(local=entry.start) if index == _CORE else Occurrence(index=index)


def _line(repeating: Repeating) -> int:
    return next((each.line for each in (*repeating.rules, *repeating.extra)), repeating.start.source.line)
