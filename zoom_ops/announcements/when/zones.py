"""Time zones in a text: cities, abbreviations, offsets and names → IANA zones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from ..cities import CITY_ZONES, fold

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
    "America/New_York": "et, eastern time, us eastern",
    "America/Chicago": "ct, central time",
    "America/Denver": "mt, mountain time",
    "America/Los_Angeles": "pt, pacific time",
    "Europe/Paris": "central european time, central european summer time",
    "Europe/Bucharest": "eastern european time",
    "Europe/London": "uk time, british time",
    "Africa/Nairobi": "east africa time, east african time",
    "Africa/Lagos": "west africa time",
    "Africa/Maputo": "central africa time",
    "Asia/Kolkata": "india time, indian standard time, india standard time",
    "Asia/Tokyo": "japan time, japan standard time",
    "Asia/Shanghai": "beijing time",
}
_FULL = {
    "GMT": "greenwich mean time",
    "UTC": "coordinated universal time, temps universel, tu",
    "EST": "eastern standard time",
    "EDT": "eastern daylight time",
    "BST": "british summer time",
    "PST": "pacific standard time",
    "PDT": "pacific daylight time",
    "CST": "central standard time",
    "CDT": "central daylight time",
    "CET": "heure d'europe centrale",
}
_NAMED: dict[str, tuple[int | None, tuple[str, ...]]] = {
    **{name: (None, (zone,)) for zone, names in _SEASONAL.items() for name in names.split(", ")},
    **{name: ABBREVIATIONS[short] for short, names in _FULL.items() for name in names.split(", ")},
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
_NAMES = "|".join(sorted(_NAMED, key=len, reverse=True)).replace(" ", r"\s+")
_NAME = re.compile(rf"(?<!\w)(?:{_NAMES})(?!\w)")
_CITIES = "|".join(re.escape(city) for city in sorted(CITY_ZONES, key=len, reverse=True))
_PLACE = re.compile(
    r"(?:(?:heure\s+(?:locale\s+)?(?:de\s+|a\s+|d')|hora(?:rio)?\s+(?:local\s+)?de\s+|time\s+in\s+))?"
    rf"(?<!\w)(?P<city>{_CITIES})(?![a-z])(?:,?\s+(?:local\s+|standard\s+)?(?:time|zeit|saat)\b|时间)?"
)
_ABBREVIATION = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})(?![A-Za-z])")


def find_zones(text: str) -> tuple[ZoneMention, ...]:
    """Find the zones in a line of the schedule, in the order of writing, without overlaps."""
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


def in_force(mention: ZoneMention, zone: str, local: datetime) -> bool:
    """Check whether the offset that a mention claims is that of the zone at a local time."""
    return mention.offset is None or local.replace(tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(
        minutes=mention.offset
    )


def _iter_mentions(text: str, folded: str) -> Iterator[tuple[re.Match[str], tuple[str, ...], int | None, bool]]:
    """List where a zone is written, the zones that it may mean, the offset that it claims, and if it is a place."""
    for match in _IANA.finditer(text):
        if match[0] in _known_zones():
            yield match, (match[0],), None, True
    for match in _OFFSET.finditer(text):
        minutes = (int(match[2]) * 60 + int(match[3] or 0)) * (1 if match[1] == "+" else -1)
        if minutes in _ZONES_OF_OFFSETS:
            yield match, (_ZONES_OF_OFFSETS[minutes],), minutes, False
    for match in _PLACE.finditer(folded):
        yield match, (CITY_ZONES[match["city"]],), None, True
    for match in _NAME.finditer(folded):
        name = " ".join(match[0].split())
        if len(name) > 2 or text[match.start() : match.end()].isupper():  # "ET" is a zone, the French "et" is none
            offset, zones = _NAMED[name]
            yield match, zones, offset, False
    for match in _ABBREVIATION.finditer(text):
        offset, zones = ABBREVIATIONS[match[1]]
        yield match, zones, offset, False
