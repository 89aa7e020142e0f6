"""A programme full of restricted content: each piece holds a word of its own and names who may read it."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.builders import (
    AGENDA,
    AMARA,
    JONAS,
    NOW,
    RECORDING_EXPECTED,
    a_panelist,
    a_publication,
    a_recording,
    a_recording_file,
    an_attachment,
    an_event,
)
from tests.integration.memory_home import MemoryHome, add_home
from tests.integration.service import WEBHOOK_SECRET, Service
from tests.leaks import Secret, find_leaks
from tests.web_site import Site
from zoom_ops.events import Attachment, Event, Picture, ReviewNote
from zoom_ops.homes import Shown
from zoom_ops.link_keys import with_key
from zoom_ops.operations.events.decisions import withhold_recording
from zoom_ops.operations.reconcile.linked import link_json
from zoom_ops.operations.reconcile.member_keys import MemberKeys
from zoom_ops.pictures import KeptPicture
from zoom_ops.store.address_book import ContactRow, save_contact
from zoom_ops.store.audit import Actor
from zoom_ops.store.homes.entries import save_entry
from zoom_ops.store.pictures.kept import save_picture
from zoom_ops.store.recordings import save_recording
from zoom_ops.store.webinars import seat_panelists

GROUP, OTHER_GROUP = "Pilots", "Anglers"
HELD = {"start": NOW - timedelta(days=2), "end": NOW - timedelta(days=2) + timedelta(minutes=75)}
LIVE = {"start": NOW - timedelta(minutes=20), "end": NOW + timedelta(minutes=55)}

MEMBERS = ("member", "member of another group", "member of the group", "author")
PILOTS = ("member of the group",)
READ, WATCH = "page|JSON twin", "recording"
KEYED = "members-film"  # to the first part of its recording somebody holds the key of a link for members
BY_KEY = "holder of a key: recording"
OPERATORS = ("operator: .*", "token that sees all: API")
TOLD_OPERATORS = ("operator: (console|API)", "token that sees all: API")  # in the history of an event


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Restricted content: a word in it, and the places where it may appear."""

    name: str
    text: str
    places: tuple[str, ...]  # patterns of "reader: surface"; the text must appear in each of them

    def leaks(self, answers: dict[str, bytes]) -> list[str]:
        """List where the text appears without permission: reader, surface and request."""
        closed = {content: where for where, content in answers.items() if not self._may_appear(where)}  # each body once
        hits = find_leaks([Secret(text=self.text)], {where: content for content, where in closed.items()})
        return sorted({f"{self.name}: {where}" for where, _, _ in hits})

    def missing(self, answers: dict[str, bytes]) -> list[str]:
        """List the places that lack the text though they should have it. There the search would be blind."""
        return [f"{self.name}: {place}" for place in self.places if not self._appears_in(place, answers)]

    def _may_appear(self, where: str) -> bool:
        return bool(self.places and re.match(f"(?:{'|'.join(self.places)}): ", where))

    def _appears_in(self, place: str, answers: dict[str, bytes]) -> bool:
        return any(self.text.encode() in content for where, content in answers.items() if re.match(f"{place}: ", where))


def word(name: str) -> str:
    """Return the word of a piece: letters only, so that no escaping changes it."""
    return f"zq{re.sub('[^a-z]', '', name)}zq"


def for_members(surfaces: str, readers: tuple[str, ...] = MEMBERS) -> tuple[str, ...]:
    """Return the places where these members and operators find a piece."""
    of_operators = (f"operator: ({surfaces}|console|API)", OPERATORS[1]) if surfaces == WATCH else OPERATORS
    of_authors = ("author: API",) if "author" in readers and surfaces != WATCH else ()
    return (*(f"{reader}: ({surfaces})" for reader in readers), *of_operators, *of_authors)


