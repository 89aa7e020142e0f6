"""The way into a webinar: at our own address, while it is open, as the profile allows. No page shows Zoom's link."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import END, EVENT_ID, NOW, START, a_webinar, an_event
from tests.web_site import PASSWORD, Site, Visitor
from zoom_ops.operations.views.standing import JOIN_OPENS
from zoom_ops.store.db.connect import Database
from zoom_ops.store.webinars import change_binding

PAGE = f"/events/{EVENT_ID}"
JOIN, SECRET = "https://zoom.example.org/j/812?pwd=tidewater-secret", "tidewater-secret"
REGISTER = "https://zoom.example.org/webinar/register/WN_tides"
OPENS = START - JOIN_OPENS


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database, base_url="http://events.example.org")


def hold(site: Site, profile: str = "default", **webinar: Any) -> None:
    """Save an event with a webinar of this profile."""
    event = an_event(profile=profile)
    site.save(event)
    site.bind(event, **{"join_url": JOIN, "passcode": SECRET} | webinar)


def go(site: Site, visitor: Visitor, at: Any) -> str:
    """Follow the join address at a moment. Return where it leads."""
    site.clock.advance((at - site.clock.now()).total_seconds())
    answer = visitor.get(f"{PAGE}/join")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return answer.headers["Location"]


def test_join_leads_into_the_webinar_while_it_is_open(site: Site, visitor: Visitor) -> None:
    hold(site)
    moments = (NOW, OPENS - timedelta(seconds=1), OPENS, START, END - timedelta(seconds=1), END)

    led = [go(site, visitor, at) for at in moments]

    assert led == [PAGE, PAGE, JOIN, JOIN, JOIN, PAGE]


def test_join_leads_to_the_registration_of_a_webinar_that_asks_for_one(site: Site, visitor: Visitor) -> None:
    hold(site, registration_url=REGISTER)

    assert [go(site, visitor, at) for at in (NOW, START, END)] == [REGISTER, REGISTER, PAGE]


@pytest.mark.parametrize("webinar", [{}, {"registration_url": REGISTER}])
def test_join_leads_nobody_into_a_webinar_by_invitation(site: Site, visitor: Visitor, webinar: dict[str, str]) -> None:
    hold(site, "invitation", **webinar)
    site.add_user("jonas", role="operator")

    stranger = [go(site, visitor, at) for at in (NOW, START)]
    visitor.post("/sign-in", data={"login": "jonas", "password": PASSWORD})

    assert [*stranger, go(site, visitor, START)] == [PAGE] * 3
    assert "Join with the link that you were sent." in visitor.get(PAGE).text


def test_webinar_for_members_asks_to_sign_in_first(site: Site, visitor: Visitor) -> None:
    hold(site, "members")
    site.add_user("amara")

    stranger = go(site, visitor, START)
    page = visitor.get(PAGE).text
    visitor.post("/sign-in", data={"login": "amara", "password": PASSWORD})

    assert stranger == f"/sign-in?next={PAGE}/join"
    assert f'href="{stranger}"' in page
    assert go(site, visitor, START) == JOIN


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_join_leads_to_the_page_of_an_event_that_is_off(site: Site, visitor: Visitor, status: str) -> None:
    hold(site)
    site.save(an_event(status=status))

    assert go(site, visitor, START) == PAGE


def test_join_leads_to_the_page_where_there_is_no_webinar(site: Site, visitor: Visitor) -> None:
    site.save(an_event())

    assert go(site, visitor, START) == PAGE
    assert visitor.get("/events/nothing/join").status_code == 404


def test_join_leads_only_to_the_web(site: Site, visitor: Visitor) -> None:
    hold(site, join_url="javascript:alert(1)")

    assert go(site, visitor, START) == PAGE


def test_webinar_that_was_cancelled_at_zoom_is_no_way_in(site: Site, visitor: Visitor) -> None:
    hold(site)
    with site.database.begin() as connection:
        change_binding(connection, EVENT_ID, state="cancelled")

    assert go(site, visitor, START) == PAGE


@pytest.mark.parametrize("profile", ["default", "members", "invitation"])
@pytest.mark.parametrize("at", [NOW, START, END])
def test_links_into_a_webinar_stand_on_no_page(site: Site, visitor: Visitor, profile: str, at: Any) -> None:
    hold(site, profile, registration_url=REGISTER)
    site.clock.advance((at - site.clock.now()).total_seconds())

    for path in (PAGE, f"{PAGE}.json", f"{PAGE}/embed", "/"):
        sent = visitor.get(path).text
        assert all(secret not in sent for secret in (JOIN, SECRET, REGISTER, str(a_webinar().passcode), "zoom.example"))
