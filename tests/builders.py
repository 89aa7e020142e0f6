"""The cast of all tests, at example.org, with builders that have safe defaults.

A test names only the fields that matter to it: `an_event(status="cancelled")` is the event of the cast, changed in one
field. The events are later than NOW, and many years later than the real time.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from zoom_ops.engine.runs import Run, Subject
from zoom_ops.events import Attachment, DisplayTime, Event, Organizer, Performer, Publication, ReviewNote
from zoom_ops.planning import Booking, Bound, HostOnOffer, Observed, ObservedRecording, ObservedSeat
from zoom_ops.planning.base import Fields
from zoom_ops.planning.desired import desired_fields, desired_seats
from zoom_ops.profiles import Profile
from zoom_ops.store.audit import Actor
from zoom_ops.webinars import Host, Panelist, Recording, RecordingFile, Webinar, WebinarDraft

NOW = datetime(2040, 1, 24, 12, 0, tzinfo=UTC)
START = datetime(2040, 1, 31, 13, 30, tzinfo=UTC)
END = datetime(2040, 1, 31, 14, 45, tzinfo=UTC)

ACCOUNT = "main"
HOST = "webinars@example.org"
OTHER_HOST = "studio@example.org"
INSTALLATION = "test"
BASE_URL = "https://events.example.org"
EVENT_ID = "harbour-talks-tides-of-tomorrow"
WEBINAR_ID = 81234567890
UUID = "4y5M2wqRTk6kGmWZ/Xh0vQ=="  # with a slash, as some of Zoom's have

AMARA = Performer(
    kind="moderator", honorific="Dr", name="Amara Diallo", role="Director", organization="Harbour Institute",
    email="amara.diallo@example.org",
)  # fmt: skip
JONAS = Performer(
    kind="speaker", honorific="Prof.", name="Jonas Lindqvist", role="Professor of Oceanography",
    organization="University of the Sound", email="jonas.lindqvist@example.org",
)  # fmt: skip
MEI = Performer(
    kind="speaker", honorific="Ms", name="Mei-Ling Chen", role="Engineer", organization="Tidal Works, Ltd.",
    email="mei-ling.chen@example.org",
)  # fmt: skip
TOMAS = Performer(
    kind="interpreter", name="Tomás Herrera", role="English-Spanish", organization="Interpreters' Guild",
    email="tomas.herrera@example.org",
)  # fmt: skip
YUSUF = Performer(kind="opening", honorific="Mr", name="Yusuf Demir", role="Mayor", organization="City of Alder Bay")
"""A person without an e-mail address."""
AN_OPERATOR = Actor(name="an operator")

HARBOUR_INSTITUTE = Organizer(name="Harbour Institute", acronym="HI")
RECORDING_EXPECTED = Attachment(title="Recording", kind="recording", state="expected")
AGENDA = Attachment(title="Agenda", url="https://example.org/agenda.pdf")
SLIDES = Attachment(title="Slides", kind="slides", url="https://example.org/slides.pdf", visibility="members")


def an_event(**changes: Any) -> Event:
    """Build the event of the cast: a webinar in a week, with two panelists and an expected recording."""
    event = {
        "id": EVENT_ID,
        "name": "Tides of Tomorrow",
        "series": "Harbour Talks",
        "description": "How ports adapt to a rising sea.",
        "start": START,
        "end": END,
        "timezone": "America/New_York",
        "display_times": (
            DisplayTime(label="New York time", timezone="America/New_York",
                        start="2040-01-31T08:30", end="2040-01-31T09:45"),
            DisplayTime(label="Geneva time", timezone="Europe/Zurich",
                        start="2040-01-31T14:30", end="2040-01-31T15:45"),
        ),
        "organizers": (HARBOUR_INSTITUTE,),
        "performers": (AMARA, JONAS),
        "attachments": (AGENDA, RECORDING_EXPECTED),
    }  # fmt: skip
    return Event.model_validate(event | changes)


def a_performer(**changes: Any) -> Performer:
    """Build a speaker with an e-mail address."""
    return Performer.model_validate(JONAS.model_dump() | changes)


def an_attachment(**changes: Any) -> Attachment:
    """Build the attachment of an expected recording."""
    return Attachment.model_validate(RECORDING_EXPECTED.model_dump() | changes)


def a_note(**changes: Any) -> ReviewNote:
    """Build a review note that does not block the webinar."""
    note = {"field": "performers", "line": 7, "text": "Member States", "reason": "This is perhaps not a person."}
    return ReviewNote.model_validate(note | changes)


def a_profile(**changes: Any) -> Profile:
    """Build the profile of the cast: cloud recording, questions and answers."""
    settings = (
        ("approval_type", 2),
        ("auto_recording", "cloud"),
        ("practice_session", True),
        ("question_and_answer.enable", True),
    )
    return Profile(**{"name": "default", "settings": settings} | changes)


def some_fields(event: Event | None = None, profile: Profile | None = None) -> Fields:
    """Compute the desired fields of an event's webinar."""
    return desired_fields(event or an_event(), profile or a_profile(), INSTALLATION)


def a_bound(**changes: Any) -> Bound:
    """Build the event's webinar as the planner sees it: created by us, with every field as desired."""
    fields = some_fields()
    bound = {"webinar_id": WEBINAR_ID, "host": HOST, "state": "bound", "origin": "created"}
    return Bound(**bound | {"known": fields, "asked": fields} | changes)


