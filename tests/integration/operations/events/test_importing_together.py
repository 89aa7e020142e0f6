"""Others write while a file is imported: nothing is lost, nothing is overwritten, and their jobs go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import AN_OPERATOR, END, EVENT_ID, NOW, START, an_event
from tests.integration.service import Service
from zoom_ops.errors import NotFoundError, ParkedError, TemporaryError
from zoom_ops.operations.events import large_files
from zoom_ops.operations.events.importing import Imported, import_events
from zoom_ops.operations.events.large_files import import_file
from zoom_ops.readers import Announced
from zoom_ops.store.events import find_records, lock_event, record_changes, save_event

pytestmark = pytest.mark.both_databases


def announced(**changes: Any) -> Announced:
    return Announced(event=an_event(**changes), file="a.ics", line=1)


def take(service: Service, *events: Announced, meanwhile: Callable[[], None]) -> tuple[Imported, ...]:
    """Import events. After the first, somebody else does something and is done with it."""

    def tell(done: int) -> None:
        if done == 1:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile).result()

    return import_events(service.context, events, AN_OPERATOR, tell=tell)


def test_nobody_writes_an_event_while_its_file_is_imported(service: Service) -> None:
    """All events of a file are read before the first is written: what others write meanwhile would be lost."""
    service.add(an_event(), an_event(id="other", name="Other"))
    changed = (announced(venue="Pier 4"), announced(id="other", name="Other", venue="Pier 4"))
    refused: list[str] = []

    def write() -> None:
        try:
            with service.app.database.begin(patience_s=0.1) as connection:
                lock_event(connection, "other")
        except TemporaryError:
            refused.append("other")

    take(service, *changed, meanwhile=write)

    assert refused == ["other"]


@pytest.mark.parametrize("database_kind", ["postgresql"])  # SQLite has one writer at a time
def test_rows_of_an_event_are_written_while_its_file_is_imported(service: Service) -> None:
    service.add(an_event(), an_event(id="other", name="Other"))
    changed = (announced(venue="Pier 4"), announced(id="other", name="Other", venue="Pier 4"))
    line = {"event_id": "other", "at": NOW, "what": "noted", "sentence": "A job has noted something."}

    def note() -> None:
        with service.app.database.begin(patience_s=0.1) as connection:
            record_changes(connection, [line])

    take(service, *changed, meanwhile=note)

    assert {"noted", "event_updated"} <= set(service.happened("other"))


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_event_that_others_make_meanwhile_is_not_overwritten(service: Service) -> None:
    def make() -> None:
        with service.app.database.begin(patience_s=0.1) as connection:
            save_event(connection, an_event(id="other", name="Theirs"), NOW)

    with pytest.raises(TemporaryError, match="Something else was written at the same time; try again"):
        take(service, announced(), announced(id="other", name="Ours"), meanwhile=make)

    assert service.event("other").name == "Theirs"


def test_large_file_is_stored_in_parts_between_which_others_write(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_files, "AT_ONCE", 2)
    day = timedelta(days=1)
    dates = (
        announced(),
        announced(id="other", name="Other"),
        announced(start=START + day, end=END + day, display_times=()),
    )
    file = [replace(each, origin=f"ical:{number}") for number, each in enumerate(dates)]
    told, stored, rests = list[int](), list[int](), list[float]()

    def look(done: int) -> None:
        told.append(done)
        with ThreadPoolExecutor(1) as pool:
            stored.append(pool.submit(count).result())

    def count() -> int:
        with service.app.database.read() as connection:
            return len(find_records(connection, ids))

    ids = [EVENT_ID, "other", f"{EVENT_ID}-2040-02-01"]
    monkeypatch.setattr(service.clock, "sleep", rests.append)
    imported = import_file(service.context, file, AN_OPERATOR, tell=look)
    again = import_file(service.context, file, AN_OPERATOR)

    assert [each.id for each in imported] == ids  # the third is another date of a series, as it stands beside the first
    assert (told, stored) == ([0, 1, 1, 2, 2, 3], [0, 0, 0, 0, 0, 2])
    assert [each.action for each in (*imported, *again)] == ["created"] * 3 + ["unchanged"] * 3
    assert len(rests) == 2  # once in each import: between its two parts, and not after the last one


@pytest.mark.parametrize(
    ("changes", "error"), [({"profile": "nobody"}, NotFoundError), ({"start": NOW, "display_times": ()}, ParkedError)]
)
def test_large_file_with_a_mistake_at_its_end_stores_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], error: type[Exception]
) -> None:
    service.add(an_event(id="known", name="Known"))
    monkeypatch.setattr(large_files, "AT_ONCE", 2)
    file = [announced(id=f"part-{number}", name=f"Part {number}") for number in range(3)]

    with pytest.raises(error):
        import_file(service.context, [*file, announced(id="known", name="Known", **changes)], AN_OPERATOR)

    with service.app.database.read() as connection:
        assert not find_records(connection, [each.event.id for each in file])


@pytest.mark.parametrize("new", [False, True])
def test_large_file_that_fails_at_its_end_says_what_is_stored(
    service: Service, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    """What is new would be new again with the second import: all of that is stored, or nothing."""
    monkeypatch.setattr(large_files, "AT_ONCE", 2)
    file = [announced(id=f"part-{number}", name=f"Part {number}") for number in range(3)]

    def fail(done: int) -> None:
        if done == len(file):
            raise TemporaryError

    with pytest.raises(TemporaryError) as failed:
        import_file(service.context, file, AN_OPERATOR, new=new, tell=fail)

    with service.app.database.read() as connection:
        stored = find_records(connection, [each.event.id for each in file])
    assert list(stored) == ([] if new else ["part-0", "part-1"])
    said = [] if new else ["2 of 3 events are stored: import the file again for the others."]
    assert getattr(failed.value, "__notes__", []) == said
