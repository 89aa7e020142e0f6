"""Lost and broken answers, for every writing call: one effect and one invitation each, as the practice Zoom counts.

`test_crashes.py` checks the calls of the look-up. This module tries every way in which an answer can fail.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import AMARA, END, JONAS, MEI, START, an_event
from tests.integration.service import CREATE, DELETE, LISTED, SEAT, UNSEAT, UPDATE, MakeService, Service
from tests.waiting import wait_until
from zoom_ops.events import Event
from zoom_ops.operations.views.runs import show_run

SECOND = timedelta(seconds=1)
SHORT = {"ZOOM_OPS_READ_S": "2", "ZOOM_OPS_DEADLINE_S": "3"}  # where a test waits until they are over
LATE_S = 2.5
WRITES = (CREATE, UPDATE, DELETE, SEAT, UNSEAT)
EVERYBODY = (AMARA, JONAS, MEI)
FAULTS: dict[str, dict[str, Any]] = {
    "dropped": {"do": "drop_response"},
    "reset": {"do": "reset"},
    "502": {"do": "http", "status": 502},
    "timed out": {"do": "delay", "seconds": LATE_S},
    "dripping": {"do": "drip", "bytes_per_s": 10},
}

EACH = [  # without --long each fault once, with the call done or not done in turn
    pytest.param(fault, done, id=f"{name}, {'done' if done else 'not done'}", marks=pytest.mark.long if later else ())
    for number, (name, fault) in enumerate(FAULTS.items())
    for done, later in ((True, number % 2), (False, number % 2 == 0))
]

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


@on_sqlite
@pytest.mark.parametrize(("fault", "done"), EACH)
def test_each_write_without_an_answer_is_done_once(
    make_service: MakeService, fault: dict[str, Any], done: bool
) -> None:
    service = make_service(settings=SHORT if fault["do"] in ("delay", "drip") else None)
    sent = write_everything(service, fault | {"after_commit": done})

    for _ in range(3):
        service.later(LISTED + SECOND)

    assert_all_done_once(service)
    once_more = Counter() if done else Counter(WRITES)
    assert sent(service) == Counter({CREATE: 1, UPDATE: 1, DELETE: 1, SEAT: 2, UNSEAT: 1}) + once_more


@on_sqlite
def test_each_write_that_zoom_does_only_after_we_gave_up_is_done_once(make_service: MakeService) -> None:
    service = make_service(settings=SHORT)
    sent = write_everything(service, {"do": "late", "seconds": LATE_S})
    await_late_calls(service)

    for _ in range(3):
        service.later(LISTED + SECOND)

    assert_all_done_once(service)
    assert sent(service) == Counter({CREATE: 1, UPDATE: 1, DELETE: 1, SEAT: 2, UNSEAT: 1})


def write_everything(service: Service, fault: dict[str, Any]) -> Any:
    """Make each writing call once, for an event of its own, and let it fail. Return a counter of later calls."""
    events = [an_event_of(day, name) for day, name in enumerate(("changed", "deleted", "seated", "unseated"))]
    service.add(*events)
    service.settle()
    before = Counter(service.zoom.calls())
    for match in WRITES:
        service.zoom.fault(match, **fault)

    service.add(an_event_of(4, "created"))
    service.change("changed", description="How ports adapt.")
    service.cancel("deleted")
    service.change("seated", performers=EVERYBODY)
    service.change("unseated", performers=(AMARA,))
    service.settle()

    active = service.runs(states=["active"])
    undecided = [run.subject.id for run in active if show_run(service.context.database, run.id)["open"]]
    assert sorted(undecided) == ["changed", "created", "deleted", "seated", "unseated"]
    return lambda it: Counter({call: n for call, n in (Counter(it.zoom.calls()) - before).items() if call in WRITES})


def await_late_calls(service: Service) -> None:
    """Wait in real time until the practice Zoom has carried out the calls it put off. We look up later than that."""

    def are_carried_out() -> bool:
        return all(request["status"] or not request["fault"] for request in service.zoom.control("GET", "/requests"))

    wait_until(are_carried_out, "what the practice Zoom put off", every_s=0.05)


def an_event_of(day: int, name: str) -> Event:
    by = timedelta(days=day)
    return an_event(id=name, name=name, start=START + by, end=END + by, display_times=(), performers=(AMARA, JONAS))


def assert_all_done_once(service: Service) -> None:
    two, three = [AMARA.email, JONAS.email], [person.email for person in EVERYBODY]
    state = service.zoom.state()
    seated = {"changed": two, "seated": three, "unseated": [AMARA.email], "created": two}
    invited = {"changed": two, "seated": three, "unseated": two, "created": two}
    assert Counter(webinar["topic"] for webinar in state["webinars"]) == Counter(list(seated))
    assert [webinar["topic"] for webinar in state["deleted_webinars"]] == ["deleted"]
    for webinar in state["webinars"]:
        topic = webinar["topic"]
        assert Counter(panelist["email"] for panelist in webinar["panelists"]) == Counter(seated[topic]), topic
        assert Counter(invitation["email"] for invitation in webinar["invitations"]) == Counter(invited[topic]), topic
        assert ("How ports adapt." in webinar["agenda"]) == (topic == "changed")
        assert service.shown(topic)["webinar"]["id"] == webinar["id"]
    assert service.shown("deleted")["webinar"]["state"] == "cancelled"
    assert service.runs(states=["active", "parked", "failed"]) == ()
    assert service.plan().actions == ()
