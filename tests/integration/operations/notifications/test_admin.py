"""Notifications for operators: listed, shown without secrets, and rung once more, on each surface."""

import pytest

from tests.builders import ACCOUNT, EVENT_ID, an_attachment, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import Program
from tests.web_site import Visitor
from zoom_ops.operations.notifications.admin import replay_all
from zoom_ops.operations.views.audit.lines import iter_lines
from zoom_ops.store.audit import Actor


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service without TLS, so that its cookies are sent here."""
    return make_service(settings=WITHOUT_TLS)


def hold(service: Service) -> dict[str, int]:
    """Hold an event; return the numbers of its notifications, by kind."""
    service.add(an_event(attachments=(an_attachment(),)))
    service.settle()
    service.zoom.hold()
    service.tell("webinar.ended", {"id": 99_999_999, "uuid": "other==", "type": 5})
    service.settle()
    with service.app.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, kind, event_id FROM notification").all()
    return {kind if event else "of another": number for number, kind, event in rows}


def test_notifications_are_listed_and_narrowed_alike(
    service: Service, command_line: CommandLine, program: Program, operator: Visitor
) -> None:
    numbers = hold(service)

    def listed(options: str) -> list[int]:
        """Return what all three surfaces list."""
        words = [f"--{word}" for word in options.replace("=", " ").split("&") if word]
        printed = command_line.run("notifications", *" ".join(words).split(), "--json").json
        switched = options if "=" in options or not options else f"{options}=1"
        assert program.ask("GET", f"/notifications?{switched}")["notifications"] == printed
        page = operator.get(f"/-/notifications?{switched}").text
        shown = [row["id"] for row in printed]
        assert [number for number in numbers.values() if f'href="/-/notifications/{number}"' in page] == sorted(shown)
        return shown

    everything = sorted(numbers.values(), reverse=True)
    assert listed("") == everything == listed(f"account={ACCOUNT}") == listed("since=2h")
    assert listed(f"event={EVENT_ID}") == [number for number in everything if number != numbers["of another"]]
    assert listed("failed") == [numbers["of another"]]
    assert (
        command_line.run("notifications", "list", "--since", "2100-01-01").out == "There are no such notifications.\n"
    )


def test_notification_is_shown_without_what_is_secret(
    service: Service, command_line: CommandLine, program: Program
) -> None:
    number = hold(service)["recording.completed"]

    shown = command_line.run("notifications", "show", str(number)).out
    document = program.ask("GET", f"/notifications/{number}")

    assert document == command_line.run("notifications", "show", str(number), "--json").json
    assert (document["state"], document["rings"]) == ("taken in", ["fetch_recordings"])
    assert [secret for secret in service.zoom.state()["secrets"] if secret in shown + str(document)] == []


def test_what_belongs_to_no_event_any_more_does_not_keep_the_others_from_being_rung(service: Service) -> None:
    numbers = hold(service)
    chosen = (numbers["of another"], 999, numbers["recording.completed"])

    assert replay_all(service.context, chosen, Actor(name="operator")) == 1
    assert service.runs(states=("active",))


def test_notifications_are_replayed_once_it_was_shown(
    service: Service, command_line: CommandLine, program: Program
) -> None:
    numbers = hold(service)
    number = str(numbers["recording.completed"])
    before = len(service.zoom.calls())

    shown = command_line.run("notifications", "replay", number, code=2)
    preview = program.ask("POST", f"/notifications/{number}/replay", json={"dry_run": True})
    untouched = service.work()
    done = command_line.run("notifications", "replay", number, number, "--yes").out
    again = program.post(f"/notifications/{number}/replay")
    service.settle()

    assert shown.out.startswith(f"Rings fetch recordings for {EVENT_ID} once more.\n")
    assert shown.err == "Nothing was changed: there is no terminal to ask at. Add --yes to do it.\n"
    assert (preview["event"], preview["rings"]) == (EVENT_ID, ["fetch_recordings"])
    assert untouched is None
    assert done.endswith("The daemon does that.\n")
    assert (again.status_code, len(service.zoom.calls()) > before) == (202, True)
    audited = [line["subject"] for line in iter_lines(service.app.database) if line["what"] == "notification_replayed"]
    assert audited == [number, number]


def test_wrong_notification_gets_a_sentence(service: Service, command_line: CommandLine, program: Program) -> None:
    numbers = hold(service)
    other = str(numbers["of another"])

    def refusal(*options: str) -> str:
        return command_line.run("notifications", *options, code=2).err

    assert refusal("--account", "mian") == f"There is no account 'mian'. Did you mean {ACCOUNT}?"
    assert refusal("list", "--event", EVENT_ID[1:]).startswith(f"There is no event '{EVENT_ID[1:]}'. Did you mean")
    assert refusal("--since", "x").startswith("'x' is no time")
    assert refusal("show", "999") == "There is no notification '999'."
    assert refusal("replay", str(numbers["recording.completed"]), "999", "--yes") == "There is no notification '999'."
    assert refusal("replay", other, "--yes") == (
        f"Notification {other} is of a webinar that belongs to no event here: there is nothing to ring."
    )
    ends = {"/999": 404, "?event=x": 422, "?account=x": 422, "?since=x": 422}
    assert {end: program.fail("GET", f"/notifications{end}")[0] for end in ends} == ends
    assert program.fail("POST", f"/notifications/{other}/replay")[0] == 422
