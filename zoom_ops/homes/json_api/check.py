"""What a JSON API needs to be a home, tried one after the other."""

from collections.abc import Iterator
from typing import Protocol

from ...clock import Clock
from ...errors import ZoomOpsError
from ..answers import Answer
from ..checks import check_clock, missing, ok, said, try_it, warning
from ..port import Finding, Raw, Record
from .client import JsonApi, search, take_items
from .settings import Settings


class _Records(Protocol):
    def get(self, record_id: str) -> Raw: ...

    def parse(self, raw: Raw) -> Record: ...

    def write_unchanged(self, record_id: str) -> None: ...


def iter_findings(client: JsonApi, settings: Settings, records: _Records, clock: Clock) -> Iterator[Finding]:
    """Yield what was found. The write that is tried writes a list of links as it is."""
    answer, finding = try_it("credentials", lambda: _first_page(client), "The API answers our credentials.")
    yield finding
    if answer is None:
        return
    yield check_clock(answer, clock)
    if not settings.login.proof and settings.login.scheme != "none":
        yield warning(
            "options",
            "An API that answers wrong credentials as it answers visitors is found out only when a link is"
            " written; auth.proof names a path that tells who asks.",
        )
    if settings.fields.public is None and settings.members != "closed":
        sentence = "fields.public is not given, so that no record counts as public; see `protected`."
        yield warning("options", sentence)
    yield from _check_records(settings, answer, records, client)


def _first_page(client: JsonApi) -> Answer:
    client.prove()
    return next(client.iter_pages())


def _check_records(settings: Settings, answer: Answer, records: _Records, client: JsonApi) -> Iterator[Finding]:
    items, finding = try_it("reading", lambda: take_items(settings.list.items, answer), "The records are listed.")
    first = next((item for item in items or () if not _is_deleted(item, settings)), None)
    record_id = str(search(settings.fields.id, first)) if first is not None else ""
    if items is None or not record_id:
        yield finding
        sentence = "There is no record yet, so that reading one and writing to one were not tried."
        yield warning("writing", sentence)
        return
    _, finding = try_it(
        "reading", lambda: records.parse(records.get(record_id)), f"The record {record_id[:40]} is read as an event."
    )
    yield finding
    if settings.write is None:
        yield warning("writing", "The file has no [write]: the home is only read.")
        return
    yield try_it("writing", lambda: records.write_unchanged(record_id), "A record's links can be written.")[1]
    if settings.members == "closed":
        yield _check_members(client, record_id)


def _check_members(client: JsonApi, record_id: str) -> Finding:
    try:
        is_open = bool(client.read_as_visitor(record_id))
    except ZoomOpsError as error:
        return warning("members", f"What visitors see was not tried: {said(error)}.")
    if is_open:
        sentence = "Visitors can read the records, so that no link for members is written: close them, or say members"
        return missing("members", f'{sentence} = "no".')
    return ok("members", "Visitors cannot read the records.")


def _is_deleted(item: object, settings: Settings) -> bool:
    return settings.fields.deleted is not None and bool(search(settings.fields.deleted, item))
