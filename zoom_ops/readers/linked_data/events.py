"""A schema.org Event → its event."""

from collections.abc import Iterator
from datetime import timedelta

from ...events import Status
from ..read import PictureAt
from ..records import (
    Draft,
    Link,
    Node,
    Written,
    add_language,
    add_link,
    add_name,
    add_prose,
    add_times,
    parse_duration,
    parse_written,
    plain,
)
from .graph import Graph, event_address, get, is_event, named, types
from .images import image_of
from .people import add_people

_STATUS: dict[str, Status] = {  # https://schema.org/EventStatusType
    "eventscheduled": "scheduled",
    "eventmovedonline": "scheduled",
    "eventrescheduled": "rescheduled",
    "eventpostponed": "postponed",
    "eventcancelled": "cancelled",
    "eventcanceled": "cancelled",
}
_REPEATS = ("repeatFrequency", "repeatCount", "byDay", "byMonth", "byMonthDay", "exceptDate")


def read_event(record: Node, graph: Graph, file: str) -> tuple[Draft, str | None]:
    """Read an event to a draft and its origin."""
    draft = Draft(file=file, record=record)
    if context := graph.foreign.get(id(record.tree)):
        draft.wrong(context, f"@context: expected https://schema.org, found {str(context.value)[:60]!r}")
    _add_series(draft, record, graph)
    _add_status(draft, record)
    _add_name(draft, record)
    _add_times(draft, record, graph)
    _add_place(draft, record, graph)
    add_prose(draft, get(record, "description"))
    language = get(record, "inLanguage")
    add_language(draft, next(iter(language.entries()), language), _language_code(language))
    add_people(draft, record, graph)
    _add_recordings(draft, record, graph)
    url, text = image_of(record, graph)
    if url:
        draft.pictures.append(PictureAt(url=url, text=text, is_asked=False))
    origin = event_address(record)
    return draft, f"web:{origin}" if origin else None


def _add_name(draft: Draft, record: Node) -> None:
    name = get(record, "name")
    several = [plain((each / "@value").text or each.text) for each in name.entries()]
    if len(several) > 1:
        draft.doubt("name", name, "it is written several times, perhaps in several languages", several)
        add_name(draft, name / 0, several[0])
    else:
        add_name(draft, name, several[0] if several else "")


def _add_series(draft: Draft, record: Node, graph: Graph) -> None:
    around = graph.resolve(get(record, "superEvent"))
    node = named(around) if around else next(map(named, _around(record, graph)), Node(tree=record.tree))
    if node.text:
        draft.say("series", node, plain(node.text))


def _around(record: Node, graph: Graph) -> Iterator[Node]:
    """Yield the events in which a record stands or that refer to it as a part, the nearest first."""
    for length in range(len(record.path) - 1, -1, -1):
        node = Node.root(record.tree)
        for step in record.path[:length]:
            node = node / step
        if is_event(node):
            yield node
    if whole := graph.whole_of.get((record / "@id").text or "-"):
        yield whole


def _add_status(draft: Draft, record: Node) -> None:
    """Read the status. There may be two: EventRescheduled and EventMovedOnline."""
    node = get(record, "eventStatus")
    texts = [each.text or (each / "@id").text for each in node.entries()]
    words = [text.rstrip("/").rpartition("/")[2].removeprefix("schema:").casefold() for text in texts]
    known = [_STATUS.get(word if word.startswith("event") else f"event{word}") for word in words]
    found: set[Status | None] = {status for status in known if status != "scheduled"}
    found = found or set(known)
    status = found.pop() if len(found) == 1 else None
    if status:
        draft.say("status", node, status)
    elif node:
        expected = "EventScheduled, EventCancelled, EventPostponed, EventRescheduled or EventMovedOnline"
        draft.wrong(node, f"eventStatus: expected {expected}, found {', '.join(texts)[:60]!r}")
    if any(word.endswith("movedonline") for word in words):
        draft.doubt("venue", node, "it was moved online; a place that is still written may be wrong")


