"""A busy console: past events, a live event, an error, and open work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.builders import (
    AMARA,
    AN_OPERATOR,
    EVENT_ID,
    HOST,
    JONAS,
    MEI,
    OTHER_HOST,
    RECORDING_EXPECTED,
    TOMAS,
    YUSUF,
    a_note,
    an_event,
)
from tests.integration.homes_scene import add_homes
from tests.integration.service import CREATE, Ear, Service, TestClock, run_sandbox_with, run_service
from tests.pictures.admins import look_after, settings_of
from tests.receiver import Receiver
from zoom_ops.announcements.address_book import Contact
from zoom_ops.engine.heartbeat import write_heartbeat
from zoom_ops.events import Performer
from zoom_ops.operations.events.address_book import import_people
from zoom_ops.store.db.connect import open_database
from zoom_ops.store.db.migrate import upgrade

SETTINGS = {"ZOOM_OPS_BASE_URL": "http://127.0.0.1:8000", "ZOOM_OPS_ORGANISATION": "Harbour Institute"}


@contextmanager
def run_busy_service(folder: Path) -> Iterator[Service]:
    """Run a service on a busy day."""
    url, clock = f"sqlite:///{folder}/zoom_ops.db", TestClock()
    database = open_database(url)
    upgrade(database)
    database.close()
    with (
        Ear() as ear,
        Receiver() as receiver,
        run_sandbox_with(ear, clock) as sandbox,
        run_service(
            sandbox,
            clock,
            ear,
            folder,
            url,
            hosts=(HOST, OTHER_HOST),
            settings=SETTINGS | settings_of(folder, receiver),
        ) as service,
    ):
        import_people(service.context, map(_contact, (AMARA, JONAS, MEI, TOMAS)), AN_OPERATOR)
        _miss_one(service)
        _hold_one(service)
        _begin_one(service)
        _refuse_one(service)
        _change_one_at_zoom(service)
        _want_more_than_two_hosts(service)
        add_homes(service, EVENT_ID, "harbour-talks-the-delta")
        look_after(service, receiver)
        _leave_work(service)
        service.tick("watch_events")
        service.settle()
        write_heartbeat(service.app.database)  # as a daemon does
        yield service


def _contact(person: Performer) -> Contact:
    return Contact(name=person.name, organization=person.organization, email=str(person.email))


def _miss_one(service: Service) -> None:
    """Let an event pass without a recording."""
    service.add(an_event(id="harbour-talks-silence", name="The Silent Harbour", **_on(service, timedelta(hours=1))))
    service.settle()
    service.clock.advance(timedelta(hours=32))
    service.tick("report_missing_recordings")
    service.settle()


def _hold_one(service: Service) -> None:
    """Hold an event of this morning, and publish its recording."""
    today = _on(service, timedelta(hours=1), minutes=75)
    service.add(an_event(performers=(AMARA, JONAS, MEI), **today))
    service.settle()
    service.clock.advance(timedelta(hours=2, minutes=20))
    service.zoom.hold(service.zoom.webinars()[-1]["id"])
    service.settle()


def _begin_one(service: Service) -> None:
    event = an_event(id="harbour-talks-deep-water", name="Deep Water", **_on(service, timedelta(minutes=10)))
    service.add(event)
    service.settle()
    number = service.zoom.webinars()[-1]["id"]
    service.clock.advance(timedelta(minutes=12))
    began = f"{service.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    service.tell("webinar.started", {"id": number, "uuid": "live==", "type": 5, "start_time": began})
    service.settle()


def _refuse_one(service: Service) -> None:
    service.zoom.fault(CREATE, "http", status=400)
    service.add(an_event(id="harbour-talks-night-tide", name="Night Tide", **_on(service, timedelta(days=1))))
    service.settle()
    service.zoom.mend()


def _change_one_at_zoom(service: Service) -> None:
    service.add(
        an_event(id="harbour-talks-the-delta", name="The Delta Lets the Water In", **_on(service, timedelta(days=2)))
    )
    service.settle()
    service.zoom.call("PATCH", f"/webinars/{service.zoom.webinars()[-1]['id']}", {"topic": "The Delta"})


def _want_more_than_two_hosts(service: Service) -> None:
    """Put three events at one time, for two hosts."""
    at = _on(service, timedelta(days=3))
    for slug, name in (
        ("quays", "Alder Bay Raises Its Quays"),
        ("moving", "Moving a Harbour"),
        ("tides", "Tidal Power"),
    ):
        service.add(an_event(id=f"harbour-talks-{slug}", name=name, performers=(AMARA, YUSUF), **at))
        service.settle()  # or a random one would be without a host in each picture


def _leave_work(service: Service) -> None:
    """Add open decisions and open work."""
    doubt = a_note(field="start", line=3, text="Thursday 1 February, half past", reason="The hour is not said.")
    at = _on(service, timedelta(days=4))
    service.add(
        an_event(id="harbour-talks-member-states", name="What Member States Need", needs_review=(a_note(), doubt), **at)
    )
    service.settle()
    service.change(
        "harbour-talks-the-delta", name="The Delta Lets the Water In: Ten Years On", performers=(AMARA, JONAS, MEI)
    )
    service.add(an_event(id="harbour-talks-charts", name="New Charts for Old Seas", **_on(service, timedelta(days=5))))
    service.cancel("harbour-talks-quays")


def _on(service: Service, ahead: timedelta, minutes: int = 60) -> dict[str, Any]:
    """Build the times of a future event, at a round minute."""
    start = (service.clock.now() + ahead).replace(second=0, microsecond=0)
    return {
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "display_times": (),
        "attachments": (RECORDING_EXPECTED,),
    }
