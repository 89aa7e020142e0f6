"""An event's page through the life of its webinar: it follows Zoom's reports, and shows none of Zoom's links."""

from datetime import timedelta

from tests.builders import END, EVENT_ID, START
from tests.integration.served import Served, visit_pages
from tests.integration.service import CONFIG, MakeService, Service

PROFILE = (CONFIG / "profiles" / "default.toml").read_text("utf-8").replace('join = "invitation"', 'join = "public"')
UUID = "4y5M2wqRTk6kGmWZ/Xh0vQ=="
MINUTE = timedelta(minutes=1)


def tell(service: Service, kind: str, **more: object) -> None:
    """Send the service a notification about the webinar."""
    service.tell(kind, {"id": service.zoom.webinar()["id"], "uuid": UUID, "type": 5, **more})


def says(pages: Served, *sentences: str) -> list[bool]:
    """Return which of these sentences the event's page shows."""
    html = pages.page()
    return [sentence in html for sentence in sentences]


def test_page_follows_the_webinar(make_service: MakeService) -> None:
    service = make_service(profiles={"default": PROFILE})
    service.add()
    service.settle()
    service.stop_hearing()
    join_url = service.shown()["webinar"]["join_url"]
    sentences = ("Add to calendar</span></summary>", "Join now", "Happening now", "Live now", "Recording expected by")

    with visit_pages(service) as pages:
        before = says(pages, *sentences)
        service.clock.advance(START - MINUTE - service.clock.now())
        tell(service, "webinar.started", start_time=(START - MINUTE).isoformat())
        early = says(pages, *sentences)
        service.clock.advance(2 * MINUTE)
        live, led = says(pages, *sentences), pages.visitor.get(f"/events/{EVENT_ID}/join").headers["Location"]
        tell(service, "webinar.ended", end_time=(START + MINUTE).isoformat(), practice_session=True)
        practised = says(pages, *sentences)
        tell(service, "webinar.ended", uuid="another", end_time=END.isoformat(), practice_session=False)
        over = says(pages, *sentences)

    assert before == [True, False, False, False, False]
    assert early == [True, True, False, False, False]  # both the calendar and the join link: people may practise
    assert live == [True, True, False, True, False]
    assert led == join_url
    assert practised == [True, True, True, False, False]
    assert over == [False, False, False, False, True]


def test_page_leads_nobody_in_as_it_is_delivered(service: Service) -> None:
    service.add()
    service.settle()
    service.clock.advance(START - service.clock.now())

    with visit_pages(service) as pages:
        answer = pages.visitor.get(f"/events/{EVENT_ID}/join")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/events/{EVENT_ID}")