def on_the_way(readers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places of a piece that appears only on the redirect to a recording."""
    return tuple(f"{reader}: recording" for reader in (*readers, "operator"))


_SETTINGS = {
    "ACCOUNTS__MAIN__CLIENT_SECRET": word("client secret"),
    "ALERT_TO": f"json://ops:{word('address of operators')}@127.0.0.1:9\ndiscord://{word('address of operators')}",
    "WEBHOOKS__CMS__URL": f"https://cms.example.org/hook?key={word('hook address')}",
    "WEBHOOKS__CMS__SECRET": f"whsec_{b64encode(word('secret of our own webhooks').encode()).decode()}",
}
SETTINGS = {"ZOOM_OPS_BASE_URL": "http://127.0.0.1:8000", **{f"ZOOM_OPS_{name}": to for name, to in _SETTINGS.items()}}

PROFILES = {"public": 'join = "public"', "members": 'join = "members"', word("profile"): 'join = "public"'}

_WHOEVER = f"(visitor|holder of a key|{'|'.join(MEMBERS)}|operator)"
_ADDRESSED = (  # where an unlisted event may be read, by whoever has its address
    *(rf"{_WHOEVER}: {surface}" for surface in ("page", "JSON twin", r"calendar \(ICS\) of an event", "embed")),
    "operator: console",
    "(operator|author|token that sees all|token of visitors' events): API",
    "author: console",  # a copy of it
)
_PICTURED = tuple(f"{reader}: picture of an event" for reader in ("operator", "author"))
_OF_DRAFTS = (
    "(operator|author): (page|JSON twin)", "(operator|author): console", "(operator|author|token that sees all): API",
)  # fmt: skip
_PLACES: dict[str, tuple[str, ...]] = {
    "members title": for_members(READ),
    "members link": for_members(READ),
    "members link of a shown title": for_members(READ),
    "pilots title": for_members(READ, PILOTS),
    "pilots link": for_members(READ, PILOTS),
    "pilots link of a shown title": for_members(READ, PILOTS),
    "withdrawn link": OPERATORS,
    "link of what is expected": OPERATORS,
    "title of a members recording": for_members(READ),
    "share link for members": (*for_members(WATCH), BY_KEY),
    "play passcode for members": (*on_the_way(MEMBERS), BY_KEY),
    "passcode for members": on_the_way(MEMBERS),
    "title of a pilots recording": for_members(READ, PILOTS),
    "share link for pilots": for_members(WATCH, PILOTS),
    "play passcode for pilots": on_the_way(PILOTS),
    "passcode for pilots": on_the_way(PILOTS),
    "share link with a lock": for_members(WATCH, PILOTS),
    "share link for members unsaid": for_members(WATCH),
    "title unsaid": for_members(READ),
    "share link for everybody": ("visitor: recording", *for_members(WATCH), BY_KEY),
    "play passcode for everybody": ("visitor: recording", *on_the_way(MEMBERS), BY_KEY),
    "play link": (),
    "download link": (),
    "withdrawn share link": TOLD_OPERATORS,
    "withdrawn title": (),
    "withheld share link": TOLD_OPERATORS,
    "withheld passcode": (),
    "unpublished share link": (),
    "join link for members": (*(f"{reader}: join" for reader in MEMBERS), "operator: (join|API)", OPERATORS[1]),
    "join link for invited": ("operator: API", OPERATORS[1]),
    "join link of a cancelled event": ("operator: API", OPERATORS[1]),
    "join link for everybody": (f"{_WHOEVER}: join", "operator: API", OPERATORS[1]),
    "registration link for members": (*(f"{reader}: join" for reader in MEMBERS), "operator: join"),
    "passcode of a webinar": (),
    "panelist link": (),
    "doubt": OPERATORS,
    "address of a speaker": OPERATORS,
    "attachment of a draft": (*OPERATORS, "author: .*"),
    "doubt about a draft": (*OPERATORS, "author: .*"),
    "profile": OPERATORS,
    "address of a contact": ("operator: (console|API)",),
    "told by zoom": (),
    "client secret": (),
    "hook address": (),
    "address of operators": (),
    "picture of a draft": (*_PICTURED, "(operator|author): console"),
    "text of the picture of a draft": (*OPERATORS, "author: .*"),
    "name of a draft": _OF_DRAFTS,
    "series of a draft": _OF_DRAFTS,
    "words of a draft": _OF_DRAFTS,
    "name of an unlisted event": _ADDRESSED,
    "series of an unlisted event": _ADDRESSED,
    "words of an unlisted event": (*_ADDRESSED[:3], *_ADDRESSED[4:]),
}  # fmt: skip


def list_planted() -> Iterator[Planted]:
    """List all planted content, and the secrets of the settings."""
    for name, places in _PLACES.items():
        yield Planted(name=name, text=word(name), places=places)
    yield Planted(name="size of a members link", text="34567891", places=for_members("JSON twin"))
    yield Planted(name="date of a members link", text="2031-07-19", places=for_members("JSON twin"))
    yield Planted(name="secret of Zoom's notifications", text=WEBHOOK_SECRET, places=())
    yield Planted(name="secret of our webhook", text=_SETTINGS["WEBHOOKS__CMS__SECRET"], places=())
    yield Planted(name="secret of our webhook, its bytes", text=word("secret of our own webhooks"), places=())


def plant(service: Service, site: Site) -> None:
    """Plant everything: events and attachments, recordings, webinars, a contact and a notification."""
    site.save(*EVENTS.values())
    with site.database.begin() as connection:
        save_picture(connection, PICTURE, NOW)
    plant_recordings(service, site)
    plant_link(service)
    plant_webinars(service, site)
    with service.app.database.begin() as connection:
        contact = ContactRow(
            name="Mei", name_key="mei", organization=None, email=f"{word('address of a contact')}@example.org"
        )
        save_contact(connection, contact, NOW)
    links = {"share_url": zoom("told by zoom"), "password": word("told by zoom")}
    service.tell("recording.completed", {"uuid": "told==", "id": 1, "type": 5, **links})


def key_of(service: Service) -> str:
    """Return the key of the link for members that stands in a home, once `plant_link` has said so."""
    keys = MemberKeys(box=service.context.box, event_id=KEYED, seals={"portal": ("portal", "", "")})
    return keys.key_of("portal", f"{KEYED}-1") or ""


def plant_link(service: Service) -> None:
    """Note a link for members to a film in a home that gives keys to them, and that of its second part is missing."""
    add_home(service, MemoryHome("portal"), KEYED, members_open="key")
    url = with_key(service.context.recording_address(KEYED), key_of(service))
    shown = link_json(Shown(key=f"{KEYED}-1", title="Recording", url=url, visibility="members"))
    about = {"event_id": KEYED, "part": 1, "title": "Recording", "visibility": "members"}
    with service.app.database.begin() as connection:
        save_entry(connection, "portal", KEYED, f"{KEYED}-1", **about, written=shown, seen=shown, seen_at=NOW)


def plant_recordings(service: Service, site: Site) -> None:
    """Publish recordings for everybody, for members and for a group. Withhold others."""
    publish(site, "open", "for everybody", play_passcode=word("play passcode for everybody"))
    for event, whom, title in (
        ("members-film", "for members", "title of a members recording"),
        ("pilots-film", "for pilots", "title of a pilots recording"),
    ):
        publish(site, event, whom, title=word(title), play_passcode=word(f"play passcode {whom}"))
        publish(site, event, whom, part=2, title=word(title), passcode=word(f"passcode {whom}"), play_passcode=None)
    publish(site, "locked-film", "with a lock")
    publish(site, "unsaid-film", "for members unsaid", title=word("title unsaid"), visibility="members")
    publish(site, "back", "", share="withdrawn share link", title=word("withdrawn title"), state="withdrawn")
    publish(
        site, "back", "", part=2, share="withheld share link", passcode=word("withheld passcode"), state="withdrawn"
    )
    withhold_recording(service.context, "back", "back-2", Actor(name="an operator"))
    with site.database.begin() as connection:
        unpublished = a_recording(uuid="unpublished", start=HELD["start"], share_url=zoom("unpublished share link"))
        save_recording(connection, site.box, "unrecorded", unpublished, "completed", NOW)


def publish(site: Site, event_id: str, whom: str, *, part: int = 1, share: str = "", **changes: Any) -> None:
    """Publish a part of an event's recording."""
    uuid, suffix = f"{event_id}-{part}", f"?part={part}" if part > 1 else ""
    entry: dict[str, Any] = {"visibility": "members" if EVENTS[event_id].recording_gate else "public"}
    entry |= {name: changes.pop(name) for name in ("title", "state", "visibility") if name in changes}
    url = f"{site.services.base_url}/events/{event_id}/recording{suffix}"
    files = (a_recording_file(play_url=zoom("play link"), download_url=zoom("download link")),)
    recording = {"share_url": zoom(share or f"share link {whom}"), "passcode": None, "files": files}
    site.publish(
        EVENTS[event_id],
        a_publication(recording_uuid=uuid, part=part, url=url, **entry),
        a_recording(uuid=uuid, start=HELD["start"], **recording | changes),
    )


def plant_webinars(service: Service, site: Site) -> None:
    """Bind webinars with their links to events."""
    for event_id, whom in (
        ("soon", "for everybody"),
        ("soon-members", "for members"),
        ("invited", "for invited"),
        ("cancelled", "of a cancelled event"),
    ):
        site.bind(EVENTS[event_id], join_url=zoom(f"join link {whom}"), passcode=word("passcode of a webinar"))
    site.bind(EVENTS["registration"], registration_url=zoom("registration link for members"))
    with service.app.database.begin() as connection:
        seated = (a_panelist(email=f"{word('address of a speaker')}@example.org", join_url=zoom("panelist link")),)
        seat_panelists(connection, service.context.box, "soon-members", seated, ours=True, now=NOW)


def zoom(name: str) -> str:
    """Return an address at Zoom that holds a piece's word, and characters that are escaped in some formats."""
    return f"https://zoom.example.org/rec/{word(name)}?a=1&tk=%2F{word(name)}"


def make_event(name: str, *attachments: Attachment, **changes: Any) -> Event:
    """Build an event of the series."""
    return an_event(**{"id": name, "name": f"The {name}", "attachments": attachments} | changes)


def make_entry(name: str, title: str | None = None, **changes: Any) -> Attachment:
    """Build an attachment whose link holds the piece's word. Its title holds it too unless a title is given."""
    url = f"https://example.org/files/{word(name)}.pdf?a=1&b={word(name)}"
    return an_attachment(kind="file", state="available", title=title or word(name), url=url, **changes)


def _members(**changes: Any) -> dict[str, Any]:
    return {"visibility": "members", **changes}


def _film(**changes: Any) -> Attachment:
    return RECORDING_EXPECTED.model_copy(update=changes)


PUBLIC = (AGENDA, RECORDING_EXPECTED)
ATTACHMENTS = (
    *PUBLIC,
    make_entry("members link", word("members title"), **_members(size=34567891, dated=date(2031, 7, 19))),
    make_entry("members link of a shown title", "Slides", **_members(title_shown=True)),
    make_entry("pilots link", word("pilots title"), **_members(groups=(GROUP,))),
    make_entry("pilots link of a shown title", "Charts", **_members(groups=(GROUP,), title_shown=True)),
    make_entry("withdrawn link", "Transcript").model_copy(update={"state": "withdrawn"}),
    make_entry("link of what is expected", "Notes").model_copy(update={"state": "expected"}),
)
SPEAKER = JONAS.model_copy(update={"email": f"{word('address of a speaker')}@example.org"})
DOUBT = ReviewNote(field="performers", text=word("doubt"), reason="This is perhaps not a person.")


def _hidden(name: str, whose: str, **changes: Any) -> Event:
    """Build an event of a series, a language and a year of its own: no list or choice of the programme knows them."""
    start = NOW + timedelta(days=4_000)
    own = {"name": word(f"name {whose}"), "series": word(f"series {whose}"), "description": word(f"words {whose}")}
    return an_event(id=name, **own, language="is", start=start, end=start + timedelta(hours=1), **changes)


PICTURE = KeptPicture(
    width=2, height=1, content=word("picture of a draft").encode(), small=word("picture of a draft").encode()
)
SHOWN = Picture(digest=PICTURE.digest, alt=word("text of the picture of a draft"))
DRAFT = _hidden(
    "draft", "of a draft", image=SHOWN, visibility="draft", performers=(SPEAKER,), profile=word("profile"),
    attachments=(make_entry("attachment of a draft", "Rota", visibility="members", groups=(GROUP,)),),
    needs_review=(ReviewNote(field="venue", text=word("doubt about a draft"), reason="Is this a place?"),),
)  # fmt: skip
UNLISTED = _hidden("unlisted", "of an unlisted event", visibility="unlisted")
EVENTS = {
    event.id: event
    for event in (
        make_event(
            "open", *ATTACHMENTS, performers=(AMARA, SPEAKER), needs_review=(DOUBT,), profile=word("profile"), **HELD
        ),
        make_event("members-film", _film(**_members()), **HELD),
        make_event("pilots-film", _film(**_members(groups=(GROUP,))), **HELD),
        make_event("locked-film", _film(**_members(groups=(GROUP,), title_shown=True)), **HELD),
        make_event("unsaid-film", **HELD),
        make_event("back", RECORDING_EXPECTED, **HELD),
        make_event("unrecorded", consent="do_not_record", **HELD),
        make_event("soon", profile="public", **LIVE),
        make_event("soon-members", profile="members", performers=(SPEAKER,), **LIVE),
        make_event("invited", **LIVE),
        make_event("registration", profile="members"),
        make_event("cancelled", status="cancelled", profile="public", **LIVE),
        DRAFT,
        UNLISTED,
    )
}
