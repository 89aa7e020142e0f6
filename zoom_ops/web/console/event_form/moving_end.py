"""The end of an event moves with its start, unless somebody changed the end as well."""

from datetime import datetime

from .fields import Values
from .wall_times import parse_local

_SHOWN = "times-shown"  # the times that stood in the form when it was shown; a script that moves the end renews it
_FIELDS = ("start-date", "start-time", "end-date", "end-time")


def follow(before: datetime, start: datetime, end: datetime) -> datetime | None:
    """Return an end that stays as far from its start as it was before; None after the year 9999."""
    try:
        return start + (end - before)
    except OverflowError:
        return None


def sign_moments(values: Values) -> Values:
    """Return the hidden field that tells which times stood in the form when it was shown."""
    return {_SHOWN: "/".join(values.get(name, "").strip() for name in _FIELDS)}


def move_end(values: Values) -> Values:
    """Return the values with the end moved as far as the start was since the form was shown."""
    shown, stand = values.get(_SHOWN, "").split("/"), sign_moments(values)[_SHOWN].split("/")
    if shown[:2] == stand[:2] or shown[2:] != stand[2:]:
        return values
    before, start = parse_local(*shown[:2]), parse_local(*stand[:2])
    end = parse_local(shown[2] or shown[0], shown[3])
    if before is None or start is None or end is None or end <= before:
        return values
    moved = follow(before, start, end)
    if moved is None:
        return values
    day = f"{moved.date()}" if shown[2] or moved.date() != start.date() else ""
    return values | {"end-date": day, "end-time": f"{moved:%H:%M:%S}".removesuffix(":00"), "end-meant": ""}
