"""Zoom's own list of time zones. It is older and shorter than IANA's."""

from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

ZONES = frozenset(files("zoom_ops.sandbox").joinpath("zones.txt").read_text("utf-8").split())
_OLD_NAMES = {"SST": "Pacific/Guadalcanal"}  # Zoom labels it Solomon Islands; IANA has no such name


def zone(name: str) -> ZoneInfo:
    """Get a time zone of Zoom's list."""
    return ZoneInfo(_OLD_NAMES.get(name, name))


def read_instant(text: str, zone_name: str) -> datetime:
    """Parse an instant: `…Z` is UTC, anything else is local time of the zone. Raise `ValueError` for another form."""
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    local = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone(zone_name))
    return local.astimezone(UTC)


def write_instant(instant: datetime) -> str:
    """Format an instant as Zoom does: UTC, whole seconds, with Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
