"""Every page in every state, for the accessibility checks, the screenshots and the eye."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.builders import (
    AGENDA,
    AMARA,
    END,
    HARBOUR_INSTITUTE,
    JONAS,
    MEI,
    NOW,
    RECORDING_EXPECTED,
    SLIDES,
    START,
    TOMAS,
    YUSUF,
    a_publication,
    a_recording,
    an_event,
)
from tests.integration.picture_host import a_picture
from tests.web_site import Site
from zoom_ops.events import Attachment, DisplayTime, Event, Organizer, Performer, Picture, Portrait, make_slug
from zoom_ops.pictures import KeptPicture
from zoom_ops.pictures.reencode import read_picture
from zoom_ops.store.pictures.kept import save_picture
from zoom_ops.webinars import Sharing

DESCRIPTION = """\
Sea levels along the coast have risen faster in the last ten years than in the thirty before them, and the ports that \
carry most of the world's trade were built for a shore that is no longer there. What does it take to keep them open?

This talk brings together those who measure the tides, those who build against them, and those who have to decide. It \
looks at three harbours that took different ways, and at what each of them would do again:

• Alder Bay raised its quays, at twice the price that was planned
• the Sound moved its terminals inland
• the Delta lets the water in

Questions are welcome from the beginning. Papers: https://example.org/tides-of-tomorrow.
"""
NEAR = {"start": NOW + timedelta(minutes=10), "end": NOW + timedelta(minutes=85)}
LIVE = {"start": NOW - timedelta(minutes=20), "end": NOW + timedelta(minutes=55)}
HELD = {"start": NOW - timedelta(days=2), "end": NOW - timedelta(days=2) + timedelta(minutes=75)}
LONG_NAME = (
    "Strengthening the partnerships of ports, coastal cities and maritime training institutions for an equitable, "
    "resilient and nature-based adaptation to the rising sea: a consultation with member states, the private sector, "
    "civil society and the technical community"
)
DUTCH_GUILD = Organizer(name="International Guild of Hydraulic Engineers and Dredging Contractors", acronym="IGHEDC")
SLIDES_LOCKED = SLIDES.model_copy(update={"title_shown": True, "size": 4_300_000})
RECORDING_LOCKED = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": True})
MANY_LINKS = (
    AGENDA.model_copy(update={"kind": "file", "size": 184_000, "dated": date(2040, 1, 12)}),
    Attachment(title="Registration desk", url="https://example.org/register"),
    Attachment(title="Slides by Jonas Lindqvist", kind="slides", state="expected"),
    Attachment(title="Transcript", kind="transcript", url="https://example.org/transcript.txt", state="withdrawn"),
    RECORDING_EXPECTED,
    SLIDES,
)
MARKUP = (
    '<h1>Why now</h1><p>The <b>third</b> talk of the year, see <a href="https://example.org/series">the series</a>.</p>'
    "<ol><li>Measure<li>Build<li>Decide</ol><blockquote>Nobody moves a harbour twice.</blockquote>"
)


WHOLE: dict[str, Any] = {
    "description": DESCRIPTION,
    "organizers": (HARBOUR_INSTITUTE, DUTCH_GUILD),
    "performers": (AMARA, JONAS, MEI, YUSUF),
    "venue": "Zoom (webinar)",
    "attachments_note": "Please note some attachments are only available to members of the institute.",
}


@cache
def quay() -> KeptPicture:
    """Return the picture of an event."""
    return read_picture(a_picture("teal", 900, 500), "picture")


@cache
def face() -> KeptPicture:
    """Return the portrait of a person."""
    return read_picture(a_picture("peru", 300, 400), "portrait")


def pictured(person: Performer) -> Performer:
    """Return a person with a portrait."""
    return person.model_copy(update={"image": Portrait(digest=face().digest)})


def an_arabic_event(**changes: Any) -> Event:
    """Build an event in Arabic, written from right to left."""
    event = {
        "language": "ar",
        "name": "المد والجزر غدا: كيف تتكيف الموانئ مع ارتفاع مستوى سطح البحر",
        "series": "أحاديث الميناء",
        "description": "كيف تتكيف الموانئ مع ارتفاع مستوى سطح البحر؟\n\n• القياس\n• البناء\n• القرار",
        "organizers": (Organizer(name="معهد الميناء", acronym="HI"),),
        "performers": (
            Performer(
                kind="moderator", honorific="د.", name="أمارا ديالو", role="المديرة", organization="معهد الميناء"
            ),
        ),
        "display_times": (
            DisplayTime(
                label="بتوقيت القاهرة", timezone="Africa/Cairo", start="2040-01-31T15:30", end="2040-01-31T16:45"
            ),
        ),
        "timezone": "Africa/Cairo",
    }
    return an_event(**event | changes)


def iter_states() -> Iterator[tuple[str, Event]]:
    """Yield the name and the event of each state of the event page."""
    crowd = tuple(
        person.model_copy(update={"kind": "speaker", "email": None})
        for _ in range(10)
        for person in (AMARA, JONAS, MEI, YUSUF)
    )
    states: dict[str, dict[str, Any]] = {
        "upcoming": {},
        "registration": {},
        "soon": {"start": NOW + timedelta(hours=3, minutes=20), "end": NOW + timedelta(hours=4, minutes=35)},
        "joinable": {"start": NOW + timedelta(minutes=10), "end": NOW + timedelta(minutes=85)},
        "joinable-members": {
            "start": NOW + timedelta(minutes=10),
            "end": NOW + timedelta(hours=1),
            "profile": "members",
        },
        "live": LIVE,
        "invited": {**LIVE, "profile": "invitation"},
        "due": {"start": NOW - timedelta(minutes=90), "end": NOW - timedelta(minutes=15)},
        "expected": HELD,
        "ended": {**HELD, "attachments": (AGENDA,)},
        "unrecorded": {"consent": "do_not_record"},
        "published": HELD,
        "parts": HELD,
        "passcode": HELD,
        "restricted": HELD,
        "members-only": {**HELD, "attachments": (AGENDA, SLIDES_LOCKED, RECORDING_LOCKED)},
        "cancelled": {"status": "cancelled"},
        "postponed": {"status": "postponed"},
        "rescheduled": {"status": "rescheduled", "previous_start": START - timedelta(days=7)},
        "one-speaker": {"performers": (JONAS,), "description": "", "attachments": (), "attachments_note": None},
        "forty-speakers": {"performers": crowd, "name": LONG_NAME},
        "groups": {
            "performers": (AMARA, YUSUF, pictured(JONAS), MEI, TOMAS),
            "attachments": MANY_LINKS,
            "image": Picture(digest=quay().digest, width=900, height=500, alt="A quay at low water"),
        },
        "markup": {"description": MARKUP, "series": None, "organizers": ()},
        "nothing": {
            "performers": (),
            "description": "",
            "attachments": (),
            "organizers": (),
            "series": None,
            "attachments_note": None,
            "venue": None,
        },
        "overnight": {"start": START + timedelta(hours=12), "end": END + timedelta(hours=14)},
    }
    for name, changes in states.items():
        yield name, an_event(**WHOLE | changes | {"id": name})
    yield "arabic", an_arabic_event(id="arabic", image=Picture(digest=quay().digest, width=900, height=500))


def fill(site: Site) -> dict[str, str]:
    """Write every state into a site; return the path of each page by name."""
    events = dict(iter_states())
    with site.database.begin() as connection:
        for picture in (quay(), face()):
            save_picture(connection, picture, NOW)
    site.save(*events.values())
    for name in ("joinable", "joinable-members", "live", "invited", "due"):
        site.bind(events[name])
    site.bind(events["registration"], registration_url="https://zoom.example.org/webinar/register/tides")
    site.tell(events["live"], "webinar_started", started_at=events["live"].start)
    _publish(site, events["published"])
    _publish(site, events["parts"], title="Recording, part 1")
    _publish(site, events["parts"], title="Recording, part 2", part=2, minutes=18)
    _publish(site, events["passcode"], play_passcode=None)
    _publish(site, events["restricted"])
    site.share("restricted-1", Sharing(shared="publicly", sign_in=True, needs_passcode=True))
    _publish(site, events["members-only"], visibility="members")
    pages = {name: f"/events/{name}" for name in events}
    return pages | {
        "passcode": "/events/passcode/recording",
        "card": "/events/soon/embed",
        "card-published": "/events/parts/embed",
        "card-arabic": "/events/arabic/embed",
        "programme": "/",
        "search": "/?q=tides&series=harbour-talks&has=recording",
        "search-nothing": "/?q=whales&language=fr&year=2040",
        "search-arabic": "/?q=الموانئ",
        "series": "/series/harbour-talks",
        "series-arabic": f"/series/{make_slug(an_arabic_event().series)}",
        "not-found": "/events/not-found",
        "sign-in": "/sign-in",
    }


def in_language(path: str, code: str) -> str:
    """Return the path of a page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={code}"


def _publish(site: Site, event: Event, *, part: int = 1, minutes: int = 75, **changes: Any) -> None:
    of_recording = {name: changes.pop(name) for name in ("play_passcode",) if name in changes}
    uuid, suffix = f"{event.id}-{part}", f"?part={part}" if part > 1 else ""
    publication = a_publication(
        recording_uuid=uuid,
        part=part,
        url=f"{site.services.base_url}/events/{event.id}/recording{suffix}",
        **changes,
    )
    recording = a_recording(uuid=uuid, start=event.start, duration=minutes, **of_recording)
    site.publish(event, publication, recording)
