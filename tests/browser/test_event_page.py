"""The pages as people meet them: in a real browser, with and without script, by eye, ear and keyboard."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.builders import AGENDA, END, EVENT_ID, START, an_event
from tests.web_site import Site
from tests.web_states import fill
from zoom_ops.store.connect import Database
from zoom_ops.web.streams import RECHECK_S

EVENT = f"/events/{EVENT_ID}"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((1280, 800), (390, 844))
AUCKLAND = "Pacific/Auckland"  # far from every zone of the event

NewPage = Callable[..., Page]


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database)
    prepared.save(an_event())
    return prepared


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with site.served() as visitor:
        yield visitor.address


def test_pages_are_accessible_in_every_state(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")

    found = {}
    for name, path in fill(site).items():
        page.goto(address + path)
        for scheme, (width, height) in product(SCHEMES, SIZES):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            if broken := find_broken_rules(page):
                found[name, scheme, width] = broken

    assert found == {}


def test_empty_programme_is_accessible(database: Database, new_page: NewPage) -> None:
    page = new_page()

    with Site(database).served() as visitor:
        page.goto(visitor.address)
        broken = find_broken_rules(page)

    assert broken == []


def test_pages_fit_their_window(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()

    wider = []
    for name, path in fill(site).items():
        page.goto(address + path)
        for width in (320, 390, 768, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wider.append((name, width))

    assert wider == []


def test_pages_break_no_rule_of_their_own(site: Site, address: str, new_page: NewPage) -> None:
    page, said = new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    for name, path in fill(site).items():
        if name != "not-found":  # whose status the browser reports
            page.goto(address + path)

    assert said == []


def test_page_shows_the_visitors_own_time_first(address: str, new_page: NewPage) -> None:
    page = new_page(timezone_id=AUCKLAND)

    page.goto(address + EVENT)

    assert page.locator(".times > div").all_inner_texts() == [
        "Your time\nWednesday 1 February 2040\n02:30–03:45 UTC+13",
        "New York time\nTuesday 31 January 2040\n08:30–09:45 EST",
        "Geneva time\n14:30–15:45 CET",
    ]


def test_page_marks_a_row_that_is_the_visitors_own(address: str, new_page: NewPage) -> None:
    page = new_page(timezone_id="Europe/Zurich")

    page.goto(address + EVENT)

    assert page.locator(".times dt").all_inner_texts() == ["New York time", "Geneva time your time"]


def test_page_tells_the_visitors_time_right_across_a_change_of_clocks(
    site: Site, address: str, new_page: NewPage
) -> None:
    start = an_event().start.replace(month=3, day=25, hour=0, minute=30)  # clocks change at 01:00 UTC
    site.save(an_event(start=start, end=start + timedelta(hours=1)))
    page = new_page(timezone_id="Europe/Lisbon")

    page.goto(address + EVENT)

    assert page.locator(".own dd").inner_text() == "Sunday 25 March 2040\n00:30 WET–02:30 WEST"


def test_page_is_complete_without_script(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event())
    page = new_page(javascript=False, timezone_id=AUCKLAND)

    page.goto(address + EVENT)

    assert page.locator(".times > div").all_inner_texts() == [
        "New York time\nTuesday 31 January 2040\n08:30–09:45 EST",
        "Geneva time\n14:30–15:45 CET",
    ]
    assert page.get_by_role("link", name="Watch recording").get_attribute("href") == f"{EVENT}/recording"
    assert page.get_by_role("heading").all_inner_texts() == [
        "Tides of Tomorrow", "When", "About this event", "Moderator", "Speaker", "Links & attachments",
    ]  # fmt: skip


def test_recording_appears_without_a_reload(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page(timezone_id=AUCKLAND)
    page.goto(address + EVENT)
    expect(page.get_by_text("Recording expected after the event", exact=True)).to_be_visible()
    page.evaluate("window.notReloaded = true")
    agenda = page.get_by_role("link", name="Agenda")
    agenda.focus()

    site.publish(an_event())

    expect(page.get_by_role("link", name="Watch recording")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("The recording is available.")
    expect(page.get_by_text("Recording expected")).to_have_count(0)
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
    for _ in range(20):  # whenever its stream has begun
        site.clock.advance(RECHECK_S + 1)
        page.wait_for_timeout(100)

    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here", timeout=15_000)


def test_page_comes_back_after_the_server_was_away(site: Site, new_page: NewPage) -> None:
    page = new_page()
    with site.served() as visitor:
        page.goto(visitor.address + EVENT)
        expect(page.locator(".expectation")).to_be_visible()
    site.publish(an_event())

    with site.again().served(port=int(visitor.address.rpartition(":")[2])):
        expect(page.get_by_role("link", name="Watch recording")).to_be_visible(timeout=20_000)


def test_page_turns_by_itself_when_the_event_begins_and_ends(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()
    page.clock.install(time=START - timedelta(seconds=30))
    page.goto(address + EVENT)

    site.clock.advance((START - site.clock.now()).total_seconds())
    page.clock.fast_forward(32_000)
    expect(page.get_by_text("Happening now")).to_be_visible()
    site.clock.advance((END - START).total_seconds())
    page.clock.fast_forward(76 * 60_000)

    expect(page.locator(".expectation")).to_have_text("The recording is being prepared and will appear here.")
    expect(page.locator(".expectation")).to_be_visible()
    expect(page.get_by_text("Happening now")).to_have_count(0)


def test_page_is_walked_through_by_keyboard(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event())
    page = new_page()
    page.goto(address + EVENT)

    walked = []
    for _ in range(8):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.textContent.trim()"))

    assert walked == [
        "Skip to the content", "Harbour Institute", "Programme", "Sign in", "Language: English",
        "Watch recording", "Agenda", "Recording",
    ]  # fmt: skip


def test_skip_link_leads_to_the_content(address: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address + EVENT)

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_print_has_the_recordings_address_and_no_button(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event())
    page = new_page()
    page.goto(address + EVENT)

    page.emulate_media(media="print")

    expect(page.get_by_text(f"https://events.example.org{EVENT}/recording")).to_be_visible()
    expect(page.get_by_role("link", name="Watch recording")).to_be_hidden()


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


def find_broken_rules(page: Page) -> list[tuple[str, list[str]]]:
    """Let axe look at a page: which rules are broken, and where."""
    result = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in result["violations"]]
