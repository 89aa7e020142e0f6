"""An open page follows its event: changes, Zoom's notifications, and the time."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.visiting import AUCKLAND, EVENT, NewPage, sign_in
from tests.builders import AGENDA, END, SLIDES, START, an_event
from tests.loopback import free_port
from tests.web_site import Site
from zoom_ops.web.public.stream import RECHECK_S, SESSIONS_S


def test_recording_appears_without_a_reload(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page(timezone_id=AUCKLAND)
    page.goto(address + EVENT)
    expect(page.get_by_text("Expected after the event")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    agenda = page.get_by_role("link", name="Agenda")
    agenda.focus()

    site.publish(an_event())

    expect(page.get_by_role("link", name="Watch recording")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("The recording is available.")
    expect(page.get_by_text("Expected after the event")).to_have_count(0)
    expect(page.locator(".own")).to_have_count(1)  # the visitor's time is still there
    expect(agenda).to_be_focused()
    assert page.evaluate("window.notReloaded")


def test_page_follows_every_other_change(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address + EVENT)

    site.save(an_event(name="Tides of Next Week", attachments=(AGENDA,)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tides of Next Week")
    expect(page.get_by_role("status")).to_have_text("This page has been updated.")
    site.save(an_event(status="cancelled"))
    expect(page.get_by_text("This event has been cancelled.").first).to_be_visible()
    site.save(an_event())

    expect(page.locator(".banner")).to_have_count(0)
    assert page.title() == "Tides of Tomorrow – Harbour Institute"


def test_page_says_so_when_its_event_is_gone(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address + EVENT)

    site.delete(an_event())
    for _ in range(20):  # until its stream has begun
        site.clock.advance(RECHECK_S + 1)
        page.wait_for_timeout(100)

    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_page_comes_back_after_the_server_was_away(site: Site, new_page: NewPage) -> None:
    page = new_page()
    with site.served(free_port()) as visitor:
        page.goto(visitor.address + EVENT)
        expect(page.get_by_text("Add to calendar")).to_be_visible()
    site.publish(an_event())

    with site.again().served(port=int(visitor.address.rpartition(":")[2])):
        expect(page.get_by_role("link", name="Watch recording")).to_be_visible()


def test_page_turns_by_itself_when_the_event_begins_and_ends(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page(timezone_id="Africa/Nairobi")
    page.clock.install(time=START - timedelta(seconds=30))
    site.clock.advance((START - timedelta(seconds=30) - site.clock.now()).total_seconds())
    page.goto(address + EVENT)

    site.clock.advance(30)
    page.clock.fast_forward(40_000)
    expect(page.get_by_text("Happening now")).to_be_visible()
    site.clock.advance((END - START).total_seconds())
    page.clock.fast_forward(76 * 60_000)

    expect(page.locator(".stands")).to_have_text("Recording expected by Wednesday 1 February 2040, 20:15 UTC+3")
    expect(page.get_by_text("Happening now")).to_have_count(0)


def test_page_follows_the_webinar_as_zoom_tells(site: Site, address: str, new_page: NewPage) -> None:
    site.clock.advance((START - site.clock.now()).total_seconds())
    site.bind(an_event())
    page = new_page()
    page.goto(address + EVENT)
    expect(page.get_by_text("Happening now")).to_be_visible()

    site.tell(an_event(), "webinar_started", started_at=START)
    expect(page.get_by_text("Live now")).to_be_visible()
    expect(page.get_by_role("link", name="Join now")).to_have_attribute("href", f"{EVENT}/join")
    site.tell(an_event(), "webinar_ended", ended_at=START + timedelta(minutes=40))

    expect(page.locator(".stands")).to_contain_text("Recording expected by")
    expect(page.get_by_role("status")).to_have_text("This event has ended.")
    expect(page.get_by_role("link", name="Join now")).to_have_count(0)


def test_page_of_who_signs_out_elsewhere_shows_what_visitors_see(site: Site, address: str, new_page: NewPage) -> None:
    site.save(an_event(attachments=(AGENDA, SLIDES)))
    site.add_user("amara")
    page = new_page()
    sign_in(page, address)
    page.goto(address + EVENT)
    expect(page.get_by_role("link", name="Slides")).to_be_visible()
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("button", name="Sign out").click()

    site.clock.advance(SESSIONS_S + 1)

    expect(page.get_by_role("link", name="Slides")).to_have_count(0)


def test_tabs_in_the_background_hold_no_connection(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address + EVENT)
    page.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )

    site.publish(an_event())
    page.wait_for_timeout(800)
    expect(page.get_by_role("link", name="Watch recording")).to_have_count(0)
    page.evaluate(
        """() => {
            delete document.visibilityState;
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )

    expect(page.get_by_role("link", name="Watch recording")).to_be_visible()