def _add_times(draft: Draft, record: Node, graph: Graph) -> None:
    schedule = graph.resolve(get(record, "eventSchedule"))
    zone = get(schedule, "scheduleTimezone")
    repeated = next((get(schedule, key) for key in _REPEATS if get(schedule, key)), None)
    start = _moment(draft, record, "startDate")
    if start is None:
        return
    if repeated or len(get(record, "eventSchedule").entries()) > 1:
        node = repeated or get(record, "eventSchedule")
        draft.doubt("start", node, "it repeats (eventSchedule), and only its first date is taken")
    if "EventSeries" in types(record):
        draft.doubt("start", start.node, "it is a series of events, and only its first date is taken")
    end = _moment(draft, record, "endDate") if get(record, "endDate") else None
    length = _length(draft, record)
    add_times(
        draft,
        start,
        end,
        length=length,
        length_at=get(record, "duration"),
        zone=zone or None,
        city=_city(record, graph),
    )
    if draft.fields.get("status") == "rescheduled" and get(record, "previousStartDate"):
        before = get(record, "previousStartDate")
        written = parse_written(before.entries()[0])
        if written and written.instant():
            draft.say("previous_start", before, written.instant())


def _moment(draft: Draft, record: Node, key: str) -> Written | None:
    node = get(record, key)
    written = parse_written(node)
    if written is None:
        expected = "expected a date and time such as 2027-04-03T14:30:00+02:00"
        if node:
            draft.wrong(node, f"{key}: {expected}, found {node.text[:40]!r}")
        else:
            repeats = " but an eventSchedule, which is not read" if get(record, "eventSchedule") else ""
            draft.wrong(record, f"{key}: there is none{repeats}; {expected}")
    return written


def _length(draft: Draft, record: Node) -> timedelta | None:
    node = get(record, "duration")
    length = parse_duration(node.text) if node.text.startswith("P") else None
    if node.text and length is None:
        draft.doubt("end", node, f"the duration {node.text[:40]!r} is not one such as PT1H30M; it is not read")
    return length


def _places(record: Node, graph: Graph) -> list[Node]:
    return [graph.resolve(place) for place in get(record, "location").entries()]


def _city(record: Node, graph: Graph) -> Node | None:
    for place in _places(record, graph):
        city = get(graph.resolve(get(place, "address")), "addressLocality")
        if city:
            return city
    return None


def _add_place(draft: Draft, record: Node, graph: Graph) -> None:
    """Take the places, else the name of the platform; a join link stays out, as visitors get ours."""
    places = _places(record, graph)
    real = [place for place in places if "VirtualLocation" not in types(place)]
    said = [text for place in real or places if (text := _say_place(place, graph))]
    if said:
        draft.say("venue", (real or places)[0], "; ".join(dict.fromkeys(said)))


def _say_place(place: Node, graph: Graph) -> str:
    if not isinstance(place.value, dict):
        return "" if place.text.lower().startswith(("https://", "http://")) else plain(place.text)
    address = graph.resolve(get(place, "address"))
    keys = ("streetAddress", "addressLocality", "addressCountry")
    parts = [address] if address.text else [named(get(address, key)) for key in keys]
    texts = [plain(part.text) for part in (get(place, "name"), *parts)]
    return ", ".join(dict.fromkeys(text for text in texts if text and text != "No address set"))  # Indico's word


def _language_code(language: Node) -> str:
    first = next(iter(language.entries()), language)
    if isinstance(first.value, dict):
        return next((text for key in ("alternateName", "identifier", "name") if (text := get(first, key).text)), "")
    return first.text


def _add_recordings(draft: Draft, record: Node, graph: Graph) -> None:
    """Take recordings that are published elsewhere; those at the address of the event itself are ours."""
    own = event_address(record)
    for node in get(record, "recordedIn").entries():
        video = graph.resolve(node)
        address = next((found for key in ("url", "contentUrl", "embedUrl") if (found := get(video, key))), None)
        if address and not (own and address.text.startswith(f"{own}/recording")):
            title = get(video, "name").text
            add_link(draft, Link(node=address, title=title, url=address.text, kind="recording"))
