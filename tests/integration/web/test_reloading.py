"""The configuration lives: files that change are taken in whole or not at all, and what waited for them goes on."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import ACCOUNT, END, EVENT_ID, HOST, OTHER_HOST, START, an_event
from tests.integration.city import FILE, TOWN, City
from tests.integration.command_line import CommandLine
from tests.integration.service import WEBHOOK_SECRET, MakeService, Service
from tests.integration.web.api.program import Program
from tests.root import ROOT
from tests.web_site import visited
from zoom_ops.engine.runs import Subject
from zoom_ops.live import Live
from zoom_ops.operations.admin.configured import follow_configuration
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.configurations import Held, load_held, save_held
from zoom_ops.web.app import create_app
from zoom_ops.web.daemon import build_services
from zoom_ops.web.i18n.language import Language
from zoom_ops.web.reloading import Reloader, open_languages

JOBS = ROOT / "jobs"
GREET = '''"""Greet."""

from zoom_ops.job_api import Work, job, minutes, unplanned_events


@job(every=minutes(5), turn=unplanned_events, on=("event.changed",))
def greet(work: Work) -> str:
    """Say hello."""
    return "Good evening."
'''
HOUR = timedelta(hours=1)
LECTURE = "[settings]\npractice_session = true\n"


class Reloaded:
    """A service whose files a test changes, and what reads them again."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.languages: Live[str, Language] = open_languages(service.app)
        self.reloader = Reloader(service.app, self.languages, "all")
        self.config = service.app.place.config_dir
        self.look()

    def look(self) -> None:
        """Look twice, as two looks have to agree."""
        self.reloader.look()
        self.reloader.look()

    def write(self, file: str, content: str) -> None:
        """Write a configuration file, and look."""
        path = self.config / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        self.look()

    def alerts(self) -> list[str]:
        """Return the sentences of the open alerts that the files are wrong."""
        with self.service.app.database.read() as connection:
            return [str(row.sentence) for row in list_alerts(connection, kinds=("configuration_refused",))]


@pytest.fixture
def reloaded(service: Service) -> Reloaded:
    """Return a service whose files can change."""
    return Reloaded(service)


def states_of(service: Service, job: str = "create_webinars") -> list[str]:
    return [run.state for run in service.runs(job=job)]


def test_run_that_missed_a_profile_goes_on_once_it_is_there(reloaded: Reloaded) -> None:
    service = reloaded.service
    service.write(an_event(profile="town-hall"))
    service.ask("create_webinars", EVENT_ID)
    before = states_of(service)

    reloaded.write("profiles/town-hall.toml", LECTURE)
    service.settle()

    assert (before, states_of(service)) == (["parked"], ["done"])
    assert service.zoom.webinar()["settings"]["practice_session"] is True


def test_run_that_missed_a_profile_goes_on_after_a_start(reloaded: Reloaded) -> None:
    service = reloaded.service
    service.write(an_event(profile="town-hall"))
    service.ask("create_webinars", EVENT_ID)
    profiles = service.context.profiles
    profiles.replace({**profiles, "town-hall": profiles["default"]})

    follow_configuration(service.context, service.app.jobs.values())
    service.settle()

    assert states_of(service) == ["done"]


def test_mistyped_profile_keeps_the_old_and_raises_one_alert(reloaded: Reloaded) -> None:
    service, default = reloaded.service, (reloaded.config / "profiles" / "default.toml").read_text("utf-8")
    reloaded.write("profiles/lecture.toml", "buffer_minutes = 7\n")
    has = dict(service.context.profiles)

    reloaded.write("profiles/lecture.toml", "buffer_minutes = 9\nbufer_minutes = 1\n")
    reloaded.look()
    (alert,) = reloaded.alerts()

    assert dict(service.context.profiles) == has
    assert "lecture.toml:2: There is no key 'bufer_minutes'. Did you mean 'buffer_minutes'?" in alert
    assert alert.endswith("All mistakes: zoom-ops config check")

    reloaded.write("profiles/lecture.toml", "buffer_minutes = 9\n")

    assert reloaded.alerts() == []
    assert service.context.profiles["lecture"].buffer_minutes == 9
    assert (reloaded.config / "profiles" / "default.toml").read_text("utf-8") == default


