"""Time zones in a text: cities, abbreviations, offsets and names → IANA zones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from ..cities import city_zones, fold

# For each abbreviation, its offset in minutes and the zones that use it. The likeliest comes first: the zone that CLDR
# gives for the whole world. An abbreviation with several zones is ambiguous. A wrong one, such as CET in July, shows in
# its offset, which is not in force then.
ABBREVIATIONS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "UTC": (0, ("UTC",)),
    "GMT": (0, ("UTC",)),
    "UT": (0, ("UTC",)),
    "WET": (0, ("Europe/Lisbon",)),
    "WEST": (60, ("Europe/Lisbon",)),
    "BST": (60, ("Europe/London", "Asia/Dhaka")),
    "CET": (60, ("Europe/Paris",)),
    "MEZ": (60, ("Europe/Berlin",)),
    "CEST": (120, ("Europe/Paris",)),
    "MESZ": (120, ("Europe/Berlin",)),
    "EET": (120, ("Europe/Bucharest",)),
    "EEST": (180, ("Europe/Bucharest",)),
    "MSK": (180, ("Europe/Moscow",)),
    "TRT": (180, ("Europe/Istanbul",)),
    "WAT": (60, ("Africa/Lagos",)),
    "CAT": (120, ("Africa/Maputo",)),
    "SAST": (120, ("Africa/Johannesburg",)),
    "EAT": (180, ("Africa/Nairobi",)),
    "AST": (-240, ("America/Halifax", "Asia/Riyadh")),
    "ADT": (-180, ("America/Halifax",)),
    "EST": (-300, ("America/New_York",)),
    "EDT": (-240, ("America/New_York",)),
    "CST": (-360, ("America/Chicago", "Asia/Shanghai", "America/Havana")),
    "CDT": (-300, ("America/Chicago", "America/Havana")),
    "MST": (-420, ("America/Denver",)),
    "MDT": (-360, ("America/Denver",)),
    "PST": (-480, ("America/Los_Angeles",)),
    "PDT": (-420, ("America/Los_Angeles",)),
    "BRT": (-180, ("America/Sao_Paulo",)),
    "ART": (-180, ("America/Argentina/Buenos_Aires",)),
    "COT": (-300, ("America/Bogota",)),
    "PET": (-300, ("America/Lima",)),
    "GST": (240, ("Asia/Dubai",)),
    "PKT": (300, ("Asia/Karachi",)),
    "IST": (330, ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin")),
    "NPT": (345, ("Asia/Kathmandu",)),
    "ICT": (420, ("Asia/Bangkok",)),
    "WIB": (420, ("Asia/Jakarta",)),
    "SGT": (480, ("Asia/Singapore",)),
    "HKT": (480, ("Asia/Hong_Kong",)),
    "PHT": (480, ("Asia/Manila",)),
    "AWST": (480, ("Australia/Perth",)),
    "JST": (540, ("Asia/Tokyo",)),
    "KST": (540, ("Asia/Seoul",)),
    "AEST": (600, ("Australia/Sydney", "Australia/Brisbane")),
    "AEDT": (660, ("Australia/Sydney",)),
    "NZST": (720, ("Pacific/Auckland",)),
    "NZDT": (780, ("Pacific/Auckland",)),
}
# names that hold in summer and in winter, so they have no fixed offset
_SEASONAL = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern time": "America/New_York",
    "us eastern": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "central european time": "Europe/Paris",
    "central european summer time": "Europe/Paris",
    "eastern european time": "Europe/Bucharest",
    "uk time": "Europe/London",
    "british time": "Europe/London",
    "east africa time": "Africa/Nairobi",
    "east african time": "Africa/Nairobi",
    "west africa time": "Africa/Lagos",
    "central africa time": "Africa/Maputo",
    "india time": "Asia/Kolkata",
    "indian standard time": "Asia/Kolkata",
    "india standard time": "Asia/Kolkata",
    "japan time": "Asia/Tokyo",
    "japan standard time": "Asia/Tokyo",
    "beijing time": "Asia/Shanghai",
}
_FULL = {
    "greenwich mean time": "GMT",
    "coordinated universal time": "UTC",
    "temps universel": "UTC",
    "tu": "UTC",
    "eastern standard time": "EST",
    "eastern daylight time": "EDT",
    "british summer time": "BST",
    "pacific standard time": "PST",
    "pacific daylight time": "PDT",
    "central standard time": "CST",
    "central daylight time": "CDT",
    "heure d'europe centrale": "CET",
}
_ZONES_OF_OFFSETS = {
    0: "UTC",
    **{hours * 60: f"Etc/GMT{-hours:+d}" for hours in range(-12, 15) if hours},  # names in Etc have the opposite sign
    -210: "America/St_Johns",
    -570: "Pacific/Marquesas",
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    525: "Australia/Eucla",
    570: "Australia/Darwin",
    630: "Australia/Adelaide",
    765: "Pacific/Chatham",
}


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


_OFFSET = re.compile(r"\b(?:UTC|GMT|TU)\s?([+\-−–])\s?(\d{1,2})(?::?([0-5]\d))?(?![\d:])")
_known_zones = cache(available_timezones)  # it reads the disk
_IANA = re.compile(r"\b[A-Z][A-Za-z]{2,}/[A-Z][A-Za-z_-]{2,}(?:/[A-Z][A-Za-z_-]{2,})?")
_NAMES = "|".join(sorted((*_SEASONAL, *_FULL), key=len, reverse=True)).replace(" ", r"\s+")
_NAME = re.compile(rf"(?<!\w)(?:{_NAMES})(?!\w)")
_ABBREVIATION = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})(?![A-Za-z])")


def find_zones(text: str) -> tuple[ZoneMention, ...]:
    """Find the zones in a line of the schedule, in the order of writing, without overlaps."""
    mentions: list[ZoneMention] = []
    taken: set[int] = set()
    for mention in (*_iana_names(text), *_offsets(text), *_places(text), *_abbreviations(text)):
        places = set(range(mention.begin, mention.end))
        if not places & taken:
            taken |= places
            mentions.append(mention)
    return tuple(sorted(mentions, key=lambda mention: mention.begin))


def in_force(mention: ZoneMention, zone: str, local: datetime) -> bool:
    """Check whether the offset that a mention claims is that of the zone at a local time."""
    return mention.offset is None or local.replace(tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(
        minutes=mention.offset
    )


def _iana_names(text: str) -> Iterator[ZoneMention]:
    for match in _IANA.finditer(text):
        if match[0] in _known_zones():
            yield _mention(match, match[0], None, is_place=True)


def _offsets(text: str) -> Iterator[ZoneMention]:
    for match in _OFFSET.finditer(text):
        minutes = (int(match[2]) * 60 + int(match[3] or 0)) * (1 if match[1] == "+" else -1)
        if minutes in _ZONES_OF_OFFSETS:
            yield _mention(match, _ZONES_OF_OFFSETS[minutes], minutes, is_place=False)


def _places(text: str) -> Iterator[ZoneMention]:
    for match in _place_pattern().finditer(fold(text)):
        zone = city_zones()[match["city"]]
        label = text[match.start() : match.end()].strip()
        yield ZoneMention(label=label, zones=(zone,), offset=None, is_place=True, begin=match.start(), end=match.end())


@cache
def _place_pattern() -> re.Pattern[str]:
    cities = "|".join(re.escape(city) for city in sorted(city_zones(), key=len, reverse=True))
    before = r"(?:(?:heure\s+(?:locale\s+)?(?:de\s+|a\s+|d')|hora(?:rio)?\s+(?:local\s+)?de\s+|time\s+in\s+))?"
    after = r"(?:,?\s+(?:local\s+|standard\s+)?(?:time|zeit|saat)\b|时间)?"
    return re.compile(rf"{before}(?<!\w)(?P<city>{cities})(?![a-z]){after}")


def _abbreviations(text: str) -> Iterator[ZoneMention]:
    folded = fold(text)
    for match in _NAME.finditer(folded):
        name = " ".join(match[0].split())
        if name in ("et", "ct", "mt", "pt", "tu") and not text[match.start() : match.end()].isupper():
            continue
        if name in _SEASONAL:
            yield _mention_at(text, match, (_SEASONAL[name],), None)
        else:
            offset, zones = ABBREVIATIONS[_FULL[name]]
            yield _mention_at(text, match, zones, offset)
    for match in _ABBREVIATION.finditer(text):
        offset, zones = ABBREVIATIONS[match[1]]
        yield _mention_at(text, match, zones, offset)


def _mention(match: re.Match[str], zone: str, offset: int | None, *, is_place: bool) -> ZoneMention:
    return ZoneMention(
        label=match[0], zones=(zone,), offset=offset, is_place=is_place, begin=match.start(), end=match.end()
    )


def _mention_at(text: str, match: re.Match[str], zones: tuple[str, ...], offset: int | None) -> ZoneMention:
    label = text[match.start() : match.end()]
    return ZoneMention(label=label, zones=zones, offset=offset, is_place=False, begin=match.start(), end=match.end())
