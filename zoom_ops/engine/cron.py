"""Cron lines in a time zone: which instants they mean. cronsim reads them; what clock changes do to them is ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from ..errors import BadInputError
from ..zones import end_of_gap, find_zone, instants_of

LONGEST = 200  # characters of a line
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_EXAMPLE = 'such as "0 6 * * 1-5"'
_FIELDS = {  # and what each has
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of the month": "1 to 31, or L for the last",
    "month": "1 to 12, or JAN to DEC",
    "day of the week": "0 to 7, or SUN to SAT; 0 and 7 are Sunday",
}


@dataclass(frozen=True, kw_only=True)
class Cron:
    """A cron line in a time zone.

    Of days and weekdays that both are restricted, either is enough. When clocks change, turns come as in Debian's cron:
    a time that the zone skips comes at the moment after it, and one that it has twice comes the first time. A line
    whose minute or hour begins with a star goes on by real time instead: it leaves out what is skipped, and takes both
    hours of the same name. A date that would so lose all its turns has one at the moment after the skipped hour.
    """

    line: str
    zone: str


@lru_cache(maxsize=256)
def parse_cron(line: str, zone: str) -> Cron:
    """Parse a cron line of five fields; raise BadInputError if it is none, never comes, or the zone is unknown."""
    words = line.split()
    if len(words) != len(_FIELDS) or len(line) > LONGEST:
        raise BadInputError(
            f"{line[:50]!r} is no cron line: it has five fields, minute, hour, day, month and weekday, {_EXAMPLE}."
        )
    try:
        cron = Cron(line=" ".join(words), zone=find_zone(zone).key)
    except ValueError as error:
        raise BadInputError(f"{str(error)[:1].upper()}{str(error)[1:]}") from error
    for number, (name, values) in enumerate(_FIELDS.items()):
        try:
            simulate(" ".join(word if place == number else "*" for place, word in enumerate(words)))
        except CronSimError as error:
            raise BadInputError(
                f"{words[number][:30]!r} is no {name} of a cron line: it has {values}; lists (1,3), ranges (1-5), "
                "steps (*/2)."
            ) from error
    try:
        next(simulate(cron.line))
    except (CronSimError, StopIteration) as error:
        raise BadInputError(
            f"{cron.line!r} never comes: no month that it names has such a day. Give a day that it has."
        ) from error
    return cron


def simulate(line: str, at: datetime = datetime(2000, 1, 1), *, backwards: bool = False) -> CronSim:  # noqa: DTZ001
    """Return cronsim's reading of a line: its times by a clock without zone. A week may end with SUN, too."""
    *others, weekday = line.upper().split()
    return CronSim(" ".join((*others, weekday.replace("-SUN", "-7"))), at, reverse=backwards)


def next_time(cron: Cron, after: datetime) -> datetime:
    """Return the first instant of a cron line after a moment."""
    return min(instant for instant in _instants_near(cron, after) if instant > after)


def latest_time(cron: Cron, until: datetime) -> datetime:
    """Return the last instant of a cron line until a moment, which may be this moment."""
    return max(instant for instant in _instants_near(cron, until, backwards=True) if instant <= until)


def _instants_near(cron: Cron, moment: datetime, *, backwards: bool = False) -> Iterator[datetime]:
    """List the instants of four dates of a line; the fourth lies beyond the moment, however clocks change there."""
    local = datetime.combine(moment.astimezone(ZoneInfo(cron.zone)), time())
    first = local + _DAY + _SECOND if backwards else local - _DAY - _SECOND
    dates = simulate(f"0 0 {cron.line.split(maxsplit=2)[2]}", first, backwards=backwards)
    return (instant for day in islice(dates, 4) for instant in _instants(cron, day))


@lru_cache(maxsize=256)
def _instants(cron: Cron, day: datetime) -> tuple[datetime, ...]:
    """Return the instants of a cron line on a date that it names."""
    zone, by_real_time = ZoneInfo(cron.zone), any(field.startswith("*") for field in cron.line.split()[:2])
    times = takewhile(lambda local: local.date() == day.date(), simulate(cron.line, day - _SECOND))
    meant = [(local, instants_of(local, zone)) for local in times]
    found = [instant for _, instants in meant for instant in (instants if by_real_time else instants[:1])]
    if by_real_time and found:
        return tuple(found)
    return (*found, *(end_of_gap(local, zone) for local, instants in meant if not instants))
