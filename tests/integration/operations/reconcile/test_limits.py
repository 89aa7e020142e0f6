"""Zoom's hundred changes a day and host: a host at its limit waits for midnight, the others go on."""

from datetime import timedelta

from tests.builders import EVENT_ID, HOST, OTHER_HOST, an_event
from tests.integration.service import MakeService, Service

MIDNIGHT = "2040-01-25T00:00:00+00:00"
OTHER, NEW = "harbour-talks-other", "harbour-talks-new"
USED_UP = f"Zoom allows 100 creates and updates a day for {HOST}; today's are used up"


def use_up_at_zoom(service: Service, count: int) -> None:
    """Create `count` webinars on the host as somebody else. We do not know of them."""
    for _ in range(count // 33):  # Zoom's rate limit label accepts no more a second
        service.zoom.call_often("POST", f"/users/{HOST}/webinars", [{"topic": "By hand"}] * 33)
        service.clock.advance(timedelta(seconds=1))


def ours(service: Service) -> dict[str, str]:
    """Return our webinars at Zoom: host by topic."""
    return {webinar["topic"]: webinar["host"] for webinar in service.zoom.webinars() if webinar["topic"] != "By hand"}


def test_host_that_zoom_says_is_out_of_its_day_waits_for_midnight_and_others_go_on(make_service: MakeService) -> None:
    service = make_service(hosts=(HOST, OTHER_HOST))
    service.add(an_event(name="First"), an_event(id=OTHER, name="Second"))
    service.settle()
    first = next(topic for topic, host in ours(service).items() if host == HOST)
    mine, theirs = (EVENT_ID, OTHER) if first == "First" else (OTHER, EVENT_ID)
    use_up_at_zoom(service, 99)

    service.change(mine, name="Out of its day")
    service.change(theirs, name="Goes on")
    by = timedelta(days=1)
    service.settle()
    service.add(an_event(id=NEW, name="New", start=an_event().start + by, end=an_event().end + by, display_times=()))
    service.settle()
    waiting, meanwhile = service.run("create_webinars", mine), ours(service)
    service.later(timedelta(hours=12, minutes=1))

    assert (waiting["state"], waiting["next_at"]) == ("waiting", MIDNIGHT)
    assert waiting["error"] == f"{USED_UP}. It goes on at 00:00 UTC."
    assert meanwhile == {first: HOST, "Goes on": OTHER_HOST, "New": OTHER_HOST}
    assert ours(service) == {"Out of its day": HOST, "Goes on": OTHER_HOST, "New": OTHER_HOST}
    assert service.plan().actions == ()
