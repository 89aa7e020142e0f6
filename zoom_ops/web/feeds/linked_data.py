"""An event in schema.org's vocabulary, as JSON-LD."""

from typing import Any
from zoneinfo import ZoneInfo

from ...access import Shown
from ...events import Event, Performer, Portrait, Publication, make_slug
from ..sanitize import first_words
from .publisher import Publisher

Document = dict[str, Any]
_ONLINE = ("zoom", "online", "webinar", "virtual", "en ligne", "en línea", "онлайн", "线上", "在线", "الإنترنت")

_STATUS = {
    "scheduled": "EventScheduled",
    "rescheduled": "EventRescheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
}


def describe_event(shown: Shown, publisher: Publisher) -> Document:
    """Build the JSON-LD of an event as a visitor sees it, without empty fields."""
    event = shown.event
    listed = event.visibility == "listed"  # else its series may have no page
    series = publisher.series(make_slug(event.series)) if event.series and listed else ""
    document = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": publisher.event(event.id),
        "url": publisher.event(event.id),
        "name": event.name,
        "description": first_words(event.description, 500),
        "inLanguage": event.language,
        "image": _picture(event, event.image, publisher) or publisher.event(event.id, "/picture.png"),
        "startDate": _moment(event, "start"),
        "endDate": _moment(event, "end"),
        "previousStartDate": _moment(event, "previous_start") if event.status == "rescheduled" else None,
        # only a schedule can name the time zone; without it, the offsets leave several
        "eventSchedule": {"@type": "Schedule", "scheduleTimezone": event.timezone},
        "eventStatus": f"https://schema.org/{_STATUS[event.status]}",
        **_place(event, publisher),
        "organizer": [
            _without_empty({"@type": "Organization", "name": organizer.name, "alternateName": organizer.acronym})
            for organizer in event.organizers
        ],
        "performer": [_person(event, each, publisher) for each in event.performers if each.kind != "interpreter"],
        "translator": [_person(event, each, publisher) for each in event.performers if each.kind == "interpreter"],
        "superEvent": {"@type": "EventSeries", "@id": series, "url": series, "name": event.series} if series else None,
        "recordedIn": [_video(event, recording, publisher) for recording in shown.recordings],
    }
    return _without_empty(document)


def _moment(event: Event, name: str) -> str | None:
    moment = getattr(event, name)
    return moment.astimezone(ZoneInfo(event.timezone)).isoformat(timespec="seconds") if moment else None


def _place(event: Event, publisher: Publisher) -> Document:
    """Return attendance mode and location: online, or mixed if the venue is a real place."""
    online = {"@type": "VirtualLocation", "url": publisher.event(event.id)}
    if event.venue is None or any(word in event.venue.casefold() for word in _ONLINE):
        named = _without_empty({**online, "name": event.venue})
        return {"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode", "location": named}
    venue = {"@type": "Place", "name": event.venue, "address": event.venue}
    return {"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode", "location": [venue, online]}


def _picture(event: Event, image: Portrait | None, publisher: Publisher) -> str | None:
    return publisher.picture(event.id, image) if image else None


def _person(event: Event, performer: Performer, publisher: Publisher) -> Document:
    organization = {"@type": "Organization", "name": performer.organization} if performer.organization else None
    return _without_empty(
        {
            "@type": "Person",
            "honorificPrefix": performer.honorific,
            "name": performer.name,
            "jobTitle": performer.role,
            "affiliation": organization,
            "image": _picture(event, performer.image, publisher),
        }
    )


def _video(event: Event, recording: Publication, publisher: Publisher) -> Document:
    """Describe a recording at our own address, which redirects to Zoom at each click."""
    return _without_empty(
        {
            "@type": "VideoObject",
            "name": f"{event.name} – {recording.title}",
            "description": first_words(event.description, 500) or event.name,
            "inLanguage": event.language,
            "url": publisher.recording(event.id, recording.part),
            "thumbnailUrl": publisher.event(event.id, "/picture.png"),
            "uploadDate": recording.published_at.isoformat(timespec="seconds"),
            "duration": f"PT{recording.duration}M" if recording.duration else None,
            "conditionsOfAccess": publisher.say_requirement(recording),
            "license": (publisher.licence.address or publisher.licence.name) if publisher.licence else None,
        }
    )


def _without_empty(document: Document) -> Document:
    return {name: value for name, value in document.items() if value not in (None, "", [])}
