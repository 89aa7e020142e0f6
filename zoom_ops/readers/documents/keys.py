"""The keys and words that people write in YAML and JSON, and what each says in the event model. All stand here."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from ...events import Attachment, DisplayTime, Event, Organizer, Performer, Picture, ReviewNote
from ...linear import normalize

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # schema.org's spelling: startDate, inLanguage


def fold_key(key: str) -> str:
    """Fold a key or word: lower case, words joined by underscores. "Start time" and startTime are start_time."""
    text = _CAMEL.sub(" ", normalize("NFKC", key)).casefold()
    return "_".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _table(words: Mapping[str, str], model: type[BaseModel] | None = None) -> dict[str, str]:
    """Build the table spelling → meaning. Each meaning is a spelling, and so is each field of the model."""
    table = {spelling: meaning for meaning, spellings in words.items() for spelling in (meaning, *spellings.split())}
    return table | {name: name for name in (model.model_fields if model else ())}


EVENT_KEYS = _table(
    {
        "id": "slug identifier event_id",
        "name": "title event_title event_name titel titre título titolo headline",
        "series": "series_name series_title event_series part_of",
        "description": "abstract summary details about body text event_description",
        "language": "lang locale in_language",
        "start": "starts starts_at start_at begin begins begins_at from start_datetime datetime when start_date_time",
        "date": "day event_date start_date",
        "time": "start_time event_time",
        "end": "ends ends_at end_at date_end finish finishes until to end_datetime end_date_time",
        "end_date": "",
        "end_time": "finish_time",
        "duration": "length duration_minutes",
        "timezone": "tz time_zone zone tzid event_timezone",
        "display_times": "other_times",
        "status": "event_status state",
        "previous_start": "previous_start_date previously moved_from",
        "organizers": "organizer organiser organisers organized_by organised_by hosted_by organizing_body",
        "performers": "performer speakers speaker presenters presenter panelists panellists panelist panellist "
        "lecturer lecturers",
        "moderator": "moderators moderated_by facilitator facilitators",
        "chair": "chairs chaired_by chairperson chairpersons",
        "opening": "opening_remarks opened_by",
        "closing": "closing_remarks closed_by",
        "interpreter": "interpreters",
        "venue": "location place where room platform virtual_platform",
        "attachments": "attachment links link resources documents materials files",
        "attachments_note": "links_note",
        "image": "picture photo image_url",
        "consent": "recording_consent record recorded",
        "account": "zoom_account",
        "profile": "webinar_profile",
    },
    Event,
)


def say_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the keys of a record the names of the event model; of two that say the same, one keeps its own."""
    said: dict[str, Any] = {}
    for key, value in record.items():
        field = EVENT_KEYS.get(fold_key(key), key)
        said[key if field in said or (field in record and field != key) else field] = value
    return said


PERFORMER_KEYS = _table(
    {
        "name": "full_name speaker display_name",
        "first_name": "given_name given_names forename",
        "last_name": "family_name surname",
        "honorific": "prefix salutation honorific_prefix",
        "role": "position job_title function job",
        "title": "",  # "Dr." or "Head of Research"
        "organization": "organisation affiliation company institution org employer",
        "email": "mail e_mail email_address",
        "image": "picture photo portrait image_url",
        "kind": "type part",
    },
    Performer,
)
PICTURE_KEYS = _table(
    {
        "url": "content_url href src address link uri",
        "alt": "caption text alt_text alternative_text description name title",
        "type": "",  # ImageObject
    },
    Picture,
)
ORGANIZER_KEYS = _table(
    {"name": "organization organisation title full_name", "acronym": "abbreviation short_name short"},
    Organizer,
)
ATTACHMENT_KEYS = _table(
    {
        "title": "name label text caption",
        "kind": "type",
        "url": "href link address src uri",
        "visibility": "access audience",
        "state": "status",
        "groups": "group",
        "title_shown": "show_title",
        "size": "bytes",
        "dated": "date",
    },
    Attachment,
)
DISPLAY_TIME_KEYS = _table(
    {"label": "name city", "timezone": "tz time_zone zone", "start": "begin", "end": "until"}, DisplayTime
)
NOTE_KEYS = _table({}, ReviewNote)

PEOPLE_KINDS = ("moderator", "chair", "opening", "closing", "interpreter")  # keys of an event that say a kind
KINDS = _table(
    {
        "speaker": "panelist panellist presenter lecturer keynote keynote_speaker performer",
        "moderator": "facilitator moderators",
        "chair": "chairperson",
        "opening": "opening_remarks",
        "closing": "closing_remarks",
        "interpreter": "",
    }
)
STATUSES = _table(
    {
        "scheduled": "confirmed planned event_scheduled",
        "cancelled": "canceled event_cancelled event_canceled",
        "postponed": "event_postponed",
        "rescheduled": "moved event_rescheduled",
    }
)
CONSENTS = _table({"record": "yes true", "do_not_record": "no false", "ask": ""})
ADVICE = {  # keys that are known, and say nothing that an event has
    "host": "write organizers for who holds the event, or account for the Zoom account",
    "hosts": "write organizers for who holds the event, or account for the Zoom account",
    "recording": "write consent: do_not_record, or an attachment of kind recording",
    "all_day": "write the times of the start and the end",
    "draft": "write visibility: draft, or leave it out",
    "author": "write performers for those who speak, or leave it out",
    "authors": "write performers for those who speak, or leave it out",
    "url": "write a page or document under attachments; the service makes the webinar and its join link itself",
    "website": "write it under attachments, with a title and its url",
    "join_url": "leave it out: the service makes the webinar and its join link itself",
    "join_link": "leave it out: the service makes the webinar and its join link itself",
    "zoom_link": "leave it out: the service makes the webinar and its join link itself",
    "meeting_id": "leave it out: the service makes the webinar itself",
    "webinar_id": "leave it out: zoom-ops events adopt binds an event to a webinar that exists",
    "passcode": "leave it out: the service makes the webinar itself",
    "password": "leave it out: the service makes the webinar itself",
    "guests": "write performers for those who speak",
    "people": "write performers for those who speak",
    "dates": "write one event for each date",
    "recurrence": "write one event for each date, or import the calendar (.ics)",
    "rrule": "write one event for each date, or import the calendar (.ics)",
}
