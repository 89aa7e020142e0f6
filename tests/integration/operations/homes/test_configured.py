"""A home whose file is new, changed or taken away counts at once."""

from tests.integration.city import FILE, HARBOUR, City, follow
from zoom_ops.engine.runs import Subject
from zoom_ops.homes import UnauthorizedError
from zoom_ops.operations.events.rescheduling import MoveRequest, Rescheduling, plan_request
from zoom_ops.store.home_records import load_pulls


def test_new_home_is_pulled_at_once_and_the_others_stay_open(city: City) -> None:
    folder = city.service.app.settings.config_dir / "homes"
    before = city.context.homes["city"]
    (folder / "town.toml").write_text(FILE)

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
