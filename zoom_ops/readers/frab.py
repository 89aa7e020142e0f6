"""frab's schedule XML, which pretalx and many conferences write → one event for each session."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.sax import parse

from ..errors import BadInputError
from .conferences import Session, origin_of, read_sessions
from .documents import Place, Tree
from .read import Announced
from .records import Link, Node, Person

MOST_VALUES = 250_000
DEEPEST = 50
_NOTHING = "there is no session in this schedule; expected <day>, in it <room>, in it <event>"


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read a schedule. Raise BadInputError for the first mistake; the others stand in its notes."""
    root = Node.root(_read_xml(content, file)) / "schedule"
    if not root:
        raise BadInputError("expected a conference's schedule: <schedule> around all of it", file=file, line=1)
    return read_sessions(_sessions(root), file=file, nothing=_NOTHING)


def _sessions(schedule: Node) -> Iterator[Session]:
    conference = schedule / "conference"
    for day in (schedule / "day").entries():
        for room in (day / "room").entries():
            for record in (room / "event").entries():
                yield _session(conference, day, room, record)


def _session(conference: Node, day: Node, room: Node, record: Node) -> Session:
    optout = record / "recording" / "optout"
    links = [*(record / "links" / "link").entries(), *(record / "attachments" / "attachment").entries()]
    acronym = (conference / "acronym").text
    return Session(
        record=record,
        title=record / "title",
        subtitle=record / "subtitle",
        start=record / "date",
        day=day / "@date",
        clock=record / "start",
        end=Node(tree=record.tree, path=record.path),
        duration=record / "duration",
        zone=conference / "time_zone_name",
        series=conference / "title",
        room=record / "room" if record / "room" else room / "@name",
        language=record / "language",
        texts=(record / "abstract", record / "description"),
        people=tuple(Person(node=person, name=_words(person)) for person in (record / "persons" / "person").entries()),
        links=tuple(Link(node=link, title=_words(link), url=(link / "@href").text) for link in links),
        base_url=(conference / "base_url").text,
        not_recorded=optout if optout.text.lower() in ("true", "1", "yes") else Node(tree=record.tree),
        origin=origin_of((record / "@guid").text, acronym, (record / "@id").text),
    )


def _words(node: Node) -> str:
    return (node / "#text").text if isinstance(node.value, dict) else node.text


def _read_xml(content: bytes, file: str) -> Tree:
    """Read XML as plain values. An element with attributes or elements is an object: "@name", "#text", "child"."""
    if content.count(b"<") > 2 * MOST_VALUES:  # nothing is built yet
        raise _too_many(file, 1)
    builder = _Builder(file=file)
    try:
        parse(BytesIO(content), builder, forbid_dtd=True)
    except DefusedXmlException as error:
        message = "this XML declares a document type or entities (<!DOCTYPE …>), which is refused; remove it"
        raise BadInputError(message, file=file, line=builder.line) from error
    except SAXParseException as error:
        problem = error.getMessage()
        raise BadInputError(f"this is not XML: {problem}", file=file, line=error.getLineNumber() or 1) from error
    except (ValueError, LookupError) as error:
        raise BadInputError(
            "this XML names an encoding that is not known; save it as UTF-8", file=file, line=1
        ) from error
    return Tree(value=builder.value[0], find_lines=lambda: builder.lines)


def _too_many(file: str, line: int) -> BadInputError:
    return BadInputError(f"expected at most {MOST_VALUES:,} values, {DEEPEST} levels deep", file=file, line=line)


@dataclass(kw_only=True)
class _Builder(ContentHandler):  # type: ignore[misc, unused-ignore]
    """The values so far, and the elements around the one that is read."""

    file: str
    value: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    lines: dict[Place, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=lambda: [()])
    names: list[dict[str, Place]] = field(default_factory=lambda: [{}])  # the place of all elements of a name
    words: list[list[str]] = field(default_factory=lambda: [[]])
    locator: Locator | None = None
    count: int = 0

    @property
    def line(self) -> int:
        """The line that is read."""
        return (self.locator.getLineNumber() if self.locator else 1) or 1

    def setDocumentLocator(self, locator: Locator) -> None:
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.count += 1 + len(attrs)
        if self.count > MOST_VALUES or len(self.places) > DEEPEST:
            raise _too_many(self.file, self.line)
        around = self.value[-1].setdefault(name, [])
        of_name = self.names[-1].setdefault(name, (self.places[-1], name))
        place: Place = (of_name, len(around))
        self.lines[place if around else of_name] = self.line  # the first one stands where all of the name begin
        self.places.append(place)
        self.names.append({})
        self.value.append({f"@{key}": attrs[key] for key in attrs.getNames()})
        self.words.append([])

    def characters(self, content: str) -> None:
        self.words[-1].append(content)

    def endElement(self, name: str) -> None:
        value, words = self.value.pop(), "".join(self.words.pop()).strip()
        self.places.pop()
        self.names.pop()
        if value and words:
            value["#text"] = words
        self.value[-1][name].append(value or words)
