"""Somebody writes an event between the statements with which a form reads it: what is saved then is refused."""

from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import AN_OPERATOR, EVENT_ID, an_event
from tests.integration.service import Service
from zoom_ops.access import OPERATOR
from zoom_ops.operations.events.editing import find_revision, patch_event
from zoom_ops.operations.events.undoing import find_undo
from zoom_ops.store.events import load_event
from zoom_ops.web.console.event_form.standing import load_record

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("statement", range(1, 5))
def test_event_is_never_older_than_the_revision_that_stands_with_it(service: Service, statement: int) -> None:
    context = service.app.context
    seen: list[tuple[str | None, int]] = []
    for read in (
        lambda: load_record(context, EVENT_ID, OPERATOR),
        lambda: (undo.event, undo.revision) if (undo := find_undo(context, EVENT_ID, AN_OPERATOR)) else None,
    ):
        service.write(an_event(venue="Pier 3"))
        patch_event(context, EVENT_ID, {"venue": f"Pier {len(seen)} a"}, AN_OPERATOR, None)
        passed = [0]

        def write(*_: Any, passed: list[int] = passed) -> None:
            passed[0] += 1
            if passed[0] == statement:
                patch_event(context, EVENT_ID, {"venue": "Pier 9"}, AN_OPERATOR, None)

        event.listen(context.database.engine, "after_cursor_execute", write)
        found = read()
        event.remove(context.database.engine, "after_cursor_execute", write)
        if found and found[1] == find_revision(context, EVENT_ID):
            with context.database.read() as connection:
                assert found[0] == load_event(connection, EVENT_ID)
