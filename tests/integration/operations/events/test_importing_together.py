"""Others write while a file is imported: nothing is lost, nothing is overwritten, and their jobs go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.builders import AN_OPERATOR, NOW, an_event
from tests.integration.service import Service
from zoom_ops.errors import TemporaryError
from zoom_ops.operations.events.importing import Imported, import_events
from zoom_ops.readers import Announced
from zoom_ops.store.events import lock_event, record_changes, save_event

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
