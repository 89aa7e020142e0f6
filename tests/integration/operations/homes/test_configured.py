"""A home whose file is new, changed or taken away counts at once."""

import pytest

from tests.builders import AN_OPERATOR
from tests.homes_double import HomeInMemory
from tests.integration.city import FILE, HARBOUR, SAID, TOWN, City, follow
from zoom_ops.configuration import read_configuration
from zoom_ops.engine.runs import Subject
from zoom_ops.errors import ParkedError
from zoom_ops.homes import UnauthorizedError
from zoom_ops.operations.events.orders.rescheduling import MoveRequest, Rescheduling, plan_request
from zoom_ops.operations.homes.admin import ask_for_pull
from zoom_ops.store.homes.records import load_pulls
from zoom_ops.store.identity.member_seals import load_seals


def test_new_home_is_pulled_at_once_and_the_others_stay_open(city: City) -> None:
    folder = city.service.app.settings.config_dir / "homes"
    before = city.context.homes["city"]
    (folder / "town.toml").write_text(TOWN)

    assert follow(city) == ("town",)

    assert city.context.homes["city"] is before
    assert [run.job for run in city.service.runs(subject=Subject(kind="home", id="town"))] == ["pull_homes"]


def test_home_without_a_file_is_forgotten_with_its_alert(city: City) -> None:
    city.home.failure = UnauthorizedError("city does not accept the credentials (HTTP 401).")
    city.service.tick("pull_homes")
    city.service.work()
    assert city.alerts() == [("home_down", "city")]
    (city.service.app.settings.config_dir / "homes" / "city.toml").unlink()

    assert follow(city) == ()

    with city.context.database.read() as connection:
        assert load_pulls(connection) == {}
    assert (city.alerts(), dict(city.context.homes)) == ([], {})
    assert city.service.tick("pull_homes") == 0


def test_move_of_a_homes_event_warns_of_no_file(city: City) -> None:
    city.write()
    city.pull()

    planned = plan_request(city.context, HARBOUR, MoveRequest(to="2040-02-12 18:00"))
    assert isinstance(planned, Rescheduling)

    assert not any("file" in note for note in planned.notes)


def seal_of(city: City, home: str) -> tuple[str, ...]:
    with city.context.database.read() as connection:
        return load_seals(connection, (home,), HARBOUR)[home]


def test_home_whose_file_is_renamed_takes_its_records_along(city: City) -> None:
    city.write()
    city.pull()
    city.edit(name="Open harbour day")
    file = city.service.app.settings.config_dir / "homes" / "city.toml"
    file.rename(file.with_name("town.toml"))
    seal = seal_of(city, "city")

    assert follow(city) == ("town",)
    assert seal_of(city, "town") == seal  # links for members keep their keys
    assert seal_of(city, "city") != seal  # and the next home of that name has others

    town = city.context.homes["town"]
    assert isinstance(town, HomeInMemory)
    town.said["12"] = {**SAID, "venue": "Pier 3"}
    (outcome,) = city.pull("town").outcomes
    assert (outcome.what, outcome.event_id, city.event().name) == ("changed", HARBOUR, "Open harbour day")


def test_second_file_of_the_same_records_is_refused(city: City) -> None:
    file = city.service.app.settings.config_dir / "homes" / "town.toml"
    file.write_text(f'{FILE}unruled = "skip"\n')

    (mistake,) = read_configuration(city.service.app.place, lambda _language, _texts: None).mistakes

    assert mistake == f"{file}: It describes the same records as city.toml: take one of the two files away."


def test_other_system_under_the_name_of_a_home_changes_no_event(city: City) -> None:
    city.write()
    city.pull()
    (city.service.app.settings.config_dir / "homes" / "city.toml").write_text(TOWN)
    city.write(name="Another event of the same number")
    follow(city)

    city.service.work()

    assert city.event().name == "Open harbour"
    assert city.alerts() == [("home_down", "city")]
    with pytest.raises(ParkedError, match="zoom-ops homes pull city --moved"):
        city.pull()

    ask_for_pull(city.context, "city", AN_OPERATOR, moved=True)
    city.pull()

    assert city.event().name == "Another event of the same number"


def test_home_without_events_may_name_another_system(city: City) -> None:
    city.write(start="2039-02-10T18:00:00+01:00", end="2039-02-10T19:30:00+01:00")
    city.pull()
    (city.service.app.settings.config_dir / "homes" / "city.toml").write_text(TOWN)
    follow(city)
    city.home.said.clear()
    city.write()

    assert [each.what for each in city.pull().outcomes] == ["new"]


def test_home_without_a_file_keeps_no_alert_of_its_records(city: City) -> None:
    city.write()
    city.pull()
    del city.home.said["12"]
    city.pull()
    assert city.alerts() == [("home_record_gone", HARBOUR)]
    (city.service.app.settings.config_dir / "homes" / "city.toml").unlink()

    follow(city)

    assert city.alerts() == []
