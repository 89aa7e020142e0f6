"""Licences that let a user hold webinars, as the `feature` object of the user's settings names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .parsing import as_count, as_mapping, as_rows, as_text

KINDS: Mapping[str, str | None] = {
    "webinar": "webinar_capacity",
    "zoom_events": "zoom_events_capacity",
    "zoom_events_unlimited": "zoom_events_unlimited_capacities",
    "zoom_sessions_unlimited": "zoom_sessions_unlimited_capacities",
    "zoom_events_pay_per_attendee": None,
    "zoom_sessions_pay_per_attendee": None,
    "zoom_webinars_plus_unlimited": "zoom_webinars_plus_unlimited_capacities",  # changelog, 9 April 2026
}
"""The kinds of licence, each with the key of the attendees that it allows; None: Zoom names no number."""

NO_LICENCES = (
    *("cn_meeting", "in_meeting", "large_meeting", "zoom_phone", "zoom_iq_for_sales", "zoom_revenue_accelerator"),
    *("zoom_whiteboard", "zoom_whiteboard_plus", "zoom_translated_captions", "zoom_customer_managed_key"),
    *("zoom_huddles", "zoom_quality_management", "zoom_workforce_management", "zoom_scheduler", "zoom_clips_plus"),
    *("zoom_mail_calendar", "zoom_compliance_management", "zoom_docs"),
)
"""The other features that Zoom's schema names: none of them holds webinars."""

_SUBSCRIPTIONS = ("WEBINAR", "EVENT", "SESSION")  # in `license_info_list`, such as ZOOM_WEBINARS_PLUS


@dataclass(frozen=True, kw_only=True)
class Licences:
    """What a user may hold. `licensed`: None where Zoom names something unknown, which only an attempt can decide."""

    licensed: bool | None
    kinds: tuple[str, ...] = ()  # as Zoom names them, also unknown ones
    capacity: int = 0  # attendees; 0: not known


def read_licences(settings: Mapping[str, Any]) -> Licences:
    """Read the licences in a user's settings. Where several are there, the largest capacity counts."""
    if not isinstance(settings.get("feature"), Mapping):
        return Licences(licensed=None)
    feature = as_mapping(settings["feature"])
    enabled = tuple(name for name, value in feature.items() if value is True or value == "true")
    known = tuple(name for name in KINDS if name in enabled)
    if known:
        numbers = [_capacity(feature, KINDS[name]) for name in known]
        return Licences(licensed=True, kinds=known, capacity=max(numbers) if all(numbers) else 0)
    unknown = tuple(name for name in enabled if name not in NO_LICENCES)
    types = (as_text(row.get("license_type")) or "" for row in as_rows(feature.get("license_info_list")))
    unknown += tuple(name for name in types if any(word in name for word in _SUBSCRIPTIONS))
    return Licences(licensed=None if unknown else False, kinds=unknown)


def _capacity(feature: Mapping[str, Any], key: str | None) -> int:
    value = feature.get(key) if key else None
    return max(map(as_count, value), default=0) if isinstance(value, list) else as_count(value)
