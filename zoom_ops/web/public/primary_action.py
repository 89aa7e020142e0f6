"""The primary action of an event page: its text, its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import Markup

from ...access import Shown
from ...events import Publication
from ...operations.views.standing import JOIN_OPENS, PrimaryAction, choose_action
from ..i18n.language import Language
from ..return_path import sign_in_path
from .attachments import local_address, say_title, write_recording

_TIME = Markup('<time datetime="{}" data-moment="{}">{}</time>')  # the page's script rewrites it in the visitor's zone


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
    sign_in: str | None = None  # the path where a visitor signs in, if members can do more and no button leads there


def make_action(shown: Shown, base_url: str, now: datetime, language: Language) -> Action:
    """Build the action that the reader can take now."""
    primary, page = choose_action(shown, now), f"/events/{shown.event.id}"
    if primary.kind == "watch" and not primary.locked:
        return _offer_recordings(shown, base_url, language)
    if primary.kind == "watch" and shown.reader.role != "visitor":
        return Action(kind="locked", text=language.say("The recording is for other members."))
    if primary.kind == "watch":
        address, label = sign_in_path(f"{page}/recording"), language.say("Sign in to watch")
        button = Button(address=address, label=label, icon="lock")
        return Action(kind="watch", buttons=(button,), text=language.say("The recording is for members."))
    if primary.locked:
        label = language.say("Sign in to join") if primary.kind == "join" else language.say("Sign in to register")
        button = Button(address=sign_in_path(f"{page}/join"), label=label, icon="lock")
        return Action(kind=primary.kind, buttons=(button,), text=language.say("This event is for members."))
    buttons = {
        "register": (Button(address=f"{page}/join", label=language.say("Register"), icon="ticket"),),
        "join": (Button(address=f"{page}/join", label=language.say("Join now"), icon="camera"),),
        "calendar": (Button(address=f"{page}.ics", label=language.say("Add to calendar"), icon="calendar"),),
    }
    offered, text = buttons.get(primary.kind, ()), _explain(shown, primary, language)
    if primary.kind == "calendar" and _joins_as_member(shown):
        text = language.say("This event is for members.")
        return Action(kind=primary.kind, buttons=offered, text=text, sign_in=sign_in_path(page))
    return Action(kind=primary.kind, buttons=offered, text=text)


def _joins_as_member(shown: Shown) -> bool:
    """Return whether a visitor will be able to join only after sign-in."""
    status = shown.live_status
    return shown.reader.role == "visitor" and status.entrance == "join" and not shown.reader.may_open(status)


def _offer_recordings(shown: Shown, base_url: str, language: Language) -> Action:
    buttons = []
    for recording in shown.recordings:
        button = Button(
            address=local_address(recording.url, base_url),
            label=language.say("Watch recording"),
            icon="play",
            facts=write_recording(recording, shown.event.timezone, language),
        )
        if len(shown.recordings) > 1:
            ours = say_title(recording.title, language)
            label = language.say("Watch part %(number)s", number=language.write_number(recording.part))
            button = replace(button, label=label, title=ours or recording.title, named_by_us=ours is not None)
        buttons.append(button)
    restricted = any(recording.visibility == "members" for recording in shown.recordings)
    for_whom = language.say("The recording is for members.") if restricted else ""
    text = " ".join(filter(None, (_sum_parts(shown.recordings, language), for_whom)))
    return Action(kind="watch", buttons=tuple(buttons), text=text)


def _sum_parts(recordings: Sequence[Publication], language: Language) -> str:
    """Return the whole length of a recording in parts; empty if it has one, or if a length is unknown."""
    if len(recordings) < 2 or not all(recording.duration for recording in recordings):
        return ""
    whole = language.write_duration(sum(recording.duration for recording in recordings))
    return language.say("All parts together: %(duration)s", duration=whole)


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
            instant = primary.due.astimezone(UTC).isoformat(timespec="seconds")
            own = language.join_day("{day}", "{hours}")
            moment = _TIME.format(instant, own, language.write_moment(primary.due, shown.event.timezone))
            return language.say("Recording expected by %(moment)s", moment=moment)
        case "expected":
            return language.say("The recording is being prepared and will appear here.")
        case "ended":
            return language.say("This event has ended.")
        case _:
            return ""
