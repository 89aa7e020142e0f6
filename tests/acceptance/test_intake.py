"""An answered notification is kept, also when the daemon is killed in the next moment."""

import threading
import time

import pytest
import requests

from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.programme import import_programme, published
from tests.bench.intake import write_notification
from tests.builders import ACCOUNT
from tests.waiting import wait_until

pytestmark = pytest.mark.both_databases

EVENTS = 6


def test_notification_that_was_answered_survives_a_kill(installation: Installation) -> None:
    events = import_programme(installation, EVENTS)
    with installation.daemon() as daemon:
        wait_until(lambda: len(installation.zoom.webinars()) == EVENTS, daemon.log)
        wait_until(lambda: all(webinar["panelists"] for webinar in installation.zoom.webinars()), lambda: daemon.log)
        daemon.stop()
    for webinar in installation.zoom.webinars():  # Zoom sends no notification of it
        installation.zoom.hold(webinar["id"], processing_s=0, transcript=False)
    notifications = [
        write_notification(place * 4, recording["id"], recording["uuid"])
        for place, recording in enumerate(installation.zoom.state()["recordings"])
    ]

    with installation.daemon() as daemon:
        answered = _tell_all(daemon, notifications)
        daemon.kill()
    with installation.daemon() as daemon:  # it does not sweep: its turn came before, and none of the webinars is over
        wait_until(lambda: all(published(daemon.url, event) for event in events), lambda: daemon.log)
        daemon.stop()

    assert answered == [204] * EVENTS


def _tell_all(daemon: Daemon, notifications: list[tuple[dict[str, str], bytes]]) -> list[int]:
    """Send all notifications at once and return the statuses once the last one is answered."""
    answered: list[int] = []

    def tell(headers: dict[str, str], body: bytes) -> None:
        answered.append(
            requests.post(f"{daemon.url}/webhooks/zoom/{ACCOUNT}", body, headers=headers, timeout=60).status_code
        )

    threads = [threading.Thread(target=tell, args=notification) for notification in notifications]
    for thread in threads:
        thread.start()
    while len(answered) < len(notifications):
        time.sleep(0.001)
    return answered