def test_home_that_is_new_or_has_changed_counts_without_a_restart(city: City) -> None:
    reloaded = Reloaded(city.service)
    reloaded.write("homes/town.toml", TOWN)
    reloaded.write("homes/city.toml", f'{FILE}unruled = "skip"\n')

    assert sorted(city.context.homes) == ["city", "town"]
    assert city.context.home_settings["city"].unruled == "skip"
    assert [run.job for run in city.service.runs(subject=Subject(kind="home", id="town"))] == ["pull_homes"]


def test_one_wrong_file_keeps_the_right_ones_out(reloaded: Reloaded) -> None:
    (reloaded.config / "profiles" / "good.toml").write_text("buffer_minutes = 1\n", "utf-8")

    reloaded.write("words/fr.toml", '"No page says this" = "x"\n')

    assert "good" not in reloaded.service.context.profiles
    assert len(reloaded.alerts()) == 1


def test_half_saved_file_is_not_read(reloaded: Reloaded) -> None:
    path = reloaded.config / "profiles" / "lecture.toml"
    path.write_text("buffer_min", "utf-8")
    reloaded.reloader.look()
    path.write_text("buffer_minutes = 3\n", "utf-8")
    reloaded.reloader.look()

    before = "lecture" in reloaded.service.context.profiles
    reloaded.reloader.look()

    assert (before, reloaded.service.context.profiles["lecture"].buffer_minutes) == (False, 3)
    assert reloaded.alerts() == []


def test_webinar_follows_a_changed_profile(reloaded: Reloaded) -> None:
    service = reloaded.service
    reloaded.write("profiles/lecture.toml", "[settings]\npractice_session = false\n")
    service.add(an_event(profile="lecture"), an_event(id="other", start=START - HOUR * 24, end=END - HOUR * 24))
    service.add(an_event(id="far", profile="lecture", start=START + HOUR * 24, end=END + HOUR * 24))
    service.settle()
    service.clock.advance(3 * HOUR)
    before = len(service.runs())

    reloaded.write("profiles/lecture.toml", LECTURE)
    service.settle()

    webinars = sorted(service.zoom.webinars(), key=lambda webinar: str(webinar["start_time"]))
    practised = [webinar["settings"]["practice_session"] for webinar in webinars]
    assert practised == [True, True, False]  # of another profile, of the coming week, of a later one
    assert [run.subject.id for run in service.runs()[: len(service.runs()) - before]] == [EVENT_ID] * 2


@pytest.mark.both_databases
def test_webinar_follows_a_profile_that_changed_while_nothing_ran(reloaded: Reloaded) -> None:
    service = reloaded.service
    follow_configuration(service.context, service.app.jobs.values())  # the start before
    service.add()
    service.settle()
    service.clock.advance(3 * HOUR)
    profiles = service.context.profiles
    changed = profiles["default"].model_copy(update={"settings": (("practice_session", False),)})
    profiles.replace({**profiles, "default": changed})

    requested = [follow_configuration(service.context, service.app.jobs.values()) for _start in range(2)]
    service.settle()

    assert requested == [1, 0]
    assert service.zoom.webinar()["settings"]["practice_session"] is False


def test_recording_that_was_too_short_is_published_once_the_profile_says_so(reloaded: Reloaded) -> None:
    service = reloaded.service
    reloaded.write("profiles/lecture.toml", "min_recording_minutes = 200\n")
    service.add(an_event(profile="lecture"))
    service.settle()
    service.clock.advance(END - service.clock.now())
    service.zoom.hold()
    service.settle()
    before = service.published()

    reloaded.write("profiles/lecture.toml", "min_recording_minutes = 1\n")
    service.settle()

    assert (before, len(service.published())) == ([], 1)


def test_reading_without_a_change_requests_nothing(reloaded: Reloaded) -> None:
    service = reloaded.service
    service.add()
    service.settle()
    before = len(service.runs())

    for _signal in range(10):
        reloaded.reloader.look(asked=True)
    (reloaded.config / "profiles" / "default.toml").touch()
    reloaded.look()
    service.settle()

    assert len(service.runs()) == before


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda config: (config / "profiles" / "default.toml").unlink(), "There is no profile"),
        (lambda config: shutil.rmtree(config / "profiles"), "There is no profile"),
        (
            lambda config: (config / "settings.toml").write_text("lsten = 1\n"),
            "settings.toml:1: There is no key 'lsten'.",
        ),
        (lambda config: (config / "settings.toml").write_bytes(b"\xff\xfe"), "is not text in UTF-8"),
        (
            lambda config: (config / "profiles" / "a.toml").write_bytes(b"\xff\xfe"),
            "a.toml: This is not text in UTF-8.",
        ),
        (lambda config: (config / "words").mkdir() or (config / "words" / "xx.toml").touch(), "no pages in 'xx'"),
    ],
    ids=["no default", "no profiles", "setting", "settings of bytes", "profile of bytes", "unknown language"],
)
def test_broken_files_keep_the_old(reloaded: Reloaded, break_it: Callable[[Path], object], reason: str) -> None:
    has = dict(reloaded.service.context.profiles)

    break_it(reloaded.config)
    reloaded.look()

    (alert,) = reloaded.alerts()
    assert reason in alert
    assert dict(reloaded.service.context.profiles) == has


