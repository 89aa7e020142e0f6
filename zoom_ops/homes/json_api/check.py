"""What a JSON API needs to be a home, tried one after the other."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from ...errors import ZoomOpsError
from ..checks import check_clock, try_it
from ..http import Answer
from ..port import Finding, Raw, Record
from .client import JsonClient, search, take_items
from .settings import Settings


class _Records(Protocol):
    def get(self, record_id: str) -> Raw: ...

    def parse(self, raw: Raw) -> Record: ...

    def write_unchanged(self, record_id: str) -> None: ...


def check(settings: Settings, client: JsonClient, records: _Records, now: datetime) -> Iterator[Finding]:
    """Yield what was found. The write that is tried writes a list of links as it is."""
    answer, finding = try_it("credentials", lambda: _first_page(client), "The API answers our credentials.")
    yield finding
    if answer is None:
        return
    yield from check_clock(answer, now)
    if not settings.login.proof and settings.login.scheme != "none":
        yield Finding(
            what="options",
            state="warning",
            sentence="An API that answers wrong credentials as it answers visitors is found out only when a link is"
            " written; auth.proof names a path that tells who asks.",
        )
    if settings.fields.public is None and settings.members != "closed":
        sentence = "fields.public is not given, so that no record counts as public; see `protected`."
        yield Finding(what="options", state="warning", sentence=sentence)
    yield from _check_records(settings, answer, records, client)


def _first_page(client: JsonClient) -> Answer:
    client.prove()
    return next(client.iter_pages())


def _check_records(settings: Settings, answer: Answer, records: _Records, client: JsonClient) -> Iterator[Finding]:
    items, finding = try_it("reading", lambda: take_items(settings.list.items, answer), "The records are listed.")
    first = next((item for item in items or () if not _is_deleted(item, settings)), None)
    record_id = str(search(settings.fields.id, first)) if first is not None else ""
    if items is None or not record_id:
        yield finding
        sentence = "There is no record yet, so that reading one and writing to one were not tried."
        yield Finding(what="writing", state="warning", sentence=sentence)
        return
    _, finding = try_it(
        "reading", lambda: records.parse(records.get(record_id)), f"The record {record_id[:40]} is read as an event."
    )
    yield finding
    if settings.write is None:
        yield Finding(what="writing", state="warning", sentence="The file has no [write]: the home is only read.")
        return
    yield try_it("writing", lambda: records.write_unchanged(record_id), "A record's links can be written.")[1]
    if settings.members == "closed":
        yield _check_members(client, record_id)


def _check_members(client: JsonClient, record_id: str) -> Finding:
    try:
        is_open = client.read_as_visitor(record_id) is not None
    except ZoomOpsError as error:
        return Finding(what="members", state="warning", sentence=f"What visitors see was not tried: {error}")
    if is_open:
        sentence = "Visitors can read the records, so that no link for members is written: close them, or say members"
        return Finding(what="members", state="missing", sentence=f'{sentence} = "no".')
    return Finding(what="members", state="ok", sentence="Visitors cannot read the records.")


def _is_deleted(item: object, settings: Settings) -> bool:
    return settings.fields.deleted is not None and bool(search(settings.fields.deleted, item))
