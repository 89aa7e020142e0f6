"""The primary action of an event page: its text, its buttons."""

from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from ...access import Shown
from ...events import Publication
from ...operations.views.standing import JOIN_OPENS, PrimaryAction, choose_action
from ..i18n.language import Language
from ..return_path import sign_in_path
from .attachments import local_address, say_title, write_recording
from .times import write_time


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button of the action; a recording in several parts has one for each part."""

    address: str
    label: str
    icon: str
    title: str | None = None  # of the part
    named_by_us: bool = False  # its title is in the page's language, not in the event's
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action:
    """The primary action, with buttons and a text. Both are empty if there is nothing to do."""

    kind: str
    buttons: tuple[Button, ...] = ()
    text: str | Markup = ""


def make_action(shown: Shown, base_url: str, now: datetime, language: Language) -> Action:
    """Build the action that the reader can take now."""
    primary = choose_action(shown, now)
    if primary.kind == "watch":
        return _lock_recording(shown, language) if primary.locked else _offer_recordings(shown, base_url, language)
    if primary.locked:
        return _ask_to_sign_in(shown, primary, language)
    text = _explain(shown, primary, language)
    button = _button(shown, primary, language)
    return Action(kind=primary.kind, buttons=(button,) if button else (), text=text)


def _offer_recordings(shown: Shown, base_url: str, language: Language) -> Action:
    buttons = tuple(
        Button(
            address=local_address(recording.url, base_url),
            label=language.say("Watch recording"),
            icon="play",
            facts=write_recording(recording, shown.event.timezone, language),
        )
        for recording in shown.recordings
    )
    if len(buttons) > 1:
        named = zip(buttons, shown.recordings, strict=True)
        buttons = tuple(_name_part(button, recording, language) for button, recording in named)
    restricted = any(recording.visibility == "members" for recording in shown.recordings)
    return Action(
        kind="watch", buttons=buttons, text=language.say("The recording is for members.") if restricted else ""
    )


def _name_part(button: Button, publication: Publication, language: Language) -> Button:
    ours = say_title(publication.title, language)
    label = language.say("Watch part %(number)s", number=language.write_number(publication.part))
    return replace(button, label=label, title=ours or publication.title, named_by_us=ours is not None)


def _lock_recording(shown: Shown, language: Language) -> Action:
    if shown.reader.role != "visitor":
        return Action(kind="locked", text=language.say("The recording is for other members."))
    address = sign_in_path(f"/events/{shown.event.id}/recording")
    button = Button(address=address, label=language.say("Sign in to watch"), icon="lock")
    return Action(kind="watch", buttons=(button,), text=language.say("The recording is for members."))


def _ask_to_sign_in(shown: Shown, primary: PrimaryAction, language: Language) -> Action:
    label = language.say("Sign in to join") if primary.kind == "join" else language.say("Sign in to register")
    button = Button(address=sign_in_path(f"/events/{shown.event.id}/join"), label=label, icon="lock")
    return Action(kind=primary.kind, buttons=(button,), text=language.say("This event is for members."))


def _button(shown: Shown, primary: PrimaryAction, language: Language) -> Button | None:
    page = f"/events/{shown.event.id}"
    buttons = {
        "register": Button(address=f"{page}/join", label=language.say("Register"), icon="ticket"),
        "join": Button(address=f"{page}/join", label=language.say("Join now"), icon="camera"),
        "calendar": Button(address=f"{page}.ics", label=language.say("Add to calendar"), icon="calendar"),
    }
    return buttons.get(primary.kind)


def _explain(shown: Shown, primary: PrimaryAction, language: Language) -> str | Markup:
    match primary.kind:
        case "register":
            return language.say("You will be sent your own link to join.")
        case "join":
            return language.say("It opens in Zoom.")
        case "invited":
            return language.say("Join with the link that you were sent.")
        case "calendar" if shown.live_status.entrance == "join":
            before = language.write_duration(int(JOIN_OPENS.total_seconds() // 60))
            return language.say("The way to join appears here %(duration)s before the start.", duration=before)
        case "expected" if primary.due:
            moment = write_time(primary.due, shown.event.timezone, language)
            return language.say("Recording expected by %(moment)s", moment=moment)
        case "expected":
            return language.say("The recording is being prepared and will appear here.")
        case "ended":
            return language.say("This event has ended.")
        case _:
            return ""
