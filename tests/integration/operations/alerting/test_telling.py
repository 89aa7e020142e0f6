"""Operators are told of problems: on a real mail server and a real HTTP receiver, in virtual time."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.builders import an_event
from tests.integration.service import MakeService, Service
from tests.mail import MailServer
from tests.receiver import Receiver
from zoom_ops.engine.runs import ask_for
from zoom_ops.operations.alerting.round import ask_to_tell
from zoom_ops.store.alerts import Alert, clear_alert, raise_alert

PASSWORD = "tidewater-tidewater"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """The operators' mail server."""
    with MailServer() as server:
        yield server


@pytest.fixture
def telling(make_service: MakeService, mail: MailServer, receiver: Receiver) -> Callable[..., Service]:
    """Return a function that makes a service that tells by mail and to a receiver of JSON."""

    def make(*entries: str, **further: str) -> Service:
        targets = entries or (mail.url, json_url(receiver))
        settings = {"ALERT_TO": json.dumps(targets), "ALERT_DIGEST_AT": "off", **further}
        return make_service(settings={f"ZOOM_OPS_{name}": value for name, value in settings.items()})

    return make


def json_url(receiver: Receiver) -> str:
    """Return the Apprise URL of a receiver of JSON."""
    return receiver.url.replace("http://", f"json://operator:{PASSWORD}@")


def an_alert(number: int = 1, **changes: object) -> Alert:
    """Build an alert about an event."""
    given = {
        "kind": "event_late",
        "subject": f"event-{number}",
        "account": "main",
        "cause": "Zoom refused their webinar",
        "sentence": f"Event {number} has no webinar. Say: zoom-ops runs retry {number}",
    }
    return Alert(**{**given, **changes})  # type: ignore[arg-type]


def alert(service: Service, *alerts: Alert) -> None:
    """Raise alerts."""
    with service.app.database.begin() as connection:
        for one in alerts:
            raise_alert(connection, one, service.clock.now())


def clear(service: Service, *alerts: Alert) -> None:
    """Clear alerts."""
    with service.app.database.begin() as connection:
        for one in alerts:
            clear_alert(connection, one.key, service.clock.now())


def tell(service: Service, after: timedelta = timedelta()) -> None:
    """Let the engine look after a time, and do what is due."""
    service.clock.advance(after)
    for _ in range(10):
        with service.app.database.read() as connection:
            requests = ask_to_tell(service.context)(connection, service.app.database.now(connection))
        if not requests:
            break
        ask_for(service.app.database, requests)
        service.work()
    service.work()


def test_500_alerts_with_one_cause_are_one_message(
    telling: Callable[..., Service], mail: MailServer, receiver: Receiver
) -> None:
    service = telling()
    tell(service)
    service.add(an_event(id="event-1"))

    alert(service, *(an_alert(number) for number in range(1, 501)))
    tell(service)
    assert (mail.subjects, receiver.heard) == ([], [])
    tell(service, after=MINUTE)
    tell(service, after=timedelta(hours=5))

    assert mail.subjects == ["[zoom_ops] warning: 500 events: Zoom refused their webinar"]
    assert len(receiver.heard) == 1
    assert "and 490 more" in mail.text()
    assert "https://events.example.org/-/events/event-1" in mail.text()
    assert receiver.heard[0].told["title"] == mail.subjects[0]
