"""Translation of IANA time zones to Zoom's own list."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

# Source: Zoom's documentation ("abbreviations: time zones"). SST is left out: no time zone database knows it.
ZOOM_ZONES = tuple("""
Pacific/Midway Pacific/Pago_Pago Pacific/Honolulu America/Anchorage America/Vancouver America/Los_Angeles
America/Tijuana America/Edmonton America/Denver America/Phoenix America/Mazatlan America/Winnipeg America/Regina
America/Chicago America/Mexico_City America/Guatemala America/El_Salvador America/Managua America/Costa_Rica
America/Montreal America/New_York America/Indianapolis America/Panama America/Bogota America/Lima America/Halifax
America/Puerto_Rico America/Caracas America/Santiago America/St_Johns America/Montevideo America/Araguaina
America/Argentina/Buenos_Aires America/Godthab America/Sao_Paulo Atlantic/Azores Canada/Atlantic Atlantic/Cape_Verde
UTC Etc/Greenwich Europe/Belgrade CET Atlantic/Reykjavik Europe/Dublin Europe/London Europe/Lisbon Africa/Casablanca
Africa/Nouakchott Europe/Oslo Europe/Copenhagen Europe/Brussels Europe/Berlin Europe/Helsinki Europe/Amsterdam
Europe/Rome Europe/Stockholm Europe/Vienna Europe/Luxembourg Europe/Paris Europe/Zurich Europe/Madrid Africa/Bangui
Africa/Algiers Africa/Tunis Africa/Harare Africa/Nairobi Europe/Warsaw Europe/Prague Europe/Budapest Europe/Sofia
Europe/Istanbul Europe/Athens Europe/Bucharest Asia/Nicosia Asia/Beirut Asia/Damascus Asia/Jerusalem Asia/Amman
Africa/Tripoli Africa/Cairo Africa/Johannesburg Europe/Moscow Asia/Baghdad Asia/Kuwait Asia/Riyadh Asia/Bahrain
Asia/Qatar Asia/Aden Asia/Tehran Africa/Khartoum Africa/Djibouti Africa/Mogadishu Asia/Dubai Asia/Muscat Asia/Baku
Asia/Kabul Asia/Yekaterinburg Asia/Tashkent Asia/Calcutta Asia/Kathmandu Asia/Novosibirsk Asia/Almaty Asia/Dacca
Asia/Krasnoyarsk Asia/Dhaka Asia/Bangkok Asia/Saigon Asia/Jakarta Asia/Irkutsk Asia/Shanghai Asia/Hong_Kong
Asia/Taipei Asia/Kuala_Lumpur Asia/Singapore Australia/Perth Asia/Yakutsk Asia/Seoul Asia/Tokyo Australia/Darwin
Australia/Adelaide Asia/Vladivostok Pacific/Port_Moresby Australia/Brisbane Australia/Sydney Australia/Hobart
Asia/Magadan Pacific/Noumea Asia/Kamchatka Pacific/Fiji Pacific/Auckland Asia/Kolkata Europe/Kiev
America/Tegucigalpa Pacific/Apia
""".split())  # fmt: skip  # noqa: SIM905  # a wall of quotation marks reads worse

_ALIASES = {  # IANA's present name → the name under which Zoom has the same zone
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Fort_Wayne": "America/Indianapolis",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Nuuk": "America/Godthab",
    "America/Toronto": "America/Montreal",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Tel_Aviv": "Asia/Jerusalem",
    "Europe/Kyiv": "Europe/Kiev",
    "Europe/Nicosia": "Asia/Nicosia",
    "Turkey": "Europe/Istanbul",
    "Asia/Istanbul": "Europe/Istanbul",
    "Etc/UTC": "UTC",
    "Etc/Universal": "UTC",
    "Etc/Zulu": "UTC",
    "Zulu": "UTC",
    "GMT": "Etc/Greenwich",
    "Etc/GMT": "Etc/Greenwich",
    "Pacific/Samoa": "Pacific/Pago_Pago",
    "US/Eastern": "America/New_York",
    "US/Central": "America/Chicago",
    "US/Mountain": "America/Denver",
    "US/Pacific": "America/Los_Angeles",
    "US/Hawaii": "Pacific/Honolulu",
    "US/Alaska": "America/Anchorage",
}

_KNOWN = frozenset(ZOOM_ZONES)
_zone = cache(ZoneInfo)  # zoneinfo keeps only 8 zones, and reads the others from disk each time


def zoom_zone(zone: str, start: datetime, end: datetime) -> str:
    """Choose the zone of Zoom's list that shows an event's times correctly.

    The first of these is taken: the zone itself, its alias, a zone of the same continent with the same offsets at start
    and at end, any zone with these offsets, UTC. `start` is sent in UTC, so the instant is right whatever the zone.
    """
    known = zone if zone in _KNOWN else _ALIASES.get(zone)
    if known:
        return known
    offsets = _offsets(zone, start, end)
    fitting = [name for name in ZOOM_ZONES if "/" in name and _offsets(name, start, end) == offsets]
    continent = zone.partition("/")[0] + "/"
    near = [name for name in fitting if name.startswith(continent)]
    return (near or fitting or ["UTC"])[0]


def _offsets(zone: str, *moments: datetime) -> tuple[object, ...]:
    return tuple(moment.astimezone(_zone(zone)).utcoffset() for moment in moments)
