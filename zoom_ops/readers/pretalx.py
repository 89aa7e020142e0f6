"""pretalx: the JSON export of a schedule, or its API's list of submissions → one event for each session.

The API tells a conference's name and time zone apart from the list: beside `results`, the key `event` may hold them.
Answers, tokens, notes and biographies in these files are not read.
"""

from collections.abc import Iterator

from ..announcements import decode
from ..errors import BadInputError
from .conferences import Session, origin_of, read_sessions
from .documents import read_json
from .read import Announced
from .records import Link, Node, Person

_COMES = ("accepted", "confirmed", "canceled", "cancelled", "withdrawn")  # states of sessions that were announced
_NOTHING = "there is no session with a time in this pretalx export; expected days with rooms, or submissions with slots"


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read a schedule. Raise BadInputError for the first mistake; the others stand in its notes."""
    root = Node.root(read_json(decode(content, file), file))
    schedule = root / "schedule"
    if isinstance(schedule.value, dict):
        if not isinstance((schedule / "conference").value, dict):
            message = "schedule: expected a conference with days; this may be another program's schedule"
            raise BadInputError(message, file=file, line=schedule.line)
        return read_sessions(_scheduled(schedule), file=file, nothing=_NOTHING)
    return read_sessions(_submitted(root), file=file, nothing=_NOTHING)


def _scheduled(schedule: Node) -> Iterator[Session]:
    conference = schedule / "conference"
    for day in (conference / "days").entries():
        for name, room in (day / "rooms").members():
            for record in room.entries():
                if isinstance(record.value, dict) and not _is_break(record):
                    yield _session(schedule, conference, day, name, record)


def _is_break(record: Node) -> bool:
    """Check whether an entry is no talk: nobody is on it, and it has neither code nor guid."""
    return not (record / "persons") and not record.first("code", "guid", "slug", "url")


def _session(schedule: Node, conference: Node, day: Node, room: str, record: Node) -> Session:
    acronym, number = (conference / "acronym").text, record.first("id", "code", "slug").text
    links = [*(record / "links").entries(), *(record / "attachments").entries()]
    return Session(
        record=record,
        title=_said(record / "title"),
        subtitle=_said(record / "subtitle"),
        start=record / "date",
        day=day / "date",
        clock=record / "start" if ":" in (record / "start").text[:3] else Node(tree=record.tree),
        end=record / "end",
        duration=record / "duration",
        zone=conference / "time_zone_name",
        series=_said(conference / "title"),
        room=record / "room" if record / "room" else Node(tree=record.tree, path=record.path, value=room),
        language=record / "language",
        texts=(_said(record / "abstract"), _said(record / "description")),
        people=tuple(_people(record / "persons")),
        links=tuple(_link(link) for link in links),
        base_url=(schedule.first("base_url", "url")).text,
        not_recorded=record / "do_not_record",
        origin=origin_of((record / "guid").text, acronym, number),
    )


def _said(node: Node) -> Node:
    """Choose a text among its languages: {"en": "Keynote", "de": "Vortrag"}."""
    return next((text for _, text in node.members() if text), node) if isinstance(node.value, dict) else node


def _people(people: Node) -> Iterator[Person]:
    for person in people.entries():
        name = person if isinstance(person.value, str) else person.first("public_name", "full_public_name", "name")
        if name.text:
            yield Person(node=name, name=name.text, email=(person / "email").text)


def _link(link: Node) -> Link:
    url = link if isinstance(link.value, str) else link.first("url", "resource", "link")
    title = link.first("title", "description")
    return Link(node=title if title else url, title=title.text, url=url.text)


def _submitted(root: Node) -> Iterator[Session]:
    """Yield a session for each slot of a submission; those without a time are no events yet."""
    records = root if isinstance(root.value, list) else root / "results" if root / "results" else root
    for record in records.entries():
        if (record / "state").text in _COMES:
            for slot in (record / "slots").entries():
                if slot / "start":
                    yield _slot(record, slot, root / "event")


def _slot(record: Node, slot: Node, conference: Node) -> Session:
    absent, room = Node(tree=record.tree, path=record.path), slot / "room"
    length = record / "duration" if slot / "end" else slot / "duration"  # both may be said, and not fit
    resources = [link for link in (record / "resources").entries() if isinstance(link.value, dict)]
    return Session(
        record=slot,
        title=_said(record / "title"),
        subtitle=absent,
        start=slot / "start",
        day=absent,
        clock=absent,
        end=slot / "end",
        duration=length if length.value else absent,  # some have a length of 0 minutes
        zone=conference / "timezone",
        series=_said(conference / "name"),
        room=_said(room / "name") if isinstance(room.value, dict) else absent,
        language=record / "content_locale",
        texts=(record / "abstract", record / "description"),
        people=tuple(_people(record / "speakers")),
        links=tuple(_link(link) for link in resources if (link / "is_public").value is True),
        private=tuple(_link(link) for link in resources if (link / "is_public").value is not True),
        is_cancelled=(record / "state").text in _COMES[2:],
        not_recorded=record / "do_not_record",
    )
