"""Webhooks are delivered for everything that was written, also after a kill; with the commands for deliveries."""

from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.acceptance.daemon import Faults, count_met
from tests.acceptance.installation import Installation
from tests.acceptance.programme import import_programme, published
from tests.receiver import SECRET, Receiver
from tests.waiting import wait_until

PUBLISHED = '["recording.published"]'


@pytest.fixture
def telling(installation: Installation, receiver: Receiver) -> Installation:
    """An installation that sends webhooks about recordings to the receiver."""
    installation.environ |= receiver.settings(KINDS=PUBLISHED)
    return installation


@pytest.mark.crash
def test_publication_is_told_though_the_daemon_was_killed_at_once(telling: Installation, receiver: Receiver) -> None:
    (event,) = import_programme(telling, 1)
    faults = Faults(met=Path(telling.folder / "met"), steps=("after done",), kinds=("PublishRecording",))
    with telling.daemon(faults=faults) as daemon:
        record(telling)
        wait_until(lambda: count_met(faults.met), lambda: daemon.log)
        daemon.process.wait(timeout=60)
        told_before = list(receiver.heard)

    with telling.daemon() as daemon:
        wait_until(lambda: receiver.heard, lambda: daemon.log)
        assert published(daemon.url, event)
        daemon.stop()

    assert told_before == []
    (request,) = receiver.heard
    assert Webhook(SECRET).verify(request.body, dict(request.headers))["type"] == "recording.published"


@pytest.mark.crash
def test_message_under_way_when_the_daemon_was_killed_is_sent_again_with_its_id(
    telling: Installation, receiver: Receiver
) -> None:
    import_programme(telling, 1)
    receiver.patience.clear()
    with telling.daemon() as daemon:
        record(telling)
        wait_until(lambda: receiver.heard, lambda: daemon.log)
        daemon.kill()
    receiver.patience.set()

    with telling.daemon() as daemon:
        wait_until(lambda: len(receiver.heard) == 2, lambda: daemon.log)
        wait_until(lambda: states(telling) == ["taken"], lambda: daemon.log)
        daemon.stop()

    first, second = receiver.heard
    assert first.id == second.id


def test_commands_tell_how_webhooks_are(telling: Installation, receiver: Receiver) -> None:
    telling.environ |= receiver.settings(KINDS='["event.created"]')
    receiver.say(418, b"I am a teapot")

    tried = [telling.run("webhooks", "test", "partner", code=code) for code in (1, 0)]
    import_programme(telling, 1)
    telling.run("run", "tell_others")
    listed, sent = telling.run("webhooks"), telling.run("webhooks", "deliveries", "--json").json
    again = telling.run("webhooks", "retry", sent[0]["id"])
    telling.run("run", "tell_others")

    assert "partner did not take the message. It answered HTTP 418. I am a teapot" in tried[0].said
    assert "partner took the message." in tried[1].said
    assert [(delivery["type"], delivery["state"], delivery["attempts"]) for delivery in sent] == [
        ("event.created", "taken", 1)
    ]
    assert "partner working 0 0 1" in listed.said
    assert "1 message is sent again." in again.said
    assert receiver.kinds == ["webhook.test", "webhook.test", "event.created", "event.created"]
    assert receiver.heard[2].id == receiver.heard[3].id
    assert "There are no messages." in telling.run("webhooks", "deliveries", "--failed", "--webhook", "partner").said
    assert "0 messages are sent again." in telling.run("webhooks", "retry", "--failed").said
    assert "Name one message" in telling.run("webhooks", "retry", code=2).said
    assert SECRET.encode() not in telling.left_behind()


def record(installation: Installation) -> None:
    """Hold the webinar of the only event, so that there is a recording to publish."""
    wait_until(lambda: [webinar for webinar in installation.zoom.webinars() if webinar["panelists"]], "its webinar")
    installation.zoom.hold(processing_s=0, transcript=False)


def states(installation: Installation) -> list[str]:
    """List the states of all deliveries."""
    return [delivery["state"] for delivery in installation.run("webhooks", "deliveries", "--json").json]
