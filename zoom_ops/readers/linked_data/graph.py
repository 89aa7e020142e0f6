"""The nodes of JSON-LD: their types, keys and references, and where events may stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..records import Node

# https://schema.org/Event and its subtypes, version 29
_TYPES_AS_TEXT = """
    Event BusinessEvent ChildrensEvent ComedyEvent ConferenceEvent CourseInstance DanceEvent EducationEvent EventSeries
    ExhibitionEvent Festival FoodEvent Hackathon LiteraryEvent MusicEvent PerformingArtsEvent SaleEvent ScreeningEvent
    SocialEvent SportsEvent TheaterEvent VisualArtsEvent
"""
TYPES = frozenset(_TYPES_AS_TEXT.split())
_PREFIXES = ("", "schema:", "https://schema.org/", "http://schema.org/")
_WHERE_EVENTS_STAND = ("@graph", "mainEntity", "item", "itemListElement", "event", "events", "hasPart")


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The JSON-LD of a file, with its nodes by @id."""

    documents: list[Node]
    by_id: dict[str, Node]
    around: frozenset[str]  # the ids of what other events stand in
    whole_of: dict[str, Node]  # the event that names another one as its part, by the id of the part
    foreign: dict[int, Node]  # by the id() of a tree whose vocabulary is another one, that vocabulary

    @classmethod
    def of(cls, documents: list[Node]) -> "Graph":
        """Read the ids of all nodes."""
        by_id: dict[str, Node] = {}
        around: set[str] = set()
        whole_of: dict[str, Node] = {}
        for document in documents:
            for node in _walk(document):
                name = (node / "@id").text
                around.add((get(node, "superEvent") / "@id").text)
                for part in get(node, "subEvent").entries() if is_event(node) else ():
                    whole_of.setdefault((part / "@id").text, node)
                if name and len(node.value) > 1:
                    by_id.setdefault(name, node)
        foreign = {id(document.tree): context for document in documents if (context := _foreign(document))}
        return cls(
            documents=documents, by_id=by_id, around=frozenset(around - {""}), whole_of=whole_of, foreign=foreign
        )

    def events(self) -> Iterator[Node]:
        """Yield the events: of one with dated events in it those, else itself; each once."""
        seen: set[tuple[str, ...]] = set()
        visited: set[tuple[object, ...]] = set()
        for document in self.documents:
            for event in self._events_in(document, visited):
                written = tuple(get(event, key).text for key in ("name", "startDate", "endDate"))
                place = get(event, "location")
                same = (*written, event_address(event) or repr(place.value))
                if same not in seen:
                    seen.add(same)
                    yield event

    def resolve(self, node: Node) -> Node:
        """Return the node that {"@id": …} refers to, or the node itself."""
        only = node / 0 if isinstance(node.value, list) and len(node.value) == 1 else node
        if isinstance(only.value, dict) and set(only.value) <= {"@id", "@type"}:
            return self.by_id.get((only / "@id").text, only)
        return only

    def parts(self, event: Node) -> list[Node]:
        """List the events in an event that have a date of their own."""
        parts = [self.resolve(part) for key in ("subEvent", "subEvents") for part in get(event, key).entries()]
        return [part for part in parts if get(part, "startDate") or get(part, "subEvent")]

    def _is_only_series(self, node: Node) -> bool:
        """Check whether a node without a date stands for what is around other events, or refers to nothing."""
        if get(node, "startDate"):
            return False
        return bool(types(node) & {"EventSeries"}) or not get(node, "name") or (node / "@id").text in self.around

    def _events_in(self, node: Node, visited: set[tuple[object, ...]]) -> Iterator[Node]:
        """Yield the events in a node. Each node is visited once, as references may lead in circles."""
        for each in node.entries():
            if not isinstance(each.value, dict) or (place := (id(each.tree), *each.path)) in visited:
                continue
            visited.add(place)
            if is_event(each):
                parts = self.parts(each)
                if not parts and not self._is_only_series(each):
                    yield each
                for part in parts:
                    yield from self._events_in(part, visited)
            else:
                for key in _WHERE_EVENTS_STAND:
                    yield from self._events_in(get(each, key), visited)


def get(node: Node, key: str) -> Node:
    """Return the value of a key, which may be written with the prefix or address of schema.org."""
    if key.startswith("@"):
        return node / key
    found = next((value for prefix in _PREFIXES if (value := node / f"{prefix}{key}").value is not None), node / key)
    return found / "@value" if isinstance(found.value, dict) and "@value" in found.value else found


def types(node: Node) -> set[str]:
    """Return the types of a node, without the address of schema.org."""
    written = [each.text for key in ("@type", "type") for each in (node / key).entries()]
    return {name.removeprefix("schema:").rpartition("/")[2] for name in written}


def is_event(node: Node) -> bool:
    """Check whether a node is an event of the programme."""
    return bool(types(node) & TYPES)


def named(node: Node) -> Node:
    """Return the name of a node: its text, or that of a person, place or organisation."""
    return get(node, "name") if isinstance(node.value, dict) else node


def event_address(event: Node) -> str:
    """Return the address that names an event for ever: its @id, else its url, if that is a web address."""
    written = ((event / "@id").text, get(event, "url").text)
    return next((text for text in written if text.lower().startswith(("https://", "http://"))), "")


def _foreign(document: Node) -> Node | None:
    """Return the context of a document whose words are not those of schema.org, such as ActivityStreams."""
    written = [each for part in document.entries() for each in (part / "@context").entries()]
    is_ours = not written or any("schema.org" in str(each.value).lower() for each in written)
    return None if is_ours else written[0]


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here.value, dict):
            yield here
            waiting.extend(value for _, value in here.members() if isinstance(value.value, dict | list))
        elif isinstance(here.value, list):
            waiting.extend(each for each in here.entries() if isinstance(each.value, dict | list))
