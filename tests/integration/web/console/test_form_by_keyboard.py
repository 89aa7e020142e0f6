"""A stranger makes an event from an e-mail in a real browser, by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import find_broken_rules
from tests.browser.visiting import NewPage
from tests.integration.served import WITHOUT_TLS, serve_pages, sign_in
from tests.integration.service import MakeService, Service
from tests.integration.web.console.test_pages import cookies_of
from zoom_ops.store.events import load_event

TEXT = """- id: low-water
  name: Low water
  start: 2040-03-08T14:30
  end: 2040-03-08T16:00
  timezone: Europe/Zurich
  performers: [{name: Amara Diallo}, {name: Jonas Lindqvist}]
  needs_review:
    - {field: start, line: 3, text: 08/03/2040 14:30, reason: Day or month first?,
       choices: ["2040-03-08T14:30", "2040-08-03T14:30"]}
"""


@pytest.fixture
def service(make_service: MakeService) -> Service:
    service = make_service(settings=WITHOUT_TLS)
    service.introduce(("Mei-Ling Chan", "mei-ling.chan@example.org"), ("Mei-Ling Chen", "mei-ling.chen@example.org"))
    return service


@pytest.fixture
def page(service: Service, new_page: NewPage) -> Iterator[Page]:
    with serve_pages(service) as served:
        page = new_page(reduced_motion="reduce", locale="en-GB", base_url=served.visitor.address)
        page.context.add_cookies(cookies_of(sign_in(service, served.visitor, "operator")))
        yield page


_TEXT = """(({ activeElement: it }) => it.matches("body") ? "" : (it.labels?.[0] || it).textContent)(document)"""


def go_to(page: Page, what: str) -> None:
    """Press Tab until something with this text has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if what in page.evaluate(_TEXT):
            return
    raise AssertionError(f"no way to {what} by keyboard")


def test_text_becomes_an_event_by_keyboard_alone(service: Service, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto("/-/events/paste")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.insert_text(TEXT)
    go_to(page, "Read it")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="New event")).to_be_visible()
    assert find_broken_rules(page) == []
    assert page.locator("#image_decorative").evaluate("it => it.getBoundingClientRect().left") > 0
    go_to(page, "Not decided yet")  # of the radio buttons the chosen one has the focus
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#start-date")).to_have_value("2040-08-03")
    expect(page.locator("#end-date")).to_have_value("2040-08-03")
    expect(page.locator("[data-moments]")).to_contain_text("Fri, 3 Aug 2040, 12:30–14:00")
    go_to(page, "Start, time")
    page.keyboard.type("1530")
    expect(page.locator("#end-time")).to_have_value("17:00")
    expect(page.locator("[data-moments]")).to_contain_text("Fri, 3 Aug 2040, 13:30–15:00")
    go_to(page, "Down Person 1")
    page.keyboard.press("Enter")
    expect(page.locator("#performers-0-name")).to_have_value("Jonas Lindqvist")
    go_to(page, "Add a person")
    page.keyboard.press("Enter")
    for name in ("Chan", "Chen"):  # the address goes with the name
        page.keyboard.type(f"Mei-Ling {name}")
        page.keyboard.press("Tab")
        expect(page.locator("#performers-2-email")).to_have_value(f"mei-ling.{name.lower()}@example.org")
        page.keyboard.press("Shift+Tab")
    go_to(page, "Check and preview")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Create “Low water”?")).to_be_focused()
    assert find_broken_rules(page) == []
    expect(page.frame_locator("iframe").get_by_role("heading", name="Low water")).to_be_visible()
    go_to(page, "Create the event")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("The event is created.")
    assert said == []
    with service.app.context.database.read() as connection:
        event = load_event(connection, "low-water")
    assert [person.name for person in event.performers] == ["Jonas Lindqvist", "Amara Diallo", "Mei-Ling Chen"]
    assert (f"{event.start_utc:%m-%d %H:%M}", event.needs_review) == ("08-03 13:30", ())


def test_row_is_dragged_a_file_is_dropped_and_a_picture_too_large_holds_the_form(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto("/-/events/paste")
    make_file = "text => { const d = new DataTransfer(); d.items.add(new File([text], 'a.yaml')); return d; }"
    page.dispatch_event("main", "drop", {"dataTransfer": page.evaluate_handle(make_file, TEXT)})
    expect(page.locator("#performers-1-name")).to_have_value("Jonas Lindqvist")

    handle, first = page.locator("#performers .handle").nth(1), page.locator("#performers [data-row]").first
    handle.hover()
    page.mouse.down()
    first.hover(position={"x": 60, "y": 5}, force=True)
    page.mouse.up()

    expect(page.locator("#performers-0-name")).to_have_value("Jonas Lindqvist")
    expect(page.get_by_role("button", name="Up Person 2")).to_be_enabled()

    picture, refusal = page.locator("#image-file"), page.locator("#image [data-too-large]")
    picture.set_input_files({"name": "quay.png", "mimeType": "image/png", "buffer": bytes(10_000_001)})
    page.get_by_role("button", name="Check and preview").last.click()
    expect(picture).to_be_focused()
    told = "The picture has more than 10 MB: make it smaller. Go on without this picture"
    expect(picture).to_have_accessible_error_message(told)

    refusal.get_by_role("button", name="Go on without this picture").click()
    expect(refusal).to_be_hidden()
    page.get_by_role("button", name="Check and preview").last.click()
    expect(page.get_by_role("button", name="Create the event")).to_be_visible()
