"""Moves of events to other times: shown first, refused where they cannot be, and carried to Zoom as the record says."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import AMARA, AN_OPERATOR, EVENT_ID, HOST, JONAS, NOW, START, an_event
from tests.integration.service import CONFIG, UPDATE, MakeService, Service
from zoom_ops.errors import BadInputError, ParkedError, ZoomOpsError
from zoom_ops.operations.events.editing import ChangedMeanwhileError
from zoom_ops.operations.events.importing import import_events
from zoom_ops.operations.events.orders.rescheduling import (
    MoveRequest,
    order_move,
    parse_length,
    parse_start,
    plan_request,
)
from zoom_ops.operations.views.impact import impact_of_move
from zoom_ops.readers import Announced
from zoom_ops.store.events import save_origin
from zoom_ops.store.webinars import find_binding

DEFAULT = (CONFIG / "profiles" / "default.toml").read_text()
FILE = "Change its file, too: its next import sets what the file says."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(service: Service, **asked: str) -> tuple[str, ...]:
    """Return what the operator reads of a move."""
    return impact_of_move(service.context, plan_request(service.context, EVENT_ID, MoveRequest(**asked)))


def order(service: Service, **asked: str) -> None:
    """Order a move."""
    order_move(service.context, EVENT_ID, plan_request(service.context, EVENT_ID, MoveRequest(**asked)), AN_OPERATOR)


def refusal(service: Service, **asked: str) -> str:
    """Return the sentence with which a move is refused, shown or ordered, and nothing is changed."""
    sentences = set()
    for move in (told, order):
        with pytest.raises(ZoomOpsError) as refused:
            move(service, **asked)
        sentences.add(str(refused.value))
    (sentence,) = sentences
    return sentence


def seated(make_service: MakeService, profile: str = DEFAULT, **how: Any) -> Service:
    """Return a service with an event that has its webinar and panelists."""
    service = make_service(profiles={"default": profile}, **how)
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    return service


def test_event_moves_to_another_time_with_its_webinar_and_rows(make_service: MakeService) -> None:
    service = seated(make_service)
    number = service.zoom.webinar()["id"]

    announced = told(service, to="2040-02-01 10:00")
    with service.calls() as calls:
        order(service, to="2040-02-01 10:00")
        service.settle()

    assert announced == (
        f"Moves {EVENT_ID} from 2040-01-31 08:30-09:45 to 2040-02-01 10:00-11:15 (America/New_York).",
        f"Changes webinar {number} at Zoom: start. Zoom tells no panelist of a move: 2 panelists hold invitations with "
        f"the old time. The event's page in the console sends new ones, and so does zoom-ops events resend {EVENT_ID}.",
        FILE,
    )
    assert calls.count(UPDATE) == 1
    webinar, event = service.zoom.webinar(), service.event()
    assert (webinar["id"], webinar["start_time"]) == (number, "2040-02-01T15:00:00Z")
    assert (event.status, event.previous_start) == ("rescheduled", START)
    assert event.end - event.start == timedelta(minutes=75)
    for row in event.display_times:
        assert row.start[:10] == "2040-02-01"
    assert service.plan().actions == ()


def test_file_is_named_only_where_the_event_has_one(make_service: MakeService) -> None:
    service = make_service()
    typed = Announced(event=an_event(), id_given=True, file="form", line=1)
    import_events(service.context, (typed,), replace(AN_OPERATOR, how="session"))
    by_form = told(service, to="2040-02-01 10:00")
    with service.app.database.begin() as connection:
        save_origin(connection, "ical:tides@example.org", EVENT_ID, NOW)

    assert FILE not in by_form
    assert FILE in told(service, to="2040-02-01 10:00")


def test_profile_that_sends_new_invitations_is_told(make_service: MakeService) -> None:
    profile = DEFAULT.replace('tell_panelists_of_moves = "no"', 'tell_panelists_of_moves = "resend"')
    service = seated(make_service, profile)

    announced = " ".join(told(service, to="2040-02-01 10:00"))

    assert "Then removes and adds 2 people again: Zoom tells panelists of a move in no other way." in announced


def test_time_may_be_given_in_another_zone_and_the_event_keeps_its_own(make_service: MakeService) -> None:
    service = seated(make_service)

    announced = told(service, to="2040-02-01 16:00", zone="europe/paris")
    order(service, to="2040-02-01 16:00", zone="europe/paris")

    moved = "to 2040-02-01 10:00-11:15 (America/New_York), which is 16:00 in Europe/Paris."
    assert any(sentence.endswith(moved) for sentence in announced)
    assert service.event().timezone == "America/New_York"
    assert service.event().start == datetime.fromisoformat("2040-02-01T15:00+00:00")


def test_length_alone_changes_the_end_and_no_status(make_service: MakeService) -> None:
    service = seated(make_service)

    order(service, length="1h30m")
    service.settle()

    assert (service.event().start, service.event().status) == (START, "scheduled")
    assert service.zoom.webinar()["duration"] == 90


def test_move_that_is_ordered_twice_is_done_once(make_service: MakeService) -> None:
    service = seated(make_service)
    order(service, to="2040-02-01 10:00")
    service.settle()

    assert refusal(service, to="2040-02-01 10:00") == f"{EVENT_ID} takes place then already."
    assert service.event().previous_start == START


def test_busy_host_is_named_with_the_event_that_takes_it(make_service: MakeService) -> None:
    service = seated(make_service, hosts=(HOST,))
    service.add(an_event(id="other-tides", start=START + DAY, end=START + DAY + HOUR, display_times=()))
    service.settle()

    sentence = refusal(service, to="2040-02-01 09:00")

    assert sentence.startswith("Its new time overlaps on its host with other-tides")
    assert service.event().start == START


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"to": "tomorrow"}, "'tomorrow' is no time: expected one such as 2026-12-01 15:00."),
        ({"to": "2040-02-01"}, "'2040-02-01' is no time"),
        ({"to": "2040-02-31 10:00"}, "'2040-02-31 10:00' is no time"),
        ({"to": "2040-01-01 10:00"}, "2040-01-01 10:00 (America/New_York) is in the past: give a time to come."),
        ({"to": "0001-01-01 00:00"}, "is in the past, or more than 20 years ahead."),
        ({"to": "9999-12-31 23:59"}, "is in the past, or more than 20 years ahead."),
        ({"to": "2040-03-11 02:30"}, "does not exist in America/New_York: clocks go forward then, to 03:00."),
        ({"to": "2040-03-25 02:30", "zone": "Europe/Paris"}, "does not exist in Europe/Paris"),
        (
            {"to": "2040-10-28 02:30", "zone": "Europe/Paris"},
            "comes twice in Europe/Paris, as clocks go back then. "
            "Say which: 2040-10-28T02:30+02:00 or 2040-10-28T02:30+01:00",
        ),
        ({"to": "2040-02-01 10:00", "zone": "Europe/Pari"}, "There is no time zone 'Europe/Pari'"),
        ({"zone": "Europe/Paris"}, "Give another time, such as 2026-12-01 15:00, or another length"),
        ({"length": "90m", "zone": "Europe/Paris"}, "A time zone is for a new time only"),
        ({"to": "2040-02-01 10:00", "length": "25h"}, "'25h' is no length from a minute to 24 hours"),
        ({"length": "0m"}, "'0m' is no length"),
        ({"length": ""}, "Give another time, such as 2026-12-01 15:00, or another length"),
        ({"host": HOST, "to": "2040-02-01 10:00"}, "one after the other"),
    ],
)  # fmt: skip
def test_move_that_cannot_be_meant_is_refused_in_a_sentence(
    service: Service, asked: dict[str, str], sentence: str
) -> None:
    service.write(an_event())

    with pytest.raises(BadInputError) as refused:
        told(service, **asked)

    assert sentence in str(refused.value)


def test_time_with_an_offset_says_which_of_two_is_meant() -> None:
    first, second = (parse_start(f"2040-10-28T02:30{offset}", "Europe/Paris", NOW) for offset in ("+02:00", "+01:00"))

    assert second - first == HOUR


@pytest.mark.parametrize(
    ("text", "minutes"), [("90m", 90), ("2h", 120), ("1h30m", 90), ("1 h 5 min", 65), ("24h", 1440)]
)
def test_length_is_read(text: str, minutes: int) -> None:
    assert parse_length(text) == timedelta(minutes=minutes)


def test_event_that_was_cancelled_or_held_is_not_moved(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - NOW)
    service.zoom.hold(record=False)
    service.later(DAY)
    held = refusal(service, to="2040-03-01 10:00")
    service.write(service.event().model_copy(update={"status": "cancelled"}))

    assert held == "It was held on 2040-01-31: import its second date as an event of its own."
    assert refusal(service, to="2040-03-01 10:00").startswith(f"{EVENT_ID} is cancelled. To bring it back")


def test_live_webinar_is_not_moved(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - NOW)
    service.zoom.hold(live_s=3600)
    service.settle()

    with pytest.raises(ParkedError, match="is live"):
        told(service, to="2040-03-01 10:00")


def test_event_that_was_changed_meanwhile_is_not_moved(service: Service) -> None:
    service.write(an_event())
    planned = plan_request(service.context, EVENT_ID, MoveRequest(to="2040-02-01 10:00"))
    service.change(venue="Pier 4")

    with pytest.raises(ChangedMeanwhileError):
        order_move(service.context, EVENT_ID, planned, AN_OPERATOR)

    assert service.event().start == START


def test_event_that_was_not_held_gets_another_date_and_may_be_held_then(service: Service) -> None:
    service.add()
    service.settle()
    service.later(START + DAY - NOW)

    order(service, to="2040-03-01 10:00")
    service.settle()

    assert service.zoom.webinar()["start_time"] == "2040-03-01T15:00:00Z"
    with service.app.database.read() as connection:
        bound = find_binding(connection, EVENT_ID)
    assert bound is not None
    assert bound.held is None
