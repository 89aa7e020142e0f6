"""A session of a conference programme → its event. The formats of pretalx and frab share this mapping."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from ...zones import as_choice
from ..read import Announced
from ..records import (
    Draft,
    Link,
    Node,
    Person,
    Written,
    add_language,
    add_link,
    add_name,
    add_person,
    add_prose,
    add_times,
    collect,
    join_address,
    parse_duration,
    parse_written,
)

_EXAMPLE = "a date and time such as 2027-04-03T14:30:00+02:00"


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session as its format writes it. A node without a value is something the format does not say."""

    record: Node
    title: Node
    subtitle: Node
    start: Node  # a date and time with offset
    day: Node  # the date of its day, where start is missing
    clock: Node  # the time of the wall, likewise
    end: Node
    duration: Node
    zone: Node
    series: Node
    room: Node
    language: Node
    texts: tuple[Node, ...]
    people: tuple[Person, ...]
    links: tuple[Link, ...]  # their addresses may be relative
    private: tuple[Link, ...] = ()  # links that only the organisers see
    base_url: str = ""
    is_cancelled: bool = False
    not_recorded: Node  # has a value if the speakers do not want a recording
    origin: str | None = None


def read_sessions(sessions: Iterable[Session], *, file: str, nothing: str) -> tuple[Announced, ...]:
    """Read the sessions of a programme, each to an event whose series is the conference."""
    known = {session.record.path: session for session in sessions}

    def read(record: Node) -> tuple[Draft, str | None]:
        session = known[record.path]
        return _draft(session, file), session.origin

    return collect((session.record for session in known.values()), read, file=file, nothing=nothing)


def origin_of(guid: str, conference: str, number: str) -> str | None:
    """Build the origin of a session: its guid, else its number in a conference with an acronym."""
    if guid:
        return f"schedule:{guid}"
    return f"schedule:{conference}/{number}" if conference and number else None


def _draft(session: Session, file: str) -> Draft:
    draft = Draft(file=file, record=session.record)
    if session.series:
        draft.say("series", session.series, session.series.text)
    if session.is_cancelled:
        draft.say("status", session.record / "state", "cancelled")
    _add_name(draft, session)
    start = _start(draft, session)
    if start:
        end = parse_written(session.end) if session.end else None
        if session.end and end is None:
            draft.wrong(session.end, f"end: expected a date and time, found {session.end.text[:40]!r}")
        add_times(draft, start, end, length=_length(draft, session), length_at=session.duration, zone=session.zone)
    if session.room:
        draft.say("venue", session.room, session.room.text)
    add_prose(draft, *session.texts)
    add_language(draft, session.language)
    for person in session.people:
        add_person(draft, person)
    if not session.people:
        reason = "nobody is named: this may be a break, which needs no webinar; then delete it"
        draft.doubt("name", session.title, reason)
    _add_links(draft, session)
    if session.not_recorded:
        draft.say("consent", session.not_recorded, "do_not_record")
    return draft


def _add_name(draft: Draft, session: Session) -> None:
    title, subtitle = session.title.text, session.subtitle.text
    add_name(draft, session.title, f"{title}: {subtitle}" if title and subtitle else title)


def _start(draft: Draft, session: Session) -> Written | None:
    """Read the start: a date and time with offset; else day and time of the wall, in the zone of the conference."""
    if session.start:
        start = parse_written(session.start)
        if start and start.has_time:
            clock = session.clock.text
            if clock and f"{start.wall:%H:%M}" != clock.zfill(5)[:5]:
                reason = f"the date says {start.wall:%H:%M} and the start {clock[:20]}"
                draft.doubt("start", session.clock, reason, _both(start, session.clock))
            return start
        if start is None:
            found = session.start.text[:40]
            draft.wrong(session.start, f"start: expected {_EXAMPLE}, found {found!r}")
            return None
    day, clock = (session.start or session.day).text[:10], session.clock.text
    local = parse_written(session.clock, f"{day}T{clock.zfill(5)}") if day and clock else None
    if local is None:
        draft.wrong(session.record, f"start: there is none; expected {_EXAMPLE}")
    return local


def _both(start: Written, clock: Node) -> tuple[str, ...]:
    other = parse_written(clock, f"{start.wall:%Y-%m-%d}T{clock.text.zfill(5)}")
    return tuple(as_choice(each.wall) for each in (start, other) if each)


def _length(draft: Draft, session: Session) -> timedelta | None:
    length = parse_duration(session.duration.text) if session.duration else None
    if session.duration and length is None:
        found = session.duration.text[:40]
        draft.wrong(session.duration, f"duration: expected hours and minutes such as 00:30, found {found!r}")
    return length


def _add_links(draft: Draft, session: Session) -> None:
    for link in session.links:
        add_link(draft, replace(link, url=join_address(session.base_url, link.url)))
    for link in session.private:
        reason = f"{link.title[:100] or link.url[:100]!r} is only for the organisers there; it is left out"
        draft.doubt("attachments", link.node, reason)
