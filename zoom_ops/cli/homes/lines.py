"""What `zoom-ops homes` prints of a home, and of the records of an event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..output import short_time

_LINKS = {
    "missing": "is not there yet",
    "written": "is there",
    "changed": "was changed by people",
    "removed": "was removed by people",
    "left": "is left as people changed it",
    "over": "is to be taken back",
}
Document = Mapping[str, Any]


def lines_of_home(home: Document) -> Iterator[str]:
    """Yield what needs a look: records of a home that cannot be read or were left out, and links changed there."""
    return map(_plain, _iter_lines_of_home(home))


def lines_of_event(event: str, records: Sequence[Document]) -> Iterator[str]:
    """Yield the records of an event, with its links there, and how to decide about those that people changed."""
    return map(_plain, _iter_lines_of_event(event, records))


def _iter_lines_of_home(home: Document) -> Iterator[str]:
    name = home["name"]
    for wrong in home["wrong"]:
        yield f"{name}, record {wrong['record']}: {wrong['reason']}"
    for left in home["left_out"]:
        some = [each["record"] for each in left["records"]]
        named = f"{'such as ' if left['count'] > len(some) else ''}{', '.join(some)}"
        yield f"{name}, {left['count']} left out ({named}): {left['reason']}"
    if home["left_out"]:
        yield f"{name}: to take one all the same: zoom-ops homes pull {name} --take RECORD"
    for drifted in home["drifted"]:
        said = " ".join(link["sentence"] for link in drifted["links"])
        yield f"{name}: {said} To decide: zoom-ops homes show {drifted['event']}"


def _iter_lines_of_event(event: str, records: Sequence[Document]) -> Iterator[str]:
    if not records:
        yield f"{event} is in no home. What was left out: zoom-ops homes list"
    for record in records:
        yield from _lines_of_record(record)
    states = {link["state"] for record in records if record["system"] for link in record["links"]}
    if states & {"changed", "removed", "left"}:
        yield f"To write ours again: zoom-ops homes restore {event}"
    if states & {"changed", "removed"}:
        yield f"To leave it so: zoom-ops homes leave {event}"


def _lines_of_record(record: Document) -> Iterator[str]:
    yield f"{record['home']}  record {record['record']}  {record['url']}"
    state = f"gone since {short_time(record['gone_at'])}" if record["gone_at"] else record["state"].replace("_", " ")
    yield f"    {state}, read last at {short_time(record['read_at'])} UTC"
    if not record["system"]:
        yield "    the home has no file any more: it is not read, and our links there stay as they are"
    if record["reason"]:
        yield f"    {record['reason']}"
    if record["webinar_says"]:
        yield f"    {record['webinar_says']}"
    if record["differs"]:
        yield f"    here it differs in: {', '.join(record['differs'])}"
    for link in record["links"]:
        looked = f", looked at {short_time(link['seen_at'])} UTC" if link["seen_at"] else ""
        yield f"    “{link['title']}” ({_whom(link)}) {_LINKS[link['state']]}{looked}"
        if link["state"] in ("changed", "removed", "left"):
            yield from _beside(link)


def _beside(link: Document) -> Iterator[str]:
    """Yield ours and theirs, one below the other."""
    for whose, shown in (("ours", link["wanted"] or link["written"]), ("there", link["seen"])):
        said = f"“{shown['title']}” ({_whom(shown)}) {shown['url']}" if shown else "nothing"
        yield f"      {whose}: {said}"


def _whom(link: Document) -> str:
    return "for members" if link["visibility"] == "members" else "for everybody"


def _plain(line: str) -> str:
    """Return a line without what a terminal would obey: a home may say anything."""
    return "".join(c if c.isprintable() else "?" for c in line)
