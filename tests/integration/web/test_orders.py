"""What operators order for a webinar, and what they do about webhooks: the same on every surface."""

from collections.abc import Iterator

import pytest

from tests.builders import AMARA, EVENT_ID, JONAS, a_note, an_event
from tests.integration.command_line import CommandLine
from tests.integration.served import WITHOUT_TLS
from tests.integration.service import MakeService, Service
from tests.integration.web.api.program import Api
from tests.integration.web.console.test_console import ask, done, message_after
from tests.receiver import Receiver
from tests.web_site import Visitor, insist


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system that gets messages."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def service(make_service: MakeService, receiver: Receiver) -> Service:
    """A service with a webhook, without TLS, so that its cookies are sent here."""
    return make_service(settings={**WITHOUT_TLS, **receiver.settings()})


def test_new_invitations_are_ordered_in_the_api_and_in_the_console(
    service: Service, api: Api, operator: Visitor, command_line: CommandLine
) -> None:
    service.add(an_event(performers=(AMARA, JONAS)))
    service.settle()
    program, path = api.program(), f"/-/events/{EVENT_ID}/resend"

    shown = program.ask("POST", f"/events/{EVENT_ID}/resend", json={"dry_run": True})
    service.settle()
    untouched = len(service.zoom.invitations())
    announced = ask(operator, path)
    ordered = program.ask("POST", f"/events/{EVENT_ID}/resend")
    planned = command_line.run("plan", EVENT_ID).out
    service.settle()
    insist(operator, path)
    service.settle()

    assert announced == shown["effects"]
    assert command_line.run("events", "resend", EVENT_ID, code=2).out == f"{announced[0]}\n"
    assert (shown["ordered"], ordered["ordered"], ordered["panelists"]) == (False, True, [AMARA.name, JONAS.name])
    assert "and adds them again: Zoom mails a new invitation." in planned
    assert planned.endswith("This mails 2 people.\n")
    assert (untouched, len(service.zoom.invitations())) == (2, 6)
    assert len(done(service)) == 1


def test_hosts_and_account_are_shown_by_the_api_as_by_the_command_line(
    service: Service, api: Api, command_line: CommandLine
) -> None:
    service.add()
    service.settle()
    program = api.program()

    assert program.ask("GET", "/hosts")["hosts"] == command_line.run("hosts", "--json").json
    assert program.ask("GET", "/accounts/main") == command_line.run("accounts", "show", "main", "--json").json
    assert program.ask("GET", "/hosts?account=none")["hosts"] == []
    assert program.fail("GET", "/accounts/none")[0] == 404


def test_what_waits_for_approval_is_listed_on_the_command_line_as_in_the_api(
    service: Service, api: Api, command_line: CommandLine
) -> None:
    service.add(an_event(needs_review=(a_note(),)))

    listed = command_line.run("events", "review", "--json").json

    assert listed == api.program().ask("GET", "/approvals")["approvals"]
    assert f"{a_note().field}: {a_note().reason}" in command_line.run("events", "review").out
    service.approve()
    assert command_line.run("events", "review").out == "Nothing waits for a decision.\n"


def test_webhook_is_tested_and_its_messages_sent_again_in_the_console(
    service: Service, api: Api, operator: Visitor, receiver: Receiver
) -> None:
    service.add()
    service.tick("tell_others")
    service.settle()
    page = operator.get("/-/webhooks").text
    told = len(receiver.heard)

    said = [
        message_after(operator, operator.post(address).headers["Location"])
        for address in (
            "/-/webhooks/partner/test",
            "/-/webhooks/retry",
            f"/-/deliveries/{receiver.heard[0].id}/retry",
        )
    ]

    assert "partner" in page
    assert "event created" in page
    assert said[0].startswith("partner took the message.")
    assert said[1:] == ["0 messages are sent again.", "The message is sent again."]
    assert len(receiver.heard) == told + 1
    assert api.program().ask("POST", "/deliveries/retry") == {"messages": 0}
    assert operator.post("/-/webhooks/none/test").status_code == 404
    assert operator.post("/-/deliveries/msg_none/retry").status_code == 404
