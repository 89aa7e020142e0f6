"""Time zones in a text: cities, abbreviations, offsets and names → IANA zones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from ..zones import find_zone, known_zone
from .language import guess_language
from .words import CITY_ZONES, fold, raw_table, word_table

_Meaning = tuple[int | None, tuple[str, ...]]


def _meaning(written: str) -> _Meaning:
    """Read an entry of [abbreviations]: the offset in minutes, and the zones that use it."""
    offset, *zones = written.split(", ")
    return None if offset == "-" else int(offset), tuple(zones)


_ABBREVIATIONS = {name: _meaning(written) for name, written in raw_table("abbreviations").items()}
WINDOWS_ZONES: dict[str, str] = dict(get_global("windows_zone_mapping"))  # of CLDR
_NAMED: dict[str, _Meaning] = {  # a name of Windows means the clock of a place: "GMT Standard Time" is London's
    **{fold(name): (None, (zone,)) for name, zone in WINDOWS_ZONES.items() if name.endswith("Standard Time")},
    **{
        fold(name.replace("Standard", "Daylight")): (None, (zone,))
        for name, zone in WINDOWS_ZONES.items()
        if name.endswith("Standard Time")
    },
    **{name: (None, (zone,)) for name, zone in word_table("zone_names").items()},
    # only the first zone of an abbreviation has its full name
    **{
        name: (offset, zones[:1])
        for name, short in word_table("full_names").items()
        for offset, zones in [_ABBREVIATIONS[short]]
    },
}
_LONDON = "Europe/London"  # people in Britain say GMT in summer, too
_LANGUAGE_ZONES = {code: tuple(zones.split(", ")) for code, zones in raw_table("language_zones").items()}
_UNUSUAL = {-210: "America/St_Johns", -570: "Pacific/Marquesas", 210: "Asia/Tehran", 270: "Asia/Kabul"}
_UNUSUAL |= {330: "Asia/Kolkata", 345: "Asia/Kathmandu", 390: "Asia/Yangon", 525: "Australia/Eucla"}
_UNUSUAL |= {570: "Australia/Darwin", 630: "Australia/Adelaide", 765: "Pacific/Chatham"}
_OFFSET = re.compile(  # ISO 8601, and "GMT+5.30"
    r"\b(?:UTC|GMT|TU)(?!\s[-−–]\s(?:\d{4}|\d{1,2}[:.]\d\d(?!\s?\))))\s?([+\-−–])\s?(\d{1,2})(?:([:.,]?)([0-5]\d|[05]))?(?![\d:])"
)
_IANA = re.compile(r"\b[A-Z][A-Za-z]{2,}/[A-Z][A-Za-z_-]{2,}(?:/[A-Z][A-Za-z_-]{2,})?")
_ABBREVIATION = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(_ABBREVIATIONS, key=len, reverse=True))})(?![A-Za-z])")


@cache  # and not at the import: it has thousands of cities
def _place() -> re.Pattern[str]:
    """Compile what finds a place: "heure de Genève", "New York time", "Eastern Time"."""
    names = "|".join(map(re.escape, sorted((*CITY_ZONES, *_NAMED), key=len, reverse=True)))
    return re.compile(
        r"(?:heure\s+(?:locale\s+)?(?:de\s+|a\s+|d')|hora(?:rio)?\s+(?:local\s+)?de\s+|ora di |time\s+in\s+)?"
        rf"(?<!\w)(?P<name>{names})(?![a-z])(?:,?\s+(?:local\s+|standard\s+)?(?:time|zeit|saat)\b|时间|時間)?"
    )


@dataclass(frozen=True, kw_only=True)
class ZoneMention:
    """A zone in a text: its label as written, the zones it may mean, and the offset in minutes that it claims."""

    label: str
    zones: tuple[str, ...]
    offset: int | None
    is_place: bool  # a city or an IANA name, which is certain and comes before an abbreviation
    begin: int
    end: int

    @property
    def zone(self) -> str:
        """The likeliest zone."""
        return self.zones[0]

    @property
    def is_bare(self) -> bool:
        """Whether it is only an offset: "UTC-05:00"."""
        return self.label[-1:].isdigit()

    def is_true(self, zone: str, local: datetime) -> bool:
        """Check whether the offset that it claims is that of a zone at a local time."""
        claimed = None if self.offset is None else timedelta(minutes=self.offset)
        return claimed is None or local.replace(tzinfo=ZoneInfo(zone)).utcoffset() == claimed


def find_zones(text: str) -> tuple[ZoneMention, ...]:
    """Find the zones in a text, in the order of writing, without overlaps."""
    mentions: list[ZoneMention] = []
    taken: set[int] = set()
    for match, zones, offset, is_place in _iter_mentions(text, fold(text)):
        begin, end = match.span()
        if taken.isdisjoint(range(begin, end)):
            taken.update(range(begin, end))
            label = text[begin:end].strip()
            mentions.append(
                ZoneMention(label=label, zones=zones, offset=offset, is_place=is_place, begin=begin, end=end)
            )
    return tuple(sorted(mentions, key=lambda mention: mention.begin))


def likely_zones(text: str) -> tuple[str, ...]:
    """List the zones that a text without one may mean: of the places in it, and those where its language is spoken."""
    places = [mention.zone for mention in find_zones(text[:2_000]) if mention.is_place]
    return tuple(dict.fromkeys((*places[:4], *_LANGUAGE_ZONES.get(guess_language(text), ()))))


def doubt_of_gmt(label: str, local: datetime, nearby: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """Return the doubt about "GMT" while London has summer time, with both zones; nothing about any other label.

    Where a zone nearby is at GMT, as that of Accra is, there is no doubt.
    """
    is_summer = bool(local.replace(tzinfo=ZoneInfo(_LONDON)).dst())
    is_near = any(local.replace(tzinfo=ZoneInfo(zone)).utcoffset() == timedelta() for zone in nearby)
    if fold(label) not in ("gmt", "greenwich mean time") or not is_summer or is_near:
        return "", ()
    reason = f"GMT is not the time of {_LONDON} on {local:%Y-%m-%d}; is it UTC, or the time there?"
    return reason, ("UTC", _LONDON)


def named_zone(name: str) -> ZoneInfo | None:
    """Find the zone of an IANA name, of a Windows name, or of either behind a prefix such as "/mozilla.org/1/"."""
    bare = name.strip().strip('"').strip("/")
    parts = bare.split("/")[-4:]
    endings = ("/".join(parts[start:]) for start in range(1, len(parts) - 1))
    candidates = (bare, WINDOWS_ZONES.get(bare, ""), *endings)
    return next(filter(None, map(known_zone, filter(None, candidates))), None)


def require_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA or Windows name. Raise ValueError with the nearest names."""
    return named_zone(name) or find_zone(name)


