"""What the daemon says at its start, and the same gaps on the other surfaces."""

from dataclasses import replace

from tests.builders import ACCOUNT, AN_OPERATOR
from tests.integration.command_line import CommandLine
from tests.integration.operations.views.plans.test_one_plan import stop
from tests.integration.service import Service
from tests.integration.web.api.program import Program
from zoom_ops import __version__
from zoom_ops.identity import Passwords, UserChanges, add_user
from zoom_ops.operations.admin.doctor import check_installation
from zoom_ops.operations.views.startup import load_startup, startup_json, startup_lines
from zoom_ops.store.schedules import ScheduleSetting, save_schedule_setting

NO_TARGET = (
    "Nobody is told of problems, for ZOOM_OPS_ALERT_TO is not set. "
    "Set it to an Apprise URL and restart, then: zoom-ops alerts test"
)
NO_USER = "Nobody can sign in to the console. To add somebody: zoom-ops users add NAME --role admin"


def test_start_says_where_it_is_and_what_is_missing(service: Service) -> None:
    stop(service)
    with service.app.database.begin() as connection:
        save_schedule_setting(connection, "create_webinars", ScheduleSetting(paused=True), service.clock.now())

    startup = load_startup(service.context, service.app.jobs, "127.0.0.1:8000")

    base_url = service.context.base_url
    assert startup_lines(startup) == (
        f"zoom_ops {__version__}",
        f"Pages     {base_url}/ (here: 127.0.0.1:8000)",
        f"Console   {base_url}/-/",
        f"Account   {ACCOUNT}: 1 host, stopped",
        f"Jobs      {len(service.app.jobs)}; paused: create_webinars",
        f"Missing   {NO_USER}",
        f"Missing   {NO_TARGET}",
        "Ctrl-C stops it.",
    )
    assert startup_json(startup)["missing"][0]["kind"] == "no_user"


def test_process_without_pages_says_so(service: Service) -> None:
    lines = startup_lines(load_startup(service.context, service.app.jobs, None))

    assert "Pages     not served by this process" in lines
    assert not any(line.startswith("Console") for line in lines)


def test_somebody_who_may_sign_in_closes_the_gap(service: Service) -> None:
    def lines() -> tuple[str, ...]:
        return startup_lines(load_startup(service.context, service.app.jobs, "127.0.0.1:8000"))

    for role, is_open in (("member", True), ("admin", False)):
        changes = UserChanges(role=role, password="a-password-of-ada")
        add_user(service.app.database, Passwords(), AN_OPERATOR, role, changes)
        assert (f"Missing   {NO_USER}" in lines()) == is_open


def test_provider_that_makes_operators_closes_the_gap(service: Service) -> None:
    context = replace(service.context, provider_admits=True)

    gaps = load_startup(context, service.app.jobs, None).gaps

    assert [gap.kind for gap in gaps] == ["no_alert_target"]


def test_every_surface_says_the_same_of_what_is_missing(
    service: Service, command_line: CommandLine, program: Program
) -> None:
    sentences = [gap.sentence for gap in load_startup(service.context, service.app.jobs, None).gaps]

    doctor = [check.sentence for check in check_installation(service.context)]
    status = " ".join(command_line.run("status", code=1).out.split())
    api = [f"{row['reason']} {row['action']}" for row in program.ask("GET", "/status")["missing"]]

    assert sentences == [NO_USER, NO_TARGET] == api
    assert set(sentences) <= set(doctor)
    assert all(sentence in status for sentence in sentences)
