"""The view of an event page, computed from what the reader may see at a moment."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from ...access import Shown, shown_json
from ...events import Event
from ...operations.views.standing import Phase, next_update, phase_of
from ...pictures import SMALL
from ..feeds.calendar_links import CalendarLink, link_calendars
from ..i18n.language import Language
from ..return_path import sign_in_path
from .attachments import Entry, list_entries
from .people import Group, group_performers, list_interpretation
from .primary_action import Action, make_action
from .times import TimeRow, list_times

_TO_COME = ("calendar", "register", "join", "invited")  # actions that a calendar is offered with


@dataclass(frozen=True, kw_only=True)
class Banner:
    """The notice that an event is cancelled, postponed or rescheduled."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class EventPicture:
    """The picture of an event, in two sizes."""

    address: str
    small: str
    width: int  # pixels
    height: int
    small_width: int
    text: str  # its alternative text; empty for decoration


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """Everything that the page of an event shows."""

    event: Event
    banner: Banner | None
    picture: EventPicture | None
    phase: Phase
    now: str | None  # the text that it takes place now: "Live now" if Zoom reported the start
    action: Action
    calendars: tuple[CalendarLink, ...]  # on the web, beside its calendar file; empty if it is offered for none
    times: tuple[TimeRow, ...]
    interpretation: tuple[str, ...]  # the languages
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    sign_in: str | None  # the path where a visitor signs in to open what is locked
    news: str  # the state of the event in a sentence, for screen readers when it changes
    version: str
    updates_at: datetime | None  # when the page changes by the clock alone

    @property
    def is_on(self) -> bool:
        """Whether the event takes place at its stated time."""
        return self.event.status in ("scheduled", "rescheduled")


def view_event(shown: Shown, base_url: str, now: datetime, language: Language) -> EventPage:
    """Build the view of an event's page."""
    event, banner, phase = shown.event, _make_banner(shown.event, language), phase_of(shown, now)
    action = make_action(shown, base_url, now, language)
    entries, is_visitor = list_entries(shown, base_url, now, language), shown.reader.role == "visitor"
    happens = language.say("Live now") if shown.live_status.live else language.say("Happening now")
    return EventPage(
        event=event,
        banner=banner,
        picture=_show_picture(event),
        phase=phase,
        now=happens if phase == "live" and event.status not in ("cancelled", "postponed") else None,
        action=action,
        calendars=link_calendars(event, base_url) if _belongs_in_a_calendar(event, phase, action) else (),
        times=list_times(event, language),
        interpretation=list_interpretation(event, language),
        groups=group_performers(event.performers, language),
        entries=entries,
        sign_in=sign_in_path(f"/events/{event.id}#links") if is_visitor and any(e.locked for e in entries) else None,
        news=_say_news(shown, phase, banner, language),
        version=version_of(shown),
        updates_at=next_update(shown, now),
    )


def version_of(shown: Shown) -> str:
    """Return a digest of what a reader may see of an event. It changes only when that changes."""
    content = [shown_json(shown), asdict(shown.live_status)]
    return sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:20]


def _belongs_in_a_calendar(event: Event, phase: Phase, action: Action) -> bool:
    return event.visibility != "draft" and phase != "ended" and action.kind in _TO_COME


def _make_banner(event: Event, language: Language) -> Banner | None:
    say = language.say
    if event.status == "cancelled":
        return Banner(kind="cancelled", title=say("Cancelled"), text=say("This event has been cancelled."))
    if event.status == "postponed":
        sentence = say("This event has been postponed. Its new date will be shown here.")
        return Banner(kind="postponed", title=say("Postponed"), text=sentence)
    if event.status != "rescheduled":
        return None
    sentence = say("This event takes place at another time than first announced.")
    if event.previous_start is not None:
        before = language.write_moment(event.previous_start, event.timezone)
        sentence = say("This event was first announced for %(moment)s.", moment=before)
    return Banner(kind="rescheduled", title=say("Rescheduled"), text=sentence)


def _show_picture(event: Event) -> EventPicture | None:
    image = event.image
    if image is None:
        return None
    address = f"/events/{event.id}/pictures/{image.digest}"
    return EventPicture(
        address=f"{address}.jpg",
        small=f"{address}-small.jpg",
        width=image.width,
        height=image.height,
        small_width=round(image.width * min(1, SMALL / max(image.width, image.height, 1))),
        text=image.alt,
    )


def _say_news(shown: Shown, phase: Phase, banner: Banner | None, language: Language) -> str:
    if shown.recordings:
        return language.say("The recording is available.")
    if banner and banner.kind != "rescheduled":
        return banner.text
    if phase == "live":
        return language.say("The event is taking place now.")
    return language.say("This event has ended.") if phase == "ended" else banner.text if banner else ""