def read_offset(name: str) -> timedelta | None:
    """Read a zone that is an offset: "UTC+2", "+05:30", "UTC-3.5" as WordPress writes it. None for any other."""
    text = name.upper().replace(" ", "").replace("−", "-").removeprefix("UTC").removeprefix("GMT")
    sign, number = text[:1], text[1:]
    if sign not in ("+", "-") or not number:
        return None
    hours, colon, minutes = number.partition(":")
    if len(number) > 5 or not hours.replace(".", "", 1).isdecimal() or not (minutes.isdecimal() or not colon):
        return None
    length = timedelta(hours=float(hours), minutes=int(minutes or 0))
    return length * (-1 if sign == "-" else 1) if length <= timedelta(hours=14) else None


def zone_of_offset(minutes: int) -> str:
    """Name a zone that always has an offset; the nearest one if there is none."""
    hours = round(minutes / 60)
    return _UNUSUAL.get(minutes) or (f"Etc/GMT{-hours:+d}" if hours and -12 <= hours <= 14 else "UTC")  # reversed signs


def _iter_mentions(text: str, folded: str) -> Iterator[tuple[re.Match[str], tuple[str, ...], int | None, bool]]:
    """List where a zone is written, the zones that it may mean, the offset that it claims, and if it is a place."""
    for match in _IANA.finditer(text):
        zone = known_zone(match[0])
        if zone and zone.key == match[0]:
            yield match, (match[0],), None, True
    for match in _OFFSET.finditer(text):
        part = match[4] or "0"
        fraction = 30 if match[3] in (".", ",") and part == "5" else int(part)  # "+5.5" is half an hour
        minutes = (int(match[2]) * 60 + fraction) * (1 if match[1] == "+" else -1)
        yield match, (zone_of_offset(minutes),), minutes, False
    for match in _place().finditer(folded):
        city = CITY_ZONES.get(match["name"])
        offset, zones = (None, (city,)) if city else _NAMED[match["name"]]
        yield match, zones, offset, bool(city)
    for match in _ABBREVIATION.finditer(text):
        offset, zones = _ABBREVIATIONS[match[1]]
        yield match, zones, offset, False
