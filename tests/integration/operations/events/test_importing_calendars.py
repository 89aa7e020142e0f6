"""Calendars and pages imported: again, after a change elsewhere, and those that we wrote ourselves."""

import json
from datetime import timedelta

from tests.builders import BASE_URL, EVENT_ID, NOW, an_event
from tests.integration.service import Service
from tests.unit.readers.calendars.written import ENDS, TITLE, ZURICH, a_calendar, an_entry
from zoom_ops.access import VISITOR, show_event
from zoom_ops.events import Event
from zoom_ops.operations.views.feeds import Dated
from zoom_ops.web.feeds.calendars import write_event
from zoom_ops.web.feeds.linked_data import describe_event
from zoom_ops.web.feeds.publisher import Publisher
from zoom_ops.web.i18n.language import ENGLISH


def publisher_of(service: Service) -> Publisher:
    """Build the publisher of the service's pages."""
    return Publisher(name="Harbour", base_url=BASE_URL, installation=service.context.installation, language=ENGLISH)


def calendar_of(service: Service, event: Event) -> str:
    """Write the calendar that our page offers of an event."""
    dated = Dated(shown=show_event(event, (), VISITOR), sequence=1, changed_at=NOW)
    return write_event(dated, publisher_of(service)).decode()


def test_calendar_of_ours_is_the_event_that_it_came_from(service: Service) -> None:
    service.add(an_event())
    stored = service.event(EVENT_ID)

    (same,) = service.read(calendar_of(service, stored), "event.ics")
    later = stored.model_copy(update={"start": stored.start + timedelta(days=9), "end": stored.end + timedelta(days=9)})
    (moved,) = service.read(calendar_of(service, later), "event.ics")

    assert (same.id, same.action) == (EVENT_ID, "unchanged")
    assert (moved.id, [change.field for change in moved.changes]) == (EVENT_ID, ["start", "end", "display_times"])
    assert service.event(EVENT_ID).display_times[1].start == "2040-02-09T14:30"


def test_page_of_ours_is_the_event_that_it_came_from(service: Service) -> None:
    service.add(an_event(description="Tides. " * 200))
    stored = service.event(EVENT_ID)
    document = describe_event(show_event(stored, (), VISITOR), publisher_of(service))

    (same,) = service.read(json.dumps(document), "page.json")
    (renamed,) = service.read(json.dumps({**document, "name": "Ebb and flow"}), "page.json")
    elsewhere = document | {"@id": f"https://example.net/events/{EVENT_ID}", "name": "Ebb and flow there"}
    (other,) = service.read(json.dumps(elsewhere), "page.json")

    assert (same.id, same.action) == (EVENT_ID, "unchanged")
    assert (renamed.id, [change.field for change in renamed.changes]) == (EVENT_ID, ["name"])
    assert (other.id, other.action) == ("harbour-talks-ebb-and-flow-there", "created")


def test_people_and_links_stay_when_a_page_without_them_is_imported_again(service: Service) -> None:
    page = {
        "@type": "Event",
        "@id": "https://example.net/events/1",
        "name": "How waves travel",
        "startDate": "2040-04-03T14:30:00+02:00",
        "endDate": "2040-04-03T15:30:00+02:00",
        "eventSchedule": {"@type": "Schedule", "scheduleTimezone": "Europe/Zurich"},
    }
    (first,) = service.read(json.dumps(page), "page.json")
    service.change(first.id, performers=an_event().performers, attachments=an_event().attachments)

    (again,) = service.read(json.dumps({**page, "name": "How waves return"}), "page.json")

    assert (again.id, [change.field for change in again.changes]) == (first.id, ["name"])


def test_draft_of_wordpress_is_published_here_once_it_is_there(service: Service) -> None:
    entry = {
        "url": "https://example.net/event/waves/",
        "rest_url": "https://example.net/wp-json/tribe/events/v1/events/7",
        "title": "How waves travel",
        "start_date": "2040-04-03 14:30:00",
        "end_date": "2040-04-03 15:30:00",
        "timezone": "Europe/Zurich",
    }
    (waiting,) = service.read(json.dumps({"events": [{**entry, "status": "draft"}]}), "events.json")
    (published,) = service.read(json.dumps({"events": [{**entry, "status": "publish"}]}), "events.json")

    assert (waiting.event.visibility, published.event.visibility) == ("draft", "listed")
    assert published.id == waiting.id


def test_speakers_stay_when_a_calendar_is_imported_again(service: Service) -> None:
    calendar = a_calendar(*an_entry(ZURICH, ENDS, TITLE, "LOCATION:Room 1")).decode()
    (first,) = service.read(calendar, "events.ics")
    service.change(first.id, performers=an_event().performers)

    (again,) = service.read(calendar.replace("Room 1", "Room 2"), "events.ics")

    assert (again.id, [change.field for change in again.changes]) == (first.id, ["venue"])
