"""What goes wrong in the life of a service: what arrives, when, and whether doing what it says mends it.

In virtual time, with a real mail server, a real receiver of JSON, and the commands that the messages name.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import EVENT_ID, HOST, NOW, OTHER_HOST, an_event
from tests.integration.command_line import CommandLine
from tests.integration.service import CREATE, MakeService, Service
from tests.mail import MailServer
from tests.receiver import Receiver
from zoom_ops.alerting.deciding import OVER_AFTER
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.engine.runs import ask_for
from zoom_ops.operations.admin.accounts import wake_mended
from zoom_ops.operations.alerting.round import ask_to_tell
from zoom_ops.operations.watching.outage import report_outage
from zoom_ops.web.reloading import Reloader, open_languages

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFTEN = ("create_webinars", "register_panelists", "watch_events", "watch_service")
WATCH = ("watch_events", "watch_service")
_COMMAND = re.compile(r"zoom-ops ((?:[\w@./=-]+ ?)+)")
NAME = an_event().name


class Night:
    """A service with its operators, who hear by mail and at a receiver of JSON, and do what they are told."""

    settings: dict[str, str]

    def __init__(self, service: Service, mail: MailServer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.mail, self.receiver, self._monkeypatch = mail, receiver, monkeypatch
        self.arrived: list[tuple[datetime, str]] = []
        self.mended = NOW
        self.start(service)

    def start(self, service: Service) -> None:
        """Start a service, as after a restart."""
        self.service, self.command_line = service, CommandLine(service, self._monkeypatch)
        self._monkeypatch.setattr(service.app.engines.alone, "stop", lambda: True)  # when a command ends, we go on
        wake_mended(service.context)
        self.pass_time()

    def pass_time(
        self, by: timedelta = timedelta(), *, step: timedelta = MINUTE, jobs: tuple[str, ...] = OFTEN
    ) -> None:
        """Let time pass, with the turns of jobs in each step, and note what arrives."""
        until = self.service.clock.now() + by
        while True:
            self.service.tick(*jobs)
            self.service.settle()
            self._tell()
            left = until - self.service.clock.now()
            if left <= timedelta():
                return
            self.service.clock.advance(min(step, left))

    def do_what_the_message_says(self, number: int = 0, *, code: int = 0) -> str:
        """Give a command that the latest mail names, which ends with this code; return its words."""
        said, _, _ = self.mail.text().partition("All: ")
        command = _COMMAND.findall(said)[number].strip().rstrip(".")
        self.command_line.run(*command.split(), code=code)
        self.mended = self.service.clock.now()
        return command

    def is_told_in_time(self, begins: timedelta, within: timedelta = 3 * MINUTE) -> bool:
        """Return whether the first mail came soon after a moment, and the last one when the problem was long over."""
        (first, _), (last, _) = self.arrived[0], self.arrived[-1]
        came, ended = first - (NOW + begins), last - self.mended
        return timedelta() < came <= within and OVER_AFTER <= ended <= OVER_AFTER + 3 * MINUTE

    @property
    def subjects(self) -> list[str]:
        """The subjects of the mails, without the name of the installation."""
        return [subject.removeprefix("[zoom_ops] ") for subject in self.mail.subjects]

    def _tell(self) -> None:
        for _ in range(5):
            with self.service.app.database.read() as connection:
                now = self.service.app.database.now(connection)
                requests = ask_to_tell(self.service.context)(connection, now)
            if not requests:
                break
            ask_for(self.service.app.database, requests)
            self.service.work()
        self.arrived += [(self.service.clock.now(), subject) for subject in self.mail.subjects[len(self.arrived) :]]
        assert [heard.told["title"] for heard in self.receiver.heard] == self.mail.subjects


@pytest.fixture
def night(
    make_service: MakeService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Night]]:
    """Return a function that makes a service with operators who are told."""
    with MailServer() as mail:
        targets = json.dumps([mail.url, receiver.url.replace("http://", "json://")])

        def make(*, settings: dict[str, str] | None = None, **how: Any) -> Night:
            told = {"ZOOM_OPS_ALERT_TO": targets, "ZOOM_OPS_ALERT_DIGEST_AT": "off"}
            operators = Night(make_service(settings=told | (settings or {}), **how), mail, receiver, monkeypatch)
            operators.settings = told
            return operators

        yield make


def test_refused_create_an_hour_before_the_event(night: Callable[..., Night]) -> None:
    operators = night()
    operators.service.zoom.fault(CREATE, "http", status=400, code=300, message="Not so.")
    operators.service.add(an_event(start=NOW + HOUR, end=NOW + 2 * HOUR))

    operators.pass_time(3 * MINUTE)
    command = operators.do_what_the_message_says()
    operators.pass_time(15 * MINUTE)

    assert re.fullmatch(r"runs retry \d+", command)
    assert len(operators.service.zoom.webinars()) == 1
    assert operators.subjects == [
        f"critical: {NAME}: create_webinars: Zoom refused to create webinar: Not so. (c…",
        f"over: {NAME}: create_webinars: Zoom refused to create webinar: Not so. (code …",
    ]
    assert operators.is_told_in_time(timedelta())


def test_stopped_account(night: Callable[..., Night], make_service: MakeService) -> None:
    zoom, mistyped = {"credentials": ("client", "secret", "account")}, "ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET"
    operators = night(zoom=zoom, settings={mistyped: "secert"})
    operators.service.add()

    operators.pass_time(3 * MINUTE)
    said, before = operators.mail.text(), operators.service
    before.app.engines.alone_lock.release()
    after = make_service(zoom=zoom, settings=operators.settings)  # it is corrected, and the service started again
    after.clock.advance(4 * MINUTE)
    operators.start(after)
    operators.mended = after.clock.now()
    operators.pass_time(15 * MINUTE)

    assert f"1 event waits for that: {NAME} (2040-01-31 13:30 UTC)." in said
    assert "Correct it; a variable needs a restart. Or: zoom-ops accounts resume main" in said
    assert len(after.zoom.webinars()) == 1
    stopped = "Zoom account main is stopped: ZOOM_OPS_ACCOUNTS__MAIN__CLIENT_SECRET or ZOOM_O"
    assert operators.subjects == [f"critical: {stopped}…", f"over: {stopped}PS_A…"]
    assert operators.is_told_in_time(timedelta())


def test_daemon_that_was_killed_overnight(night: Callable[..., Night]) -> None:
    operators = night()
    service = operators.service
    service.add(an_event(start=NOW + 5 * HOUR, end=NOW + 6 * HOUR, consent="do_not_record"))
    operators.pass_time(MINUTE)
    write_heartbeat(service.app.database)

    service.clock.advance(10 * HOUR)  # killed: nothing happens
    report_outage(service.context)  # started again
    operators.pass_time(3 * MINUTE)
    said = operators.mail.text()
    operators.pass_time(DAY + HOUR, step=HOUR)

    assert f"Meanwhile began: {EVENT_ID} (2040-01-24 17:00 UTC); look at each: zoom-ops events show EVENT." in said
    down = "No process performed runs from 2040-01-24 12:01 UTC to 2040-01-24 22:01 UTC"
    assert operators.subjects == [f"warning: {down}", f"over: {down}"]
    assert timedelta() < operators.arrived[0][0] - (NOW + 10 * HOUR) <= 3 * MINUTE


def test_host_without_a_licence(night: Callable[..., Night]) -> None:
    operators = night(hosts=(HOST, OTHER_HOST))
    service = operators.service
    service.add()
    operators.pass_time(MINUTE)
    host = service.shown()["webinar"]["host"]
    service.zoom.control("POST", "/policy", {"licences": {"without": [host]}})

    operators.pass_time(jobs=("report_stray_webinars",))
    operators.pass_time(3 * MINUTE)
    service.zoom.control("POST", "/policy", {"licences": {"without": []}})
    command = operators.do_what_the_message_says(1)
    operators.pass_time(15 * MINUTE)

    assert command == "run report_stray_webinars"
    lost = f"Host {host} has no webinar licence any more, and these events are "
    assert operators.subjects == [f"critical: {lost}…", f"over: {lost}to b…"]
    assert operators.is_told_in_time(MINUTE)


def test_mistyped_profile(night: Callable[..., Night]) -> None:
    operators = night()
    service = operators.service
    service.write(an_event(profile="lectuer"))  # its file was taken away afterwards

    operators.pass_time(3 * MINUTE)
    said = operators.mail.text()
    reloader = Reloader(service.app, open_languages(service.app), "all")
    (service.app.place.config_dir / "profiles" / "lectuer.toml").write_text("[settings]\n", "utf-8")
    for _ in range(2):  # two looks have to agree
        reloader.look()
    command = operators.do_what_the_message_says()
    operators.pass_time(15 * MINUTE)

    assert "wants the profile 'lectuer'; there are default." in said
    assert "Or add the profile's file: the daemon reads it by itself and goes on." in said
    assert command == "config diff"
    unknown = f"{NAME}: Event … wants the profile 'lectuer'; there are default."
    assert operators.subjects == [f"warning: {unknown}", f"over: {unknown}"]
    assert operators.is_told_in_time(timedelta())


def test_problem_that_nobody_mends_is_told_each_day_at_the_same_time_and_once_a_digest(
    night: Callable[..., Night],
) -> None:
    """Three days, with quiet hours and a digest, and a restart on the second day."""
    hours = {"ZOOM_OPS_ALERT_DIGEST_AT": "08:00", "ZOOM_OPS_ALERT_QUIET": "22:00-07:00"}
    operators = night(settings=hours)
    service = operators.service
    service.write(an_event(profile="lectuer"))

    operators.pass_time(36 * HOUR, step=90 * MINUTE, jobs=WATCH)
    operators.start(service)
    operators.pass_time(36 * HOUR, step=90 * MINUTE, jobs=WATCH)

    unknown = f"{NAME}: Event … wants the profile 'lectuer'; there are default."
    problem, digest = f"warning: {unknown}", "digest: 1 open problem"
    still = f"warning: still: {unknown.removesuffix('t.')}…"
    assert operators.subjects == [problem, digest, still, digest, still, digest]
    days = [at for (at, _), subject in zip(operators.arrived, operators.subjects, strict=True) if subject == still]
    assert timedelta(hours=24) <= days[1] - days[0] <= timedelta(hours=26)


def test_recording_that_never_comes(night: Callable[..., Night]) -> None:
    operators = night()
    service = operators.service
    service.add(an_event(start=NOW + HOUR, end=NOW + 2 * HOUR))
    operators.pass_time(2 * MINUTE)
    service.clock.advance(HOUR)
    service.zoom.hold(record=False)
    late = NOW + 4 * HOUR + DAY
    operators.pass_time(late - service.clock.now() + 3 * MINUTE, step=4 * HOUR)
    operators.pass_time(2 * MINUTE)

    service.zoom.hold(start=(NOW + HOUR).isoformat())
    command = operators.do_what_the_message_says(code=5)
    operators.pass_time(15 * MINUTE)

    assert command == f"run fetch_recordings --event {EVENT_ID}"
    missing = f"{NAME}: Zoom has no recording"
    assert operators.subjects == [f"warning: {missing}", f"over: {missing}"]
    assert operators.is_told_in_time(late - NOW, within=6 * MINUTE)
