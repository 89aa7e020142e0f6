"""Stray webinars (a second one of an event, a copy, a leftover): the daily look at the hosts' lists raises an alert."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from tests.builders import ACCOUNT, AMARA, AN_OPERATOR, END, EVENT_ID, HOST, JONAS, OTHER_HOST, START, an_event
from tests.integration.service import CREATE, LIST, LISTED, READ, MakeService, Service
from zoom_ops.operations.views.alerts import dismiss_alert, show_alerts
from zoom_ops.operations.views.figures.outcomes import load_strips
from zoom_ops.operations.views.jobs import list_jobs
from zoom_ops.planning.desired import zoom_time
from zoom_ops.store.tables import event, host
from zoom_ops.store.webinars import change_binding

JOB = "report_stray_webinars"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LONG = "How ports adapt to a rising sea. " * 10  # longer than Zoom's list shows
REST = "If nobody needs it, delete it at Zoom; if it is for something else, take that line out of its agenda."

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


def look(service: Service) -> list[str]:
    """Look at every host's list, a day later. Return the calls that this made."""
    service.clock.advance(DAY)
    with service.calls() as calls:
        service.tick(JOB)
        service.settle()
    return calls


def alerts(service: Service) -> list[tuple[str, str, bool]]:
    """List the alerts about strays so far: kind, event, whether it is cleared."""
    return [
        (alert["kind"], alert["subject"], alert["cleared"] is not None)
        for alert in show_alerts(service.context.database, cleared=True)
        if alert["kind"] == "webinar_stray"
    ]


def sentence(service: Service) -> str:
    """Return the sentence of the only open alert."""
    (alert,) = show_alerts(service.context.database)
    return str(alert["sentence"])


def marker(service: Service, event_id: str = EVENT_ID) -> str:
    return f"Reference: zoom_ops/{service.context.installation}/{event_id}"


def make_by_hand(service: Service, agenda: str, *, at: str = HOST) -> int:
    """Create a webinar at Zoom as somebody else. Return its number."""
    fields = {"topic": "By hand", "start_time": zoom_time(START + 4 * HOUR), "duration": 75, "agenda": agenda}
    return int(service.zoom.call("POST", f"/users/{at}/webinars", fields)["id"])


def copy_by_hand(service: Service, *, at: str = HOST) -> int:
    """Copy the event's webinar at Zoom with its agenda, as somebody else. Return the number of the copy."""
    ours = next(webinar for webinar in service.zoom.webinars() if webinar["id"] == own(service))
    return make_by_hand(service, ours["agenda"], at=at)


def own(service: Service) -> int:
    """Return the number of the event's own webinar."""
    return int(service.shown()["webinar"]["id"])


def remove(service: Service, webinar_id: int) -> None:
    """Delete a webinar at Zoom as somebody else."""
    service.zoom.call("DELETE", f"/webinars/{webinar_id}")
    service.settle()


@pytest.fixture
def there(service: Service) -> Service:
    """A service whose event has its webinar."""
    service.add()
    service.settle()
    return service


def test_twin_that_the_list_showed_too_late_is_told_once_until_it_is_gone(service: Service) -> None:
    service.zoom.control("POST", "/list_lag", {"seconds": 60})
    service.zoom.fault(CREATE, "drop_response")
    service.add()
    for _ in range(3):
        service.later(LISTED + SECOND)
    first, second = (webinar["id"] for webinar in service.zoom.webinars())

    for _ in range(3):
        look(service)
    alerted = sentence(service)
    remove(service, first)
    look(service)

    assert own(service) == second
    assert alerted == (
        f"Event {EVENT_ID} has webinar {second} of {HOST}, and its reference line ends the agenda of webinar {first} "
        f"of {HOST}, too: made twice when an answer got lost, or copied by hand. Look at them at Zoom. If {second} is "
        f"the wrong one: zoom-ops events adopt {EVENT_ID} {first}, and delete {second} there. {REST}"
    )
    assert alerts(service) == [("webinar_stray", EVENT_ID, True)]
    assert service.zoom.panelists() == service.zoom.invitations() == sorted([AMARA.email, JONAS.email])


def test_second_one_is_adopted_and_the_first_is_told_of_then(there: Service) -> None:
    first, second = own(there), copy_by_hand(there)
    look(there)

    there.adopt(second)
    there.settle()
    alerted = sentence(there)
    remove(there, first)
    look(there)

    assert own(there) == second
    assert alerted.startswith(
        f"Event {EVENT_ID} has webinar {second} of {HOST}, and its reference line ends the agenda of "
    )
    assert f"webinar {first} of {HOST}, too" in alerted
    assert alerts(there) == [("webinar_stray", EVENT_ID, True)]
    assert there.zoom.panelists() == sorted([AMARA.email, JONAS.email])


