"""The webinar that an event should have: its fields, its panelists."""

import re
from datetime import datetime, timedelta
from typing import Any

from ..events import Event, Performer, clean_line
from ..profiles import Profile
from ..webinars import TOPIC_LIMIT, Settings, WebinarDraft
from .actions import Seat
from .base import Fields
from .render import agenda_of, cut, marker_of
from .zones import zoom_zone

_NAME_LIMIT = 64
_TAG_LIMIT = 128  # Zoom documents none


def desired_fields(event: Event, profile: Profile, installation: str) -> Fields:
    """Translate an event into the fields that its webinar should have."""
    minutes = -(-(event.end - event.start) // timedelta(minutes=1))  # rounded up: Zoom takes whole minutes
    fields: dict[str, Any] = {
        "topic": cut(clean_line(event.name), TOPIC_LIMIT),
        "agenda": agenda_of(event, marker_of(installation, event.id)),
        "start": zoom_time(event.start_utc),
        "duration": int(minutes),
        "timezone": zoom_zone(event.timezone, event.start_utc, event.end_utc),
    }
    if profile.license_type:
        fields["license_type"] = profile.license_type
    fields |= {f"settings.{name}": value for name, value in profile.settings}
    if _interprets(profile):
        fields["settings.language_interpretation.interpreters"] = tuple(
            (("email", person.email), ("interpreter_languages", languages))
            for person in event.performers
            if person.email and (languages := _languages(person))
        )
    if event.consent == "do_not_record":
        fields["settings.auto_recording"] = "none"
    return tuple(sorted(fields.items()))


def desired_seats(event: Event, profile: Profile) -> tuple[Seat, ...]:
    """List the panelists that the webinar should have: each address once, in the order of the programme.

    An interpreter gets no seat where the webinar's fields name the interpreters.
    """
    seats, interprets = dict[str, Seat](), _interprets(profile)
    for person in event.performers:
        if person.email and not (interprets and _languages(person)):
            tag = _tag_of(person) if profile.name_tags else None
            seats.setdefault(person.email, Seat(email=person.email, name=person.name[:_NAME_LIMIT].strip(), tag=tag))
    return tuple(seats.values())


def draft_of(fields: Fields) -> WebinarDraft:
    """Build the draft of a webinar from its fields."""
    values = dict(fields)
    settings: Settings = tuple(
        (name.removeprefix("settings."), _frozen(value)) for name, value in fields if name.startswith("settings.")
    )
    return WebinarDraft(
        topic=values["topic"],
        agenda=values["agenda"],
        start=datetime.fromisoformat(values["start"]),
        duration=values["duration"],
        timezone=values["timezone"],
        settings=settings,
        license_type=values.get("license_type"),
    )


def zoom_time(moment: datetime) -> str:
    """Format an instant as Zoom does: whole seconds, with Z. `moment` must be in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _tag_of(person: Performer) -> str:
    """Build what a name tag says below the name: role and organization."""
    return cut(", ".join(part for part in (person.role, person.organization) if part), _TAG_LIMIT)


def _interprets(profile: Profile) -> bool:
    return dict(profile.settings).get("language_interpretation.enable") is True


def _languages(person: Performer) -> str | None:
    """Parse an interpreter's two languages from the role: "English-French", "English/French", "English, French"."""
    if person.kind != "interpreter" or not person.role:
        return None
    words = [word.strip() for word in re.split(r"\s*[-–/,↔]\s*|\s+and\s+", person.role) if word.strip()]
    return ",".join(words) if len(words) == 2 and all(word.isalpha() for word in words) else None


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value
