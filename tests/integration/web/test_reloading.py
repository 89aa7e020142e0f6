"""The configuration lives: files that change are taken in whole or not at all, and what waited for them goes on."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import ACCOUNT, EVENT_ID, NOW, an_event
from tests.integration.service import MakeService, Service
from zoom_ops.live import Live
from zoom_ops.operations.admin.configured import follow_configuration
from zoom_ops.store.alerts import list_alerts
from zoom_ops.store.configurations import load_held
from zoom_ops.web.i18n.language import Language
from zoom_ops.web.reloading import Reloader, open_languages

LECTURE = '[settings]\npractice_session = true\n'


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
            return [row.sentence for row in list_alerts(connection, kinds=("configuration_refused",))]


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
    service.add(an_event(profile="lecture"), an_event(id="tidal-power", start=NOW + timedelta(days=9)))
    service.settle()
    before = len(service.runs())

    reloaded.write("profiles/lecture.toml", LECTURE)
    service.settle()

    changed = service.zoom.webinars()[0]
    assert changed["settings"]["practice_session"] is True
    assert [run.subject.id for run in service.runs()[: len(service.runs()) - before]] == [EVENT_ID] * 2


def test_webinar_follows_a_profile_that_changed_while_nothing_ran(reloaded: Reloaded) -> None:
    service = reloaded.service
    follow_configuration(service.context, service.app.jobs.values())  # the start before
    service.add()
    service.settle()
    profiles = service.context.profiles
    changed = profiles["default"].model_copy(update={"settings": (("practice_session", True),)})
    profiles.replace({**profiles, "default": changed})

    requested = [follow_configuration(service.context, service.app.jobs.values()) for _start in range(2)]
    service.settle()

    assert requested == [1, 0]
    assert service.zoom.webinar()["settings"]["practice_session"] is True


def test_recording_that_was_too_short_is_published_once_the_profile_says_so(reloaded: Reloaded) -> None:
    service = reloaded.service
    reloaded.write("profiles/lecture.toml", "min_recording_minutes = 200\n")
    service.add(an_event(profile="lecture"))
    service.settle()
    service.clock.advance(timedelta(days=60))
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
        (lambda config: (config / "settings.toml").write_text("lsten = 1\n"), "settings.toml:1: There is no key 'lsten'."),
        (lambda config: (config / "settings.toml").write_bytes(b"\xff\xfe"), "is not text in UTF-8"),
        (lambda config: (config / "profiles" / "a.toml").write_bytes(b"\xff\xfe"), "a.toml: This is not text in UTF-8."),
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
    before = reloaded.languages["fr"].organisation

    reloaded.write("words/fr.toml", 'organisation = "Semaine des marées"\n')

    assert (before, reloaded.languages["fr"].organisation) == (None, "Semaine des marées")


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

    def second(self, hosts: str = "guide@example.org") -> str:
        return (
            f'[accounts.second]\naccount_id = "account"\nclient_id = "client"\nhosts = ["{hosts}"]\n'
            f'client_secret_file = "{self.secret}"\n'
            f'api_url = "{self.account.api_url}"\noauth_url = "{self.account.oauth_url}"\n'
        )

    def test_gateway_is_built_anew_only_where_settings_changed(self, written: Reloaded) -> None:
        gateways = dict(written.service.context.gateways)

        written.write("settings.toml", self.second("warden@example.org"))

        now = written.service.context.gateways
        assert now[ACCOUNT] is gateways[ACCOUNT]
        assert now["second"] is not gateways["second"]
        assert now["second"].account.hosts == ("warden@example.org",)

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
        service.change(name="Another name")
        service.settle()
        parked = states_of(service)

        written.write("settings.toml", self.second())
        service.settle()

        assert (parked[0], states_of(service)[0]) == ("parked", "done")

    def test_empty_settings_are_not_believed(self, make_service: MakeService) -> None:
        bare = {f"ZOOM_OPS_ACCOUNTS__{ACCOUNT.upper()}__{name}": "" for name in ("ACCOUNT_ID",)}
        assert bare

    def test_webinar_is_made_once_its_account_is_there(self, make_service: MakeService, tmp_path: Path) -> None:
        service = make_service(settings={"ZOOM_OPS_DEFAULT_ACCOUNT": "second"})
        reloaded = Reloaded(service)
        self.account, self.secret = service.context.gateways[ACCOUNT].account, tmp_path / "client-secret"
        self.secret.write_text("secret", "utf-8")
        service.write(an_event())
        service.ask("create_webinars", EVENT_ID)
        before = service.runs(job="create_webinars")[0].waiting

        reloaded.write("settings.toml", self.second("host@example.org"))
        service.settle()

        assert (before, states_of(service)) == (True, ["done"])