def test_second_one_on_another_host_is_adopted_and_nothing_is_cleared_meanwhile(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add()
    service.settle()
    second_host = OTHER_HOST if service.shown()["webinar"]["host"] == HOST else HOST
    first, second = own(service), copy_by_hand(service, at=second_host)
    look(service)

    service.adopt(second)
    service.settle()

    assert f"webinar {first} of" in sentence(service)
    assert alerts(service) == [("webinar_stray", EVENT_ID, False)]


@pytest.mark.parametrize("description", ["How ports adapt.", LONG], ids=["shown whole", "cut"])
def test_copy_is_for_something_else_once_the_line_is_gone(service: Service, description: str) -> None:
    service.add(an_event(description=description))
    service.settle()
    copy = copy_by_hand(service)
    look(service)
    before = sentence(service)

    service.zoom.call("PATCH", f"/webinars/{copy}", {"agenda": f"{description}\n\nFor our members."})
    look(service)

    assert f"webinar {copy} of {HOST}, too: made twice when an answer got lost, or copied by hand." in before
    assert alerts(service) == [("webinar_stray", EVENT_ID, True)]


@on_sqlite
def test_webinar_of_a_cancelled_event_is_told(there: Service) -> None:
    copy = copy_by_hand(there)
    there.cancel()
    there.settle()

    look(there)

    assert sentence(there) == (
        f"Event {EVENT_ID} is cancelled, and its reference line ends the agenda of webinar {copy} of {HOST}: left "
        f"over, restored at Zoom, or copied by hand. {REST}"
    )


@on_sqlite
def test_webinar_that_we_deleted_and_somebody_restored_is_told(there: Service) -> None:
    there.write(an_event(status="cancelled"))
    with there.app.database.begin() as connection:  # the practice Zoom cannot restore a webinar
        change_binding(connection, EVENT_ID, state="cancelled")

    look(there)

    assert f"is cancelled, and its reference line ends the agenda of webinar {own(there)} of {HOST}" in sentence(there)


def test_webinar_of_an_event_that_is_not_known_is_told(there: Service) -> None:
    number = own(there)
    with there.app.database.begin() as connection:
        connection.execute(delete(event))  # as when an older backup is restored

    look(there)

    assert sentence(there) == (
        f"There is no event {EVENT_ID} here, and its reference line ends the agenda of webinar {number} of {HOST}: was "
        "a backup restored? If it is wanted, import the event again, then: "
        f"zoom-ops events adopt {EVENT_ID} {number}. {REST}"
    )


def test_webinar_of_an_event_that_knows_of_none_is_told_and_adopted(service: Service) -> None:
    service.write(an_event())
    number = make_by_hand(service, marker(service))
    note_host(service, ACCOUNT)
    look(service)
    alerted = sentence(service)

    service.adopt(number)
    service.settle()

    assert alerted == (
        f"Event {EVENT_ID} has no webinar that is known here, and its reference line ends the agenda of webinar "
        f"{number} of {HOST}. If it is the event's: zoom-ops events adopt {EVENT_ID} {number}. {REST}"
    )
    assert alerts(service) == [("webinar_stray", EVENT_ID, True)]
    assert service.zoom.webinar()["id"] == own(service) == number


@on_sqlite
def test_what_is_not_stray_is_not_told(there: Service) -> None:
    make_by_hand(there, "")
    make_by_hand(there, LONG)
    make_by_hand(there, f"{marker(there)}\nwritten below")
    make_by_hand(there, f"Reference: zoom_ops/another/{EVENT_ID}")
    make_by_hand(there, marker(there, "No Event's Id"))

    look(there)

    assert alerts(there) == []
    assert there.run(JOB, f"{ACCOUNT}/{HOST}", kind="host")["outcome"] == "No webinar is stray."


def test_webinar_that_is_being_made_is_left_to_its_run(service: Service) -> None:
    service.zoom.fault(CREATE, "drop_response")
    service.add()
    service.work()

    service.tick(JOB)
    service.work()
    looked = service.run(JOB, f"{ACCOUNT}/{HOST}", kind="host")
    service.later(LISTED + SECOND)
    look(service)

    assert looked["state"] == "done"
    assert [call["path"] for call in looked["calls"] if "webinars" in call["path"].split("/")] == [
        f"/users/{HOST}/webinars",
        f"/webinars/{service.zoom.webinar()['id']}",
    ]
    assert alerts(service) == []


def test_alert_stays_while_another_webinar_of_its_event_is_being_made(there: Service) -> None:
    copy_by_hand(there)
    look(there)
    remove(there, own(there))
    there.zoom.fault(CREATE, "drop_response")
    there.apply(force=True)

    there.tick(JOB)
    there.work()

    assert alerts(there) == [("webinar_stray", EVENT_ID, False)]


@on_sqlite
def test_adopted_one_that_the_list_does_not_show_is_not_stray(there: Service) -> None:
    first, second = own(there), copy_by_hand(there)
    look(there)
    there.zoom.control("POST", "/list_lag", {"seconds": 10 * DAY.total_seconds()})

    there.adopt(second)
    there.settle()

    assert f"ends the agenda of webinar {first} of {HOST}, too" in sentence(there)


def test_strays_on_several_hosts_are_one_alert(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add()
    service.settle()
    first, second = copy_by_hand(service, at=HOST), copy_by_hand(service, at=OTHER_HOST)
    look(service)
    both = sentence(service)

    remove(service, first)
    look(service)

    assert f"webinar {second} of {OTHER_HOST}, webinar {first} of {HOST}, too" in both
    assert f"zoom-ops events adopt {EVENT_ID} WEBINAR_ID" in both
    assert f"ends the agenda of webinar {second} of {OTHER_HOST}, too" in sentence(service)
    assert alerts(service) == [("webinar_stray", EVENT_ID, False)]


def test_stray_that_was_dismissed_stays_away_until_there_is_another(there: Service) -> None:
    copy_by_hand(there)
    look(there)
    (alert,) = show_alerts(there.context.database)
    dismiss_alert(there.context.database, alert["id"], AN_OPERATOR)

    look(there)
    dismissed = alerts(there)
    another = copy_by_hand(there)
    look(there)

    assert dismissed == [("webinar_stray", EVENT_ID, True)]
    assert f"webinar {another} of {HOST}" in sentence(there)


@on_sqlite
def test_stray_that_is_over_is_told_no_longer(there: Service) -> None:
    copy_by_hand(there)
    look(there)

    there.clock.advance(END - there.clock.now())
    look(there)

    assert alerts(there) == [("webinar_stray", EVENT_ID, True)]


@on_sqlite
def test_empty_list_clears_nothing(there: Service) -> None:
    copy_by_hand(there)
    look(there)
    there.zoom.control("POST", "/list_lag", {"seconds": 10 * DAY.total_seconds()})

    calls = look(there)

    assert alerts(there) == [("webinar_stray", EVENT_ID, False)]
    assert calls == [LIST, READ]


@on_sqlite
def test_host_of_an_account_that_is_gone_is_left_alone(service: Service) -> None:
    note_host(service, "former")

    calls = look(service)

    run = service.run(JOB, f"former/{HOST}", kind="host")
    assert (run["state"], run["outcome"]) == ("done", "The Zoom account 'former' is not configured any more.")
    assert calls == []


def note_host(service: Service, account: str) -> None:
    """Store the host as the service does when it asks Zoom for it, before it makes a webinar."""
    fields = {"zoom_id": HOST, "licensed": True, "capacity": 500, "fetched_at": service.clock.now()}
    with service.app.database.begin() as connection:
        connection.execute(insert(host).values(account=account, email=HOST, **fields))


def test_webinars_whose_agenda_is_cut_are_read_once(there: Service) -> None:
    numbers = [make_by_hand(there, LONG) for _ in range(3)]

    first, second = look(there), look(there)
    there.zoom.call("PATCH", f"/webinars/{numbers[0]}", {"agenda": f"Changed. {LONG}\n\n{marker(there)}"})
    third, fourth = look(there), look(there)

    assert (first, second) == ([LIST, READ, READ, READ], [LIST])
    assert (third, fourth) == ([LIST, READ], [LIST, READ])
    assert f"webinar {numbers[0]} of {HOST}" in sentence(there)


def test_look_that_broke_off_reads_only_what_is_left(there: Service) -> None:
    numbers = [make_by_hand(there, LONG) for _ in range(3)]
    there.zoom.fault(f"GET /webinars/{numbers[1]}", "http", status=503)

    calls = look(there)
    with there.calls() as again:
        there.later(HOUR)

    assert (calls, again) == ([LIST, READ, READ], [LIST, READ, READ])
    assert there.run(JOB, f"{ACCOUNT}/{HOST}", kind="host")["state"] == "done"


@on_sqlite
@pytest.mark.parametrize(("count", "pages"), [pytest.param(300, 1, marks=pytest.mark.long), (301, 2)])
def test_host_of_hundreds_costs_a_call_a_page_and_day(make_service: MakeService, count: int, pages: int) -> None:
    service = make_service(zoom={"limits": False})
    coming = {"start_time": zoom_time(START + 30 * DAY), "duration": 60, "agenda": "Seen as a whole"}
    service.zoom.call_often("POST", f"/users/{HOST}/webinars", [{"topic": "By hand", **coming}] * (count - 1))
    service.add(an_event(description=LONG))
    service.settle()

    idle = [look(service) for _ in range(3)]

    assert idle == [[LIST] * pages] * 3
    assert alerts(service) == []


@on_sqlite
def test_look_comes_once_a_day(there: Service) -> None:
    jobs, latest = there.app.jobs.values(), load_strips(there.context.database, there.app.jobs)
    (job,) = [job for job in list_jobs(there.context.database, jobs, latest) if job["name"] == JOB]

    assert job["schedule"] == "every day"
    assert job["next_run"] == "2040-01-25T00:00:00+00:00"


@on_sqlite
def test_operator_has_it_looked_at_for_one_event(there: Service) -> None:
    copy = copy_by_hand(there)

    there.ask(JOB, EVENT_ID)

    assert f"webinar {copy} of {HOST}" in sentence(there)
    assert there.preview(JOB) == ()
