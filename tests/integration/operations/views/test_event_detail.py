"""An event with all that is known of it: its parts are of one moment, also while a run changes it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event

from tests.builders import AN_OPERATOR, EVENT_ID, START
from tests.integration.service import MakeService, Service
from zoom_ops.operations.events.editing import patch_event
from zoom_ops.operations.views.event_detail import EventDetail, load_event_detail

STATEMENTS = (10, 18, 26)
MOST_STATEMENTS = 28


def test_stages_and_plan_are_of_one_moment_while_a_move_is_carried_out(make_service: MakeService) -> None:
    service = make_service()
    service.add()
    service.settle()

    found = [_load_while_a_move_ends(service, statement) for statement in STATEMENTS]
    alone = _count_statements(service)

    assert STATEMENTS[-1] < alone <= MOST_STATEMENTS
    for detail in found:
        settings = next(stage for stage in detail.stages if stage.name == "settings")
        assert (settings.state == "done") == (not detail.overview.actions)


def _count_statements(service: Service) -> int:
    """Load the event, and count what the database is asked."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_further: Any) -> None:
        sent.append(statement)

    event.listen(service.context.database.engine, "before_cursor_execute", note)
    load_event_detail(service.context, EVENT_ID)
    event.remove(service.context.database.engine, "before_cursor_execute", note)
    return len([statement for statement in sent if statement.startswith("SELECT")])


def _load_while_a_move_ends(service: Service, statement: int) -> EventDetail:
    """Order a move. Load the event, and let the run end after one of the statements."""
    start = START + timedelta(days=1, minutes=statement)
    times = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat(), "display_times": []}
    patch_event(service.context, EVENT_ID, times, AN_OPERATOR, None)
    passed = 0

    def settle(*_: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == statement:
            service.settle()

    engine = service.context.database.engine
    event.listen(engine, "after_cursor_execute", settle)
    detail = load_event_detail(service.context, EVENT_ID)
    event.remove(engine, "after_cursor_execute", settle)
    service.settle()
    return detail