def some_seats(event: Event | None = None, **changes: Any) -> tuple[ObservedSeat, ...]:
    """List the seats of the people whom an event names."""
    desired = desired_seats(event or an_event(), a_profile())
    return tuple(ObservedSeat(**{"email": seat.email, "name": seat.name} | changes) for seat in desired)


def a_host_on_offer(**changes: Any) -> HostOnOffer:
    """Build a licensed host with no creates or updates today."""
    return HostOnOffer(**{"email": HOST} | changes)


def a_booking(**changes: Any) -> Booking:
    """Build a booking of the host by another event, at the same time as the event of the cast."""
    return Booking(**{"event": "harbour-talks-deep-water", "host": HOST, "start": START, "end": END} | changes)


def an_observed(**changes: Any) -> Observed:
    """Build the observed state of an event without a webinar whose host is free."""
    observed = {
        "installation": INSTALLATION,
        "account": ACCOUNT,
        "hosts": (a_host_on_offer(),),
        "recording_address": f"{BASE_URL}/events/{EVENT_ID}/recording",
    }
    return Observed(**observed | changes)


def an_observed_webinar(**changes: Any) -> Observed:
    """Build the observed state of an event whose webinar exists with all panelists: nothing is left to do."""
    return an_observed(**{"bound": a_bound(), "seats": some_seats()} | changes)


def a_recording_seen(**changes: Any) -> ObservedRecording:
    """Build the observed recording of the event, ready to be published."""
    return ObservedRecording(**{"uuid": UUID, "start": START, "duration": 75, "state": "completed"} | changes)


def a_publication(**changes: Any) -> Publication:
    """Build the publication of that recording at the event record."""
    publication = {
        "recording_uuid": UUID,
        "title": "Recording",
        "url": f"{BASE_URL}/events/{EVENT_ID}/recording",
        "visibility": "public",
        "state": "published",
        "start": START,
        "duration": 75,
        "published_at": END + timedelta(hours=3),
    }
    return Publication.model_validate(publication | changes)


def a_draft(**changes: Any) -> WebinarDraft:
    """Build a request for a new webinar."""
    draft = {"topic": "Tides of Tomorrow", "agenda": "How ports adapt.", "start": START, "duration": 75,
             "timezone": "America/New_York", "settings": (("auto_recording", "cloud"),)}  # fmt: skip
    return WebinarDraft(**draft | changes)


def a_webinar(**changes: Any) -> Webinar:
    """Build the event's webinar as Zoom returns it."""
    webinar = {
        "account": ACCOUNT,
        "host": HOST,
        "id": WEBINAR_ID,
        "uuid": "m3WqMkvuRXyYqH+eKWhk9w==",
        "topic": "Tides of Tomorrow",
        "agenda": f"How ports adapt to a rising sea.\n\nReference: zoom_ops/{INSTALLATION}/{EVENT_ID}",
        "start": START,
        "duration": 75,
        "timezone": "America/New_York",
        "settings": (("auto_recording", "cloud"), ("question_and_answer.enable", True)),
        "join_url": f"https://zoom.example.org/j/{WEBINAR_ID}",
        "passcode": "tidewater",
        "created_at": NOW,
    }
    return Webinar(**webinar | changes)


def a_panelist(**changes: Any) -> Panelist:
    """Build a panelist as Zoom returns it, with a personal join link."""
    panelist = {"email": JONAS.email, "name": JONAS.name, "id": "panelist-jonas",
                "join_url": "https://zoom.example.org/w/1?tk=jonas-secret"}  # fmt: skip
    return Panelist(**panelist | changes)


def a_host(**changes: Any) -> Host:
    """Build a host as Zoom returns it."""
    return Host(**{"email": HOST, "id": "KDcuGIm1QgePTO8WbOqwIQ", "licensed": True, "capacity": 1000} | changes)


def a_recording_file(**changes: Any) -> RecordingFile:
    """Build the video file of a recording."""
    file = {
        "id": "35497738-9fef-4f8a-97db-0ec34caef065",
        "file_type": "MP4",
        "recording_type": "shared_screen_with_speaker_view",
        "extension": "MP4",
        "size": 246_560_000,
        "status": "completed",
        "start": START,
        "end": END,
        "play_url": "https://zoom.example.org/rec/play/film",
        "download_url": "https://zoom.example.org/rec/download/film",
    }
    return RecordingFile(**file | changes)


def a_recording(**changes: Any) -> Recording:
    """Build the recording of the event as Zoom returns it."""
    recording = {
        "uuid": UUID,
        "webinar_id": WEBINAR_ID,
        "type": 5,
        "topic": "Tides of Tomorrow",
        "start": START,
        "duration": 75,
        "share_url": "https://zoom.example.org/rec/share/film",
        "passcode": "k+Y2w&q!",
        "play_passcode": "encoded-play-passcode",
        "files": (a_recording_file(),),
    }
    return Recording(**recording | changes)


def a_subject(**changes: Any) -> Subject:
    """Build the subject of a run: the event of the cast."""
    return Subject(**{"kind": "event", "id": EVENT_ID} | changes)


def a_run(**changes: Any) -> Run:
    """Build a run whose first attempt is under way."""
    run = {
        "id": 1,
        "job": "create_webinars",
        "subject": a_subject(),
        "account": ACCOUNT,
        "state": "active",
        "fence": 1,
        "attempts": 1,
        "failures": 0,
        "rung": 1,
        "answered": 1,
        "force": False,
        "waiting": False,
        "next_at": NOW,
        "started": NOW,
        "created": NOW,
        "finished": None,
        "outcome": None,
        "error": None,
    }
    return Run(**run | changes)
