"""Zoom's own list of time zones, older and shorter than IANA's."""

from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

ZONES = frozenset(files("zoom_ops.sandbox").joinpath("zones.txt").read_text("utf-8").split())
_OLD_NAMES = {"SST": "Pacific/Guadalcanal"}  # Zoom labels it Solomon Islands; IANA has no such name


def zone(name: str) -> ZoneInfo:
    """Look a zone of Zoom's list up."""
    return ZoneInfo(_OLD_NAMES.get(name, name))


def read_instant(text: str, zone_name: str) -> datetime:
    """Read `…Z` as UTC and anything else as local time of the zone."""
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    local = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone(zone_name))
    return local.astimezone(UTC)


def write_instant(instant: datetime) -> str:
    """Write an instant as Zoom does: UTC, whole seconds, with Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
