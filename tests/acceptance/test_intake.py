"""A notification that was answered is kept, whatever becomes of the daemon in the next moment."""

import threading
import time

import pytest
import requests

from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.programme import import_programme, published
from tests.bench.intake import signed
from tests.builders import ACCOUNT
from tests.waiting import wait_until

pytestmark = pytest.mark.both_databases

EVENTS = 6


def test_notification_that_was_answered_survives_a_kill(installation: Installation) -> None:
    events = import_programme(installation, EVENTS)
    with installation.daemon() as daemon:
        wait_until(lambda: len(installation.zoom.webinars()) == EVENTS, daemon.log)
        wait_until(lambda: all(one["panelists"] for one in installation.zoom.webinars()), daemon.log)
        daemon.stop()
    for webinar in installation.zoom.webinars():  # nobody hears of it
        installation.zoom.hold(webinar["id"], processing_s=0, transcript=False)
    told = [
        signed(place * 4, one["id"], one["uuid"]) for place, one in enumerate(installation.zoom.state()["recordings"])
    ]

    with installation.daemon() as daemon:
        answered = _tell_all(daemon, told)
        daemon.kill()
    with installation.daemon() as daemon:  # which sweeps nothing: its turn came before, and none of them is over
        wait_until(lambda: all(published(daemon.url, event) for event in events), lambda: daemon.log)
        daemon.stop()

    assert answered == [204] * EVENTS


def _tell_all(daemon: Daemon, told: list[tuple[dict[str, str], bytes]]) -> list[int]:
    """Tell everything at once; give the answers as soon as the last one is there."""
    answered: list[int] = []

    def tell(headers: dict[str, str], body: bytes) -> None:
        answered.append(
            requests.post(f"{daemon.url}/webhooks/zoom/{ACCOUNT}", body, headers=headers, timeout=10).status_code
        )

    threads = [threading.Thread(target=tell, args=one) for one in told]
    for thread in threads:
        thread.start()
    while len(answered) < len(told):
        time.sleep(0.001)
    return answered
