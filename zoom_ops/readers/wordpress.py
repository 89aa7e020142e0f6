"""WordPress: the JSON of The Events Calendar, or that of posts and pages, whose text is an announcement.

Shapes: The Events Calendar 6, /wp-json/tribe/events/v1/events; WordPress 6, /wp-json/wp/v2/posts and pages.
"""

import html
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..announcements import decode, refuse
from ..errors import BadInputError
from ..events import Listing, ReviewNote, Status
from ..phrases.status import cut_status
from ..zones import as_choice, find_zone
from . import text
from .documents import read_json
from .read import Announced, Source
from .records import (
    Draft,
    Link,
    Node,
    add_language,
    add_link,
    add_name,
    add_organizer,
    add_prose,
    add_times,
    collect,
    parse_written,
    plain,
)

MOST_POSTS = 100  # of one file; it is what WordPress gives at once
_STATUS: dict[str, Status] = {
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "postponed": "postponed",
    "rescheduled": "rescheduled",
    "scheduled": "scheduled",
}
_NOT_YET = ("draft", "auto-draft", "pending", "future")
_NOTHING = "there is no event and no page in this WordPress export"


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read events, posts or pages. Raise BadInputError for the first mistake; the others stand in its notes."""
    root = Node.root(read_json(decode(content, file), file))
    records = (root / "events" if (root / "events").value is not None else root).entries()
    posts = [record for record in records if (record / "content").value is not None]
    if posts:
        return _read_posts(posts, file)
    return collect(records, lambda record: _draft(record, file), file=file, nothing=_NOTHING)


def _draft(record: Node, file: str) -> tuple[Draft, str | None]:
    draft = Draft(file=file, record=record)
    _add_status(draft, record)
    add_name(draft, record / "title", html.unescape((record / "title").text))
    _add_times(draft, record)
    _add_place(draft, record / "venue")
    add_prose(draft, record / "description")
    add_language(draft, Node(tree=record.tree))
    for organizer in (record / "organizer").entries():
        name = organizer if isinstance(organizer.value, str) else organizer / "organizer"
        add_organizer(draft, name, name.text)
    if record / "website":
        website = record / "website"
        add_link(draft, Link(node=website, title="Website", url=website.text, kind="link"))
    if shown := _visibility(record):
        draft.say("visibility", *shown)
    draft.notes += _doubt_status(record)
    url = (record / "url").text
    return draft, f"web:{url}" if url else None


def _visibility(record: Node) -> tuple[Node, Listing] | None:
    """Return who sees an event or page that WordPress does not show to everyone, and where that stands."""
    status, hidden = record / "status", record / "hide_from_listings"
    if status.text not in ("", "publish", *_NOT_YET):
        return status, "draft"
    return (hidden, "unlisted") if hidden.value is True else None


def _doubt_status(record: Node) -> Iterator[ReviewNote]:
    """Hold the title and the time that WordPress will show later: a later import, when it does, settles that."""
    status = record / "status"
    if status.text in _NOT_YET:
        reason = f"WordPress has not published it yet, its status there is {status.text}"
        for field in ("name", "start"):
            yield ReviewNote(field=field, line=status.line, text=status.text, reason=reason)


def _add_status(draft: Draft, record: Node) -> None:
    node = record.first("event_status", "tribe_events_status")
    node = node or record / "json_ld" / "eventStatus"
    word = node.text.rpartition("/")[2].removeprefix("Event").casefold()
    if word in _STATUS:
        draft.say("status", node, _STATUS[word])
    elif word and word != "movedonline":
        draft.wrong(node, f"status: expected scheduled, canceled or postponed, found {node.text[:40]!r}")


def _add_times(draft: Draft, record: Node) -> None:
    """Read the times of the wall; compare them with those in UTC, which the export has too."""
    start, end = (parse_written(record / f"{name}_date") for name in ("start", "end"))
    if start is None or (end is None and record / "end_date"):
        node = record / "start_date" if start is None else record / "end_date"
        message = f"{node.path[-1]}: expected a date and time such as 2027-04-03 14:30:00, found {node.text[:40]!r}"
        draft.wrong(node, message)
        return
    if (record / "all_day").value is True:
        start = replace(start, has_time=False, wall=start.wall.replace(hour=0, minute=0, second=0))
        last = end.wall if end else start.wall
        end = replace(end or start, has_time=False, wall=last.replace(hour=0, minute=0, second=0))
    add_times(draft, start, end, zone=record / "timezone", city=record / "venue" / "city")
    for name in ("start", "end"):
        if start.has_time and name in draft.fields:
            _compare(draft, name, record / f"utc_{name}_date")


def _compare(draft: Draft, name: str, node: Node) -> None:
    utc = parse_written(node, f"{node.text}Z") if node else None
    instant = utc.instant() if utc else None
    if instant is None or instant == draft.fields[name] or "timezone" not in draft.fields:
        return
    zone = find_zone(draft.fields["timezone"])
    choices = [as_choice(moment, zone) for moment in (draft.fields[name], instant)]
    reason = f"{name}_date and utc_{name}_date name different instants: {choices[0]} or {choices[1]} in {zone.key}"
    draft.doubt(name, node, reason, choices)


def _add_place(draft: Draft, venue: Node) -> None:
    if isinstance(venue.value, str):
        parts = [venue]
    else:
        parts = [part for key in ("venue", "address", "city", "country") if (part := venue / key)]
    said = ", ".join(dict.fromkeys(filter(None, (plain(part.text) for part in parts))))
    if said:
        draft.say("venue", parts[0], said)


def _read_posts(posts: list[Node], file: str) -> tuple[Announced, ...]:
    """Read each post as the text of an announcement."""
    if len(posts) > MOST_POSTS:
        raise BadInputError(f"expected at most {MOST_POSTS} posts or pages", file=file, line=posts[MOST_POSTS].line)
    found, problems = [], []
    for post in posts:
        try:
            found.append(_read_post(post, file))
        except BadInputError as error:
            problems.append(error)
    refuse(problems)
    return tuple(found)


def _read_post(post: Node, file: str) -> Announced:
    title, content = (_rendered(post / key) for key in ("title", "content"))
    if (post / "content" / "protected").value is True and not content.prose.strip():
        message = "content: a password protects this page, and the export does not hold its text; paste the text"
        raise BadInputError(message, file=file, line=content.line)
    document = f"<h1>{title.prose}</h1>\n{content.prose}"
    try:
        (announced,) = text.read(document.encode(), file)
    except BadInputError as error:
        message = f"the text of this page cannot be read as an announcement: {_reason(error, file)}"
        raise BadInputError(message, file=file, line=content.line) from error
    notes = [note.model_copy(update={"line": content.line}) for note in announced.event.needs_review]
    name = plain(html.unescape(title.prose))
    own = (name, cut_status(name)[1])  # "CANCELLED: How waves travel" says the same title, and more
    if name and announced.event.name.casefold() not in [each.casefold() for each in own]:
        reason = "the title of the page is another than that in its text"
        choices = (announced.event.name, name)
        notes.append(ReviewNote(field="name", line=title.line, text=name, reason=reason, choices=choices))
    notes += _doubt_status(post)
    update: dict[str, Any] = {"needs_review": tuple(notes)}
    sources = [_within(source, content) for source in announced.sources]
    if shown := _visibility(post):
        node, update["visibility"] = shown
        sources.append(Source(field="visibility", place=node.place, text=node.text[:20]))
    link = (post / "link").text
    return replace(
        announced,
        event=announced.event.model_copy(update=update),
        line=post.line,
        origin=f"web:{link}" if link else None,
        sources=tuple(sources) or (Source(field="name", place=title.place, text=name[:500]),),
    )


def _rendered(node: Node) -> Node:
    return node if isinstance(node.value, str) else node.first("rendered", "raw")


def _within(source: Source, content: Node) -> Source:
    return replace(source, place=f"{content.place}: {source.place} of the text")


def _reason(error: BadInputError, file: str) -> str:
    return str(error).removeprefix(f"{file}:").partition(": ")[2] or str(error)
