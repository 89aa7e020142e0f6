"""Indico's export JSON → its events. A meeting is one event, with the speakers of all its contributions.

Shapes: Indico 3.3, /export/event/ID.json?detail=subcontributions and /export/categ/ID.json.
"""

from dataclasses import replace

from ..announcements import decode
from ..errors import BadInputError
from ..events import PerformerKind, Visibility
from ..phrases.zones import require_zone
from ..zones import instants_of
from .documents import read_json
from .read import Announced
from .records import (
    Draft,
    Link,
    Node,
    Person,
    Written,
    add_language,
    add_link,
    add_name,
    add_organizer,
    add_person,
    add_prose,
    add_times,
    collect,
    host_of,
    parse_written,
)

UNKNOWN_GROUP = "protected in Indico"  # nobody is in it, so nobody can open such a file until its groups are set
_LECTURES = ("simple_event", "lecture")


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read an export. Raise BadInputError for the first mistake; the others stand in its notes."""
    root = Node.root(read_json(decode(content, file), file))
    results = root / "results"
    if (root / "count").value == 0 or results.value == []:
        message = (
            "this Indico export holds no event (count: 0): its id may be wrong, or the token may not see the event"
        )
        raise BadInputError(message, file=file, line=(root / "count").line)
    if not isinstance(results.value, list):
        message = "results: expected events; export /export/event/ID.json?detail=subcontributions"
        raise BadInputError(message, file=file, line=results.line)
    return collect(results.entries(), lambda record: _draft(record, file), file=file, nothing="there is no event in it")


def _draft(record: Node, file: str) -> tuple[Draft, str | None]:
    draft = Draft(file=file, record=record)
    _add_label(draft, record / "label")
    add_name(draft, record / "title")
    start, end = _moment(draft, record / "startDate"), _moment(draft, record / "endDate")
    if start:
        add_times(draft, start, end, zone=record / "timezone")
    places = [part.text for part in (record / "location", record.first("roomFullname", "room")) if part]
    if places:
        place = record / "location" if record / "location" else record.first("roomFullname", "room")
        draft.say("venue", place, ", ".join(dict.fromkeys(places)))
    add_prose(draft, record / "description")
    add_language(draft, record / "language")
    if record / "organizer":
        add_organizer(draft, record / "organizer", (record / "organizer").text)
    _add_people(draft, record)
    for owner in (record, *(record / "contributions").entries()):
        for folder in (owner / "folders").entries():
            for attachment in (folder / "attachments").entries():
                _add_attachment(draft, folder, attachment)
    return draft, _origin(record)


def _origin(record: Node) -> str | None:
    host = host_of((record / "url").text)
    return f"indico:{host}/{(record / 'id').text}" if host and record / "id" else None


def _add_label(draft: Draft, label: Node) -> None:
    """Read a label such as "Cancelled", which an Indico may define as it likes."""
    title = label.text or (label / "title").text
    if not title or ((label / "is_event_not_happening").value is False):
        return
    status = "postponed" if title.casefold().startswith(("postp", "report", "versch", "aplaz")) else "cancelled"
    if (label / "is_event_not_happening").value is True:
        draft.say("status", label / "title", status)
    elif title.casefold().startswith(("cancel", "annul", "postp", "report", "abgesagt", "versch", "aplaz")):
        draft.doubt("name", label, f"the label {title[:50]!r} may be the status, {status}")
        draft.say("status", label, status)


def _moment(draft: Draft, node: Node) -> Written | None:
    """Read {"date": "2023-01-31", "time": "13:30:00", "tz": "UTC"} as an instant."""
    text = f"{(node / 'date').text}T{(node / 'time').text}"
    written = parse_written(node / "time", text) if node / "time" else None
    if written is None:
        example = '{"date": "2027-04-03", "time": "14:30:00", "tz": "UTC"}'
        draft.wrong(node, f"{node.path[-1]}: expected {example}, found {text[:40]!r}")
        return None
    return _in_zone(draft, written, node / "tz")


def _in_zone(draft: Draft, written: Written, zone: Node) -> Written | None:
    """Give a time of the wall the offset of the zone it is written in; without one it is in that of the event."""
    if not zone:
        return written
    try:
        name = require_zone(zone.text)
    except ValueError as error:
        draft.wrong(zone, f"tz: {error}")
        return None
    instants = instants_of(written.wall, name)
    if len(instants) != 1:  # the zone of the event decides, with a note
        return written
    return replace(written, offset=instants[0].astimezone(name).utcoffset(), is_utc=True)


def _add_people(draft: Draft, record: Node) -> None:
    is_lecture = (record / "type").text in _LECTURES
    for chair in (record / "chairs").entries():
        _add_person(draft, chair, "speaker" if is_lecture else "chair")
    contributions = record / "contributions"
    for contribution in contributions.entries():
        for part in (contribution, *(contribution / "subContributions").entries()):
            for speaker in (part / "speakers").entries():
                _add_person(draft, speaker, "speaker")
    if not is_lecture and contributions.value is None:
        reason = "this export has no contributions, whose speakers are missing; export it with ?detail=subcontributions"
        draft.doubt("performers", record / "title", reason)
    elif any((each / "subContributions").value is None for each in contributions.entries()):
        reason = "the speakers of subcontributions are not in this export; export it with ?detail=subcontributions"
        draft.doubt("performers", record / "title", reason)


def _add_person(draft: Draft, node: Node, kind: PerformerKind) -> None:
    """Add a person. The honorific is written only before the full name: "Ms Fung, Mei Lin"."""
    first, last, full = ((node / key).text for key in ("first_name", "last_name", "fullName"))
    if not (first or last):  # an old Indico
        before, comma, after = full.partition(", ")
        first, last = (after, before) if comma else ("", full)
    honorific = full.partition(last)[0].strip() if last and full.endswith(f"{last}, {first}".rstrip(", ")) else ""
    person = Person(
        node=node / "fullName" if full else node.first("last_name", "first_name"),
        name=f"{honorific} {first} {last}".strip(),
        kind=kind,
        honorific=honorific,
        organization=(node / "affiliation").text,
        email=(node / "email").text,
    )
    add_person(draft, person)


def _add_attachment(draft: Draft, folder: Node, attachment: Node) -> None:
    protected = (folder / "is_protected").value is not False or (attachment / "is_protected").value is not False
    title, url = attachment / "title", attachment.first("link_url", "download_url")
    if protected:
        shown = title.text[:100] or "a file"
        reason = f"{shown!r} is protected in Indico, and the export does not say for whom: set its groups"
        draft.doubt("attachments", title, reason)
    visibility: Visibility = "members" if protected else "public"
    size = (attachment / "size").value
    link = Link(
        node=title if title else url,
        title=title.text or (attachment / "filename").text,
        url=url.text,
        visibility=visibility,
        groups=(UNKNOWN_GROUP,) if protected else (),
        size=size if isinstance(size, int) and size >= 0 else None,
    )
    add_link(draft, link)
