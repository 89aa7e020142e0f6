"""The event page for visitors: with and without script, in their own time zone, in print, on other sites."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from playwright.sync_api import Page, expect

from tests.browser.visiting import AUCKLAND, EVENT, NewPage
from tests.builders import AGENDA, END, RECORDING_EXPECTED, START, a_recording, an_event
from tests.loopback import Served
from tests.web_site import PASSWORD, Site


def test_pages_show_the_visitors_own_time_first(address: str, new_page: NewPage) -> None:
    """In lists the visitor chooses between it and the time of each event, for the lists of other pages, too."""
    page = new_page(timezone_id=AUCKLAND)

    page.goto(address + EVENT)
    times = page.locator(".times > div").all_inner_texts()
    page.goto(address)
    own = texts_of_list(page)
    page.get_by_role("button", name="Show the time of each event").click()
    page.goto(f"{address}/series/harbour-talks")

    assert times == [
        "Your time\nWednesday 1 February 2040\n02:30–03:45 UTC+13",
        "New York time\nTuesday 31 January 2040\n08:30–09:45 EST",
        "Geneva time\n14:30–15:45 CET",
    ]
    assert [own, texts_of_list(page)] == [
        ["Times in your zone (New Zealand Time)", "1 Feb 2040", "Wednesday 1 February 2040, 02:30–03:45 UTC+13"],
        ["Times in the zone of each event", "31 Jan 2040", "Tuesday 31 January 2040, 08:30–09:45 EST"],
    ]


def texts_of_list(page: Page) -> list[str]:
    """Return what a list with one event says of its zone and time."""
    places = page.locator(".zone span, .events .tile, .events time")
    return [" ".join(text.split()) for text in places.all_inner_texts()]


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


def test_words_that_a_description_stresses_stay_in_their_line(site: Site, address: str, new_page: NewPage) -> None:
    site.save(an_event(description="Of tides, <b>quays</b> &amp; <em>harbours</em>."))
    page = new_page()

    page.goto(address + EVENT)

    assert page.locator(".prose").inner_text() == "Of tides, quays & harbours."


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


def test_page_counts_the_last_day_down(address: str, new_page: NewPage) -> None:
    expected = {
        timedelta(hours=24, seconds=1): None,
        timedelta(hours=24): "Starts in 24 hrs",
        timedelta(hours=3, minutes=20): "Starts in 3 hrs 20 mins",
        timedelta(hours=1): "Starts in 1 hr",
        timedelta(minutes=59, seconds=1): "Starts in 1 hr",
        timedelta(seconds=60): "Starts in 1 min",
        timedelta(seconds=59): "Starts in 59 secs",
        timedelta(seconds=1): "Starts in 1 sec",
        timedelta(): None,
    }
    page, shown = new_page(), {}

    for before in expected:
        page.clock.set_fixed_time(START - before)
        page.goto(address + EVENT)
        timer = page.get_by_role("timer")
        shown[before] = timer.inner_text() if timer.is_visible() else None

    assert shown == expected


def test_countdown_goes_on_and_is_read_out_to_nobody(address: str, new_page: NewPage) -> None:
    page = new_page()
    page.clock.install(time=START - timedelta(minutes=3))
    page.clock.pause_at(START - timedelta(minutes=2))  # before the page loads, which takes an unknown time
    page.goto(address + EVENT)
    timer = page.get_by_role("timer")
    texts = [timer.inner_text()]

    for seconds in (60, 30, 29):
        page.clock.run_for(seconds * 1000)
        texts.append(timer.inner_text())

    assert texts == ["Starts in 2 mins", "Starts in 1 min", "Starts in 30 secs", "Starts in 1 sec"]
    assert timer.evaluate("timer => timer.closest('[aria-live], [role=status]')") is None


def test_countdown_is_calm_for_who_wants_it_so(address: str, new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    page.clock.set_fixed_time(START - timedelta(seconds=30))

    page.goto(address + EVENT)

    expect(page.get_by_role("timer")).to_have_text("Starts in 1 min")


def test_member_is_led_through_the_sign_in_to_the_recording(site: Site, address: str, new_page: NewPage) -> None:
    locked = RECORDING_EXPECTED.model_copy(update={"visibility": "members", "title_shown": True})
    site.save(an_event(attachments=(AGENDA, locked)))
    site.publish(an_event(), recording=a_recording(play_passcode=None))
    site.add_user("amara")
    site.clock.advance((END - site.clock.now()).total_seconds())
    page = new_page()
    page.goto(address + EVENT)

    page.get_by_role("link", name="Sign in to watch").press("Enter")
    page.get_by_label("Name").fill("amara")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("This recording asks for a passcode")
    expect(page.get_by_text("k+Y2w&q!")).to_be_visible()


def test_passcode_is_copied_by_a_button_or_marked_for_the_keys(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event(), recording=a_recording(play_passcode=None))
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}{EVENT}/recording")

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "k+Y2w&q!"
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused')); }")
    page.get_by_role("button", name="Copied").click()
    assert page.evaluate("getSelection().toString()") == "k+Y2w&q!"


def test_card_stands_on_another_sites_page_and_leads_out_of_it(address: str, new_page: NewPage) -> None:
    frame = f'<!doctype html><iframe title="Event" width="400" height="420" src="{address}{EVENT}/embed"></iframe>'
    page = new_page(timezone_id=AUCKLAND)
    with other_site(frame) as elsewhere:
        page.goto(elsewhere)
        card = page.frame_locator("iframe")

        expect(card.locator(".own dd")).to_have_text("Wednesday 1 February 2040 02:30–03:45 UTC+13")
        card.get_by_role("link", name="Tides of Tomorrow").click()

        expect(page).to_have_url(address + EVENT)


def test_print_has_the_recordings_address_and_no_button(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event())
    page = new_page()
    page.goto(address + EVENT)

    page.emulate_media(media="print")

    expect(page.get_by_text(f"http://events.example.org{EVENT}/recording")).to_be_visible()
    expect(page.get_by_role("link", name="Watch recording")).to_be_hidden()


@contextmanager
def other_site(html: str) -> Iterator[str]:
    """Serve one page at its own address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *args: object) -> None:
            pass

    with Served(HTTPServer(("127.0.0.1", 0), Handler), "/") as served:
        yield served.url