def test_words_are_on_the_pages_without_a_restart(reloaded: Reloaded) -> None:
    with visited(create_app(build_services(reloaded.service.app, reloaded.languages))) as visitor:
        before = visitor.get("/?lang=fr").text

        reloaded.write("words/fr.toml", 'organisation = "Semaine des marées"\n"Programme" = "Calendrier"\n')

        after = visitor.get("/?lang=fr").text
    assert [word in before for word in ("Semaine des marées", "Calendrier")] == [False, False]
    assert [word in after for word in ("Semaine des marées", "Calendrier")] == [True, True]


class TestJobs:
    """Job files."""

    @pytest.fixture
    def with_jobs(self, make_service: MakeService, tmp_path: Path) -> Reloaded:
        """Return a service with job files of its own."""
        shutil.copytree(JOBS, tmp_path / "jobs", ignore=shutil.ignore_patterns("__pycache__"))
        self.jobs = tmp_path / "jobs"
        return Reloaded(make_service(settings={"ZOOM_OPS_JOBS_DIR": str(self.jobs)}))

    def test_new_changed_and_removed_jobs_are_taken_in(self, with_jobs: Reloaded) -> None:
        app = with_jobs.service.app
        publishing = self.jobs / "publish_recordings.py"
        publishing.write_text(publishing.read_text("utf-8").replace("minutes(10)", "minutes(20)"), "utf-8")
        (self.jobs / "greet.py").write_text(GREET, "utf-8")
        (self.jobs / "report_stray_webinars.py").unlink()

        with_jobs.look()

        assert app.jobs["publish_recordings"].when == timedelta(minutes=20)
        assert "report_stray_webinars" not in app.jobs
        assert "webinar.moved" not in app.context.rings  # nothing else listens to it
        assert "greet" in app.context.rings["event.changed"]
        with_jobs.service.add()
        with_jobs.service.settle()
        assert with_jobs.service.run("greet")["outcome"] == "Good evening."

    def test_changed_function_is_taken_in_also_within_a_second(self, with_jobs: Reloaded) -> None:
        (self.jobs / "greet.py").write_text(GREET, "utf-8")
        with_jobs.look()
        (self.jobs / "greet.py").write_text(GREET.replace("evening", "morning"), "utf-8")
        with_jobs.look()

        with_jobs.service.add()
        with_jobs.service.settle()

        assert with_jobs.service.run("greet")["outcome"] == "Good morning."

    @pytest.mark.parametrize(
        ("content", "reason"),
        [("def greet(:\n", "greet.py:1: invalid syntax."), ("raise SystemExit\n", "greet.py:1: SystemExit")],
    )
    def test_wrong_job_file_keeps_all_jobs(self, with_jobs: Reloaded, content: str, reason: str) -> None:
        has = dict(with_jobs.service.app.jobs)
        (self.jobs / "sweep.py").write_text(GREET.replace("greet", "sweep"), "utf-8")
        (self.jobs / "greet.py").write_text(content, "utf-8")

        with_jobs.look()

        assert reason in with_jobs.alerts()[0]
        assert dict(with_jobs.service.app.jobs) == has

    def test_folder_of_jobs_that_is_gone_keeps_all_jobs(self, with_jobs: Reloaded) -> None:
        has = dict(with_jobs.service.app.jobs)
        self.jobs.rename(self.jobs.with_name("away"))

        with_jobs.look()
        refused = with_jobs.alerts()
        self.jobs.with_name("away").rename(self.jobs)
        with_jobs.look()

        assert "There is no folder of jobs" in refused[0]
        assert with_jobs.alerts() == []
        assert with_jobs.service.app.jobs.keys() == has.keys()


