"""A home whose own system makes the webinars: they are awaited and adopted, and there is never a second one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen

from tests.builders import ACCOUNT
from tests.integration.city import HARBOUR, City, follow
from tests.integration.service import CREATE, DELETE, READ
from zoom_ops.engine.effects import Change
from zoom_ops.homes import MakesWebinars
from zoom_ops.operations.homes.admin import show_event_homes
from zoom_ops.operations.homes.foresee import pull_json
from zoom_ops.operations.homes.pull import preview_pull
from zoom_ops.operations.stages.facts import load_facts
from zoom_ops.stages import Stage, stages_of
from zoom_ops.webinars import Unclear

MANAGER = "manager@example.org"
SOON = timedelta(days=15, hours=12)  # the event is on the 17th day


@pytest.fixture
def city(city: City) -> City:
    """A home whose system makes the webinars."""
    return let_make(city)


def let_make(city: City, **how: Any) -> City:
    """Let the system of the home make the webinars."""
    city.home.capabilities = replace(city.home.capabilities, makes_webinars=MakesWebinars(**how))
    return city


def make_there(city: City, record: str = "12", **fields: Any) -> int:
    """The system of the home makes a webinar, and names it in a record."""
    body = {"topic": "Made there", "type": 5, "start_time": "2040-02-10T17:00:00Z", "duration": 60} | fields
    number = int(city.service.zoom.call("POST", f"/users/{MANAGER}/webinars", body)["id"])
    city.home.webinars[record] = number
    return number


def come(city: City) -> None:
    """Read the home, and do what follows."""
    city.pull()
    city.service.settle()


def stage(city: City, name: str = "webinar") -> Stage:
    """Return a stage of the event."""
    facts = load_facts(city.context, HARBOUR, performing=True)
    return next(stage for stage in stages_of(facts) if stage.name == name)


def shown(city: City) -> tuple[int | None, str]:
    """Return what `homes show` tells of the webinar of the event."""
    (record,) = show_event_homes(city.context, HARBOUR)
    return record["webinar"], record["webinar_says"]


def number_of(city: City, event_id: str = HARBOUR) -> int | None:
    """Return the webinar of an event."""
    webinar = city.service.shown(event_id)["webinar"]
    return int(webinar["id"]) if webinar else None


@pytest.mark.both_databases
def test_webinar_that_a_record_names_is_adopted_and_follows_the_record(city: City) -> None:
    city.write()
    number = make_there(city)

    come(city)

    webinar = city.service.zoom.webinar()
    assert number_of(city) == number == webinar["id"]
    assert (webinar["topic"], webinar["host"], webinar["duration"]) == ("Open harbour", MANAGER, 90)
    assert webinar["agenda"].endswith(HARBOUR)
    assert "webinar_adopted" in city.service.happened(HARBOUR)
    assert [stage(city, name).state for name in ("webinar", "settings")] == ["done", "done"]
    assert shown(city) == (number, f"Webinar {number} was made there, and is the event's.")


def test_pull_that_is_only_foreseen_says_what_becomes_of_the_webinar(city: City) -> None:
    city.write()
    awaited = foresee(city)
    number = make_there(city)

    assert [len(plan) for plan in (awaited, foresee(city))] == [1, 1]
    assert "home city makes the webinar: it is awaited until" in awaited[0]
    assert foresee(city) == ["Adopt the webinar: it was made for the event in its home"]
    assert city.service.zoom.webinar()["id"] == number


def foresee(city: City) -> list[str]:
    """Return what a pull would plan for the only record."""
    (record,) = pull_json(city.context, preview_pull(city.context, "city"))["records"]
    return list(record["plan"])


def test_adoption_that_breaks_off_is_done_later(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = list[str]()

    def break_off(step: str, change: Change) -> None:
        if (step, change.kind, broken) == ("before done", "AdoptWebinar", []):
            broken.append(step)
            raise SystemError("The machine lost its power.")

    monkeypatch.setattr(city.context.journal, "_on_step", break_off)
    city.write()
    number = make_there(city)

    come(city)
    assert (broken, number_of(city)) == (["before done"], None)
    city.service.clock.advance(timedelta(minutes=2))
    city.service.ask("create_webinars", HARBOUR)

    assert number_of(city) == number
    assert [webinar["id"] for webinar in city.service.zoom.webinars()] == [number]


def test_webinar_is_awaited_and_an_operator_is_asked_two_days_before(city: City) -> None:
    city.write()

    come(city)

    assert stage(city).state == "waits"
    assert shown(city) == (None, stage(city).sentence)
    assert stage(city).reason.endswith("makes the webinar: it is awaited until 2040-02-08 17:00 UTC.")
    city.service.later(SOON)
    assert stage(city).state == "late"
    assert "names none. Make it there." in stage(city).sentence
    assert city.service.zoom.webinars() == []
    number = make_there(city)
    come(city)
    assert [webinar["id"] for webinar in city.service.zoom.webinars()] == [number]
    assert stage(city).state == "done"


def test_one_of_ours_is_made_late_where_the_home_says_so_and_operators_are_told(city: City) -> None:
    let_make(city, otherwise="make").write()
    come(city)
    assert city.service.zoom.webinars() == []

    city.service.later(SOON)

    assert len(city.service.zoom.webinars()) == 1
    assert ("webinar_not_named", HARBOUR) in city.alerts()


@pytest.mark.parametrize("unclear", ["unsaid", "unknown"])
def test_none_is_made_where_the_home_may_have_one(city: City, unclear: Unclear) -> None:
    let_make(city, otherwise="make").write()
    city.home.webinars["12"] = unclear
    come(city)

    city.service.later(SOON)

    assert (city.service.zoom.webinars(), stage(city).state) == ([], "late")
    assert shown(city) == (None, stage(city).sentence)
    city.service.apply(HARBOUR, force=True)
    assert len(city.service.zoom.webinars()) == (0 if unclear == "unsaid" else 1)
    city.home.webinars.clear()
    come(city)
    assert len(city.service.zoom.webinars()) == 1


@pytest.mark.both_databases
def test_event_waits_no_more_once_the_file_says_that_we_make_the_webinars(city: City) -> None:
    city.write()
    come(city)
    city.home.capabilities = replace(city.home.capabilities, makes_webinars=None)
    file = city.service.app.settings.config_dir / "homes" / "city.toml"
    file.write_text(f"{file.read_text()}requests_a_minute = 60\n")

    assert follow(city) == ("city",)
    city.service.settle()

    assert len(city.service.zoom.webinars()) == 1


def test_operator_does_not_wait_for_the_home(city: City) -> None:
    city.write()
    come(city)

    city.service.apply(HARBOUR, force=True)

    assert number_of(city) == city.service.zoom.webinar()["id"]


def test_webinar_that_comes_after_ours_is_an_alert_and_an_operator_may_take_it(city: City) -> None:
    city.write()
    come(city)
    city.service.apply(HARBOUR, force=True)
    ours, theirs = number_of(city), make_there(city)

    come(city)

    assert number_of(city) == ours
    assert ("two_webinars", HARBOUR) in city.alerts()
    assert shown(city)[1].startswith(f"The event has webinar {ours}, and home city names another")
    city.service.adopt(theirs, HARBOUR)
    city.service.settle()
    assert number_of(city) == theirs
    assert ("two_webinars", HARBOUR) not in city.alerts()
    assert ("webinar_stray", HARBOUR) in city.alerts()


@pytest.mark.parametrize("what", ["a meeting", "of another account", "a series", "kept elsewhere"])
def test_number_that_is_no_webinar_of_ours_makes_none_and_asks(city: City, what: str) -> None:
    city.write()
    if what == "of another account":
        city.home.webinars["12"] = 81234567890
    elif what == "a series":
        make_there(city, type=6)
    elif what == "kept elsewhere":
        make_there(city, agenda="Words\n\nReference: zoom_ops/rehearsals/open-harbour")
    else:
        city.service.zoom.control("POST", f"/webinars/{make_there(city)}/convert", {"to": "meeting"})

    with city.service.calls() as calls:
        come(city)
        city.service.apply(HARBOUR, force=True)

    says = {
        "a meeting": "which is a meeting and no webinar: nothing is made.",
        "of another account": f"Account {ACCOUNT} has no webinar 81234567890",
        "a series": "is a series (type 6)",
        "kept elsewhere": "which another installation of zoom_ops keeps",
    }
    assert CREATE not in calls
    assert stage(city).state == "stuck"
    assert says[what] in stage(city).reason
    right = make_there(city)
    come(city)
    assert number_of(city) == right


def test_webinar_of_another_account_of_ours_makes_none_and_names_the_account(make_city: Callable[..., City]) -> None:
    city = let_make(make_city('[[rules]]\nlabel = "*"\naccount = "main"\n', accounts={"spare": ["two@example.org"]}))
    city.write()
    number = make_there(city)
    city.service.zoom.fault(READ, "http", status=404, code=3001, message="Webinar does not exist.")  # for `main`

    come(city)

    assert f"Webinar {number}, which home city names, is of account spare" in stage(city).reason
    assert number_of(city) is None
    assert len(city.service.zoom.webinars()) == 1


@pytest.mark.both_databases
def test_one_webinar_in_two_records_is_nobodys_until_an_operator_decides(city: City) -> None:
    city.write()
    city.write("13", name="Night harbour", start="2040-02-11T18:00:00+01:00", end="2040-02-11T19:30:00+01:00")
    number = city.home.webinars["13"] = make_there(city)

    come(city)

    assert [number_of(city, event_id) for event_id in (HARBOUR, "night-harbour")] == [None, None]
    assert f"names webinar {number}, which is that of night-harbour, too" in stage(city).reason
    city.service.adopt(number, "night-harbour")
    city.service.settle()
    assert [number_of(city, event_id) for event_id in (HARBOUR, "night-harbour")] == [None, number]
    assert f"names webinar {number}, which event night-harbour has" in stage(city).reason
    assert len(city.service.zoom.webinars()) == 1


def test_records_that_name_webinars_are_read_once_for_the_plan_of_many_events(city: City) -> None:
    for record, day in (("12", "10"), ("13", "11"), ("14", "12")):
        city.write(record, name=f"Harbour {record}", start=f"2040-02-{day}T18:00:00Z", end=f"2040-02-{day}T19:30:00Z")
        city.home.webinars[record] = 80_000_000_000 + int(record)
    city.pull()
    city.service.plan()  # asks Zoom for the hosts
    sent = list[str]()

    def hear(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        sent.append(sql)

    listen(city.context.database.engine, "before_cursor_execute", hear)
    overview = city.service.plan()

    assert len(overview.plans) == 3
    assert len([sql for sql in sent if "home_record.webinar_id IS NOT NULL" in sql]) == 1


def test_webinar_that_the_home_made_anew_is_adopted_and_one_that_it_hides_stays(city: City) -> None:
    city.write()
    first = make_there(city)
    come(city)
    city.service.stop_hearing()  # Zoom's word of the deletion is lost
    city.service.zoom.call("DELETE", f"/webinars/{first}")
    second = make_there(city)

    come(city)
    assert number_of(city) == second

    del city.home.webinars["12"]
    come(city)
    assert number_of(city) == second
    assert ("webinar_not_named", HARBOUR) in city.alerts()


@pytest.mark.parametrize("still_named", [False, True])
def test_webinar_that_is_removed_there_asks_in_the_same_words_everywhere(city: City, still_named: bool) -> None:
    city.write()
    first = make_there(city)
    come(city)
    city.service.zoom.call("DELETE", f"/webinars/{first}")
    if not still_named:
        del city.home.webinars["12"]

    come(city)

    assert f"Webinar {first} was deleted at Zoom." in stage(city).reason
    assert shown(city)[1] == stage(city).reason
    city.write(status="cancelled")
    come(city)
    assert shown(city)[1] == ""


def test_cancelled_event_keeps_the_webinar_that_the_home_made_until_an_operator_says_so(city: City) -> None:
    city.write()
    number = make_there(city)
    come(city)
    city.write(status="cancelled")

    with city.service.calls() as calls:
        come(city)

    assert DELETE not in calls
    assert f"Webinar {number} was made by the system of the event's home" in stage(city).reason
    city.service.apply(HARBOUR, force=True)
    assert city.service.zoom.webinars() == []


def test_webinar_that_people_made_and_named_is_adopted_and_none_is_awaited(city: City) -> None:
    city.home.capabilities = replace(city.home.capabilities, makes_webinars=None, names_webinars=True)
    city.write()
    city.write(
        "13", name="Night of the lighthouses", start="2040-02-12T18:00:00+01:00", end="2040-02-12T19:00:00+01:00"
    )
    number = make_there(city)

    come(city)

    assert shown(city) == (number, f"Webinar {number} was made there, and is the event's.")
    assert number_of(city) == number
    assert number_of(city, "night-of-the-lighthouses") not in (None, number)
    assert city.alerts() == []