@pytest.mark.both_databases
class TestProcesses:
    """What each process has, and the one alert of all."""

    def test_alert_lasts_while_another_process_has_refused_the_files(self, reloaded: Reloaded) -> None:
        service = reloaded.service
        now = service.clock.now()
        other = Held(process="other:1", part="worker", read_at=now, seen_at=now, items={}, refused="a.toml:1: wrong.")
        with service.app.database.begin() as connection:
            save_held(connection, other)

        reloaded.write("profiles/lecture.toml", "buffer_minutes = 1\n")
        while_there = reloaded.alerts()
        service.clock.advance(timedelta(minutes=1))
        reloaded.look()

        assert "a.toml:1: wrong." in while_there[0]
        assert reloaded.alerts() == []
        with service.app.database.read() as connection:
            assert [held.part for held in load_held(connection, service.clock.now())] == ["all"]

    def test_process_that_ends_is_forgotten(self, reloaded: Reloaded) -> None:
        service = reloaded.service

        reloaded.reloader.start()
        reloaded.reloader.stop()

        with service.app.database.read() as connection:
            assert load_held(connection, service.clock.now()) == ()

    def test_no_secret_is_stored(self, reloaded: Reloaded) -> None:
        service = reloaded.service
        with service.app.database.read() as connection:
            (held,) = load_held(connection, service.clock.now())

        gateway = service.context.gateways[ACCOUNT].account
        values = {str(fields) for fields in held.items["setting"].values()}
        assert not [value for value in values if WEBHOOK_SECRET in value or f"'{gateway.client_secret}'" in value]

    def test_differences_are_on_all_surfaces(
        self, reloaded: Reloaded, program: Program, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = reloaded.service.app.place
        monkeypatch.setattr("zoom_ops.cli.opening.place", lambda: place)
        equal = command_line.run("config", "diff").out

        (place.config_dir / "profiles" / "lecture.toml").write_text("buffer_minutes = 1\n", "utf-8")
        differing = command_line.run("config", "diff", code=1).out
        answer = program.ask("GET", "/configuration")

        assert equal.splitlines()[1:] == ["  It has what the files say."]
        assert differing.splitlines()[1:] == ["  profile lecture is new."]
        (process,) = answer["processes"]
        assert [difference["sentence"] for difference in process["differences"]] == ["profile lecture is new."]
        assert {row["name"] for row in answer["profiles"]} == {"default", "lecture"}

    def test_check_names_every_mistake(
        self, reloaded: Reloaded, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = reloaded.service.app.place
        monkeypatch.setattr("zoom_ops.cli.opening.place", lambda: place)
        right = command_line.run("config", "check").out

        (place.config_dir / "settings.toml").write_text('lsten = "a"\nidle_s = 0\n', "utf-8")
        (place.config_dir / "profiles" / "lecture.toml").write_text("bufer_minutes = 1\n", "utf-8")
        wrong = command_line.run("config", "check", code=2).err
        shown = command_line.run("config", "show", code=2).err

        assert right == "All is right. 1 account, 1 profile, 0 homes, 16 jobs, 0 files of words.\n"
        assert [line.rpartition("/")[2][:24] for line in wrong.splitlines()] == [
            "settings.toml:2: idle_s:", "settings.toml:1: There i", "lecture.toml:1: There is",
        ]  # fmt: skip
        assert "settings.toml:2" in shown

    def test_check_names_an_alert_target_that_cannot_be_used(
        self, reloaded: Reloaded, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = reloaded.service.app.place
        monkeypatch.setattr("zoom_ops.cli.opening.place", lambda: place)
        (place.config_dir / "settings.toml").write_text('alert_to = ["mailtoo://tidewaterSecret42"]\n', "utf-8")

        checked = command_line.run("config", "check", code=2)
        document = command_line.run("config", "check", "--json", code=2)

        assert checked.err.startswith("ALERT_TO: mailtoo #1 cannot be used: there is no service with mailtoo://.")
        assert "All is right" not in checked.out
        assert document.json["mistakes"] == checked.err.splitlines()
        assert "tidewaterSecret42" not in checked.err + document.out

    def test_show_says_what_the_files_say_without_secrets(
        self, reloaded: Reloaded, command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("zoom_ops.cli.opening.place", lambda: reloaded.service.app.place)

        lines = command_line.run("config", "show").out.splitlines()
        document = command_line.run("config", "show", "--json").json

        assert "  ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET = set  (from a variable)" in lines
        assert "  ZOOM_OPS_LISTEN = 127.0.0.1:8000  (counts after a restart)" in lines
        assert [profile["name"] for profile in document["profiles"]] == ["default"]

    def test_example_is_the_one_that_ships(self, command_line: CommandLine) -> None:
        profile = (ROOT / "config/profiles/panel.toml").read_text("utf-8")

        assert command_line.run("config", "example").out == (ROOT / "config/settings.example.toml").read_text("utf-8")
        assert command_line.run("config", "example", "--profile", "panel").out == profile
        assert (
            "There is no profile 'pannel'." in command_line.run("config", "example", "--profile", "pannel", code=2).err
        )


class TestAccounts:
    """Accounts of settings.toml."""

    @pytest.fixture
    def written(self, make_service: MakeService, tmp_path: Path) -> Reloaded:
        """Return a service whose second account is in the file."""
        secret = tmp_path / "client-secret"
        secret.write_text("secret", "utf-8")
        reloaded = Reloaded(make_service())
        self.account = reloaded.service.context.gateways[ACCOUNT].account
        self.secret = secret
        reloaded.write("settings.toml", self.second())
        return reloaded

    def second(self, hosts: str = HOST) -> str:
        return (
            f'[accounts.second]\naccount_id = "account"\nclient_id = "client"\nhosts = ["{hosts}"]\n'
            f'client_secret_file = "{self.secret}"\n'
            f'api_url = "{self.account.api_url}"\noauth_url = "{self.account.oauth_url}"\n'
        )

    def test_gateway_is_built_anew_only_where_settings_changed(self, written: Reloaded) -> None:
        gateways = dict(written.service.context.gateways)

        written.write("settings.toml", self.second(OTHER_HOST))

        now = written.service.context.gateways
        assert now[ACCOUNT] is gateways[ACCOUNT]
        assert now["second"] is not gateways["second"]
        assert now["second"].account.hosts == (OTHER_HOST,)

    def test_changed_secret_file_is_read(self, written: Reloaded) -> None:
        before = written.service.context.gateways["second"].fingerprint

        self.secret.write_text("other-secret", "utf-8")
        written.look()

        assert written.service.context.gateways["second"].fingerprint != before

    def test_run_of_a_removed_account_is_parked_and_goes_on_once_it_is_back(self, written: Reloaded) -> None:
        service = written.service
        service.write(an_event(account="second"))
        service.ask("create_webinars", EVENT_ID)
        written.write("settings.toml", "")
        service.write(an_event(account="second", name="Another name"))
        service.ask("create_webinars", EVENT_ID)
        parked = states_of(service)

        written.write("settings.toml", self.second())
        service.settle()

        assert (parked[0], states_of(service)[0]) == ("parked", "done")

    def test_run_without_account_goes_on_once_there_is_a_default_again(self, written: Reloaded) -> None:
        service = written.service
        written.write("settings.toml", f'default_account = "second"\n{self.second()}')
        environ = {name: value for name, value in service.app.place.environ.items() if "DEFAULT" not in name}
        object.__setattr__(service.app, "place", replace(service.app.place, environ=environ))
        written.write("settings.toml", self.second())
        service.add()
        service.settle()
        waiting = [run.waiting for run in service.runs(job="create_webinars")]

        written.write("settings.toml", "")
        service.settle()

        assert (waiting, states_of(service)[0]) == ([True], "done")

    def test_settings_without_any_account_are_not_believed(self, written: Reloaded) -> None:
        environ = {name: value for name, value in written.service.app.place.environ.items() if "ACCOUNT" not in name}
        object.__setattr__(written.service.app, "place", replace(written.service.app.place, environ=environ))

        written.write("settings.toml", "")

        assert set(written.service.context.gateways) == {ACCOUNT, "second"}
        assert "settings.toml names no Zoom account any more." in written.alerts()[0]

    def test_webinar_is_made_once_its_account_is_there(self, written: Reloaded) -> None:
        service = written.service
        written.write("settings.toml", "")
        service.write(an_event(account="second"))
        service.ask("create_webinars", EVENT_ID)
        before = [run.waiting for run in service.runs(job="create_webinars")]

        written.write("settings.toml", self.second(HOST))
        service.settle()

        assert (before, states_of(service)) == ([True], ["done"])
