"""The console in a real browser: accessibility, layout and keyboard."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.looking import ChooseLooks, find_broken_pages, find_broken_rules, in_looks
from tests.browser.visiting import AUCKLAND
from tests.builders import AMARA, END, EVENT_ID, START, YUSUF, a_note, an_attachment, an_event
from tests.integration.homes_scene import add_homes
from tests.integration.served import WITHOUT_TLS, serve_pages, sign_in
from tests.integration.service import MakeService, Service
from tests.web_site import Visitor
from zoom_ops.identity.users import sign_user_out
from zoom_ops.store.audit import Actor

PAGES = (
    "/-/", "/-/drafts", "/-/events", "/-/events/new", "/-/events/paste", f"/-/events/{EVENT_ID}/edit",
    f"/-/events/{EVENT_ID}", f"/-/events/{EVENT_ID}/cancel", "/-/plan", "/-/review", "/-/runs",
    "/-/runs/1", "/-/jobs", "/-/people", "/-/hosts", "/-/alerts", "/-/notifications", "/-/notifications/1",
    "/-/hosts/calendar", "/-/figures", "/-/homes", "/-/webhooks", "/-/audit", "/-/settings", "/-/users", "/-/users/1",
    "/-/sessions", "/-/tokens", "/-/backups", "/account", "/account/second-factor", "/-/events/none",
)  # fmt: skip

FORM = (
    "/-/events/new", "/-/events/paste", f"/-/events/{EVENT_ID}/edit", "/account", "/account/second-factor",
)  # fmt: skip  # in the language of the reader

CATCH_STREAM = """
window.EventSource = class extends EventSource {
  constructor(...all) {
    super(...all);
    window.stream = this;
  }
};
"""
HURRY = """
performance.now = () => 0;
const later = setTimeout;
window.setTimeout = (act, time) => later(act, time / 1000);
"""
SEND_ANEW = """number => new Promise(done => {
  new MutationObserver(() => done(true)).observe(document.getElementById("today"), {childList: true});
  stream.dispatchEvent(new MessageEvent("changed", {data: number}));
})"""
TURN = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
FOCUSED = """() => {
  const focused = document.activeElement;
  const name = ["href", "aria-label", "id"].map((one) => focused.getAttribute(one)).find(Boolean);
  return [name || focused.tagName, focused.matches(":focus-visible"), Boolean(focused.closest(".at"))];
}"""

NewPage = Callable[..., Page]


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service with finished work, a failure, and pending work."""
    service = make_service(settings=WITHOUT_TLS)
    service.add(an_event(performers=(AMARA, YUSUF), attachments=(an_attachment(),), needs_review=(a_note(),)))
    service.settle()
    service.zoom.hold()
    service.settle()
    service.zoom.fault("POST /users/*/webinars", "http", status=400)
    next_day = {"start": START + timedelta(days=1), "end": END + timedelta(days=1), "display_times": ()}
    service.add(an_event(id="refused", name="An event that Zoom refuses", performers=(AMARA,), **next_day))
    service.settle()
    service.add(an_event(id="new", name="An event that nobody has planned yet", performers=(AMARA,)))
    service.introduce(("Amara Diallo", "amara.diallo@example.org"))
    return service


@pytest.fixture
def console(service: Service, new_page: NewPage) -> Iterator[tuple[Page, Visitor]]:
    """A browser in which an admin is signed in."""
    with serve_pages(service) as served:
        visitor = sign_in(service, served.visitor, "admin")
        page = new_page(reduced_motion="reduce")
        cookies: Any = [
            {"name": cookie.name, "value": cookie.value, "url": visitor.address} for cookie in visitor.cookies
        ]
        page.context.add_cookies(cookies)
        yield page, visitor


def cookies_of(visitor: Visitor) -> Any:
    """Return a visitor's cookies as Playwright takes them."""
    return [{"name": cookie.name, "value": cookie.value, "url": visitor.address} for cookie in visitor.cookies]


@pytest.mark.timeout(600)
@in_looks
def test_pages_are_accessible_fit_and_break_no_rule_of_their_own(
    console: tuple[Page, Visitor], looks: ChooseLooks
) -> None:
    page, visitor = console

    pages = {path: looks(n, ("ar",) if path in FORM else ("en",)) for n, path in enumerate(PAGES)}
    broken = find_broken_pages(page, visitor.address, pages)

    assert broken == {}


@pytest.mark.timeout(600)
@in_looks
def test_pages_about_homes_are_accessible_and_fit(
    service: Service, console: tuple[Page, Visitor], looks: ChooseLooks
) -> None:
    page, visitor = console
    service.approve()
    service.settle()
    add_homes(service, EVENT_ID, "new")

    paths = ("/-/homes", f"/-/events/{EVENT_ID}", "/-/review", "/-/homes")
    broken = find_broken_pages(
        page, visitor.address, {f"{path}?{n}": looks(n, ("en",)) for n, path in enumerate(paths)}
    )

    assert broken == {}


def test_question_is_accessible_and_answered_with_the_keyboard(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    page.goto(f"{visitor.address}/-/events/refused")
    page.get_by_label("Job").press("Tab")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Run “create webinars” for “An event that Zoom refuses” now?")
    expect(heading).to_be_focused()

    broken = find_broken_rules(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert broken == []
    expect(page.get_by_role("status")).to_have_text("“create webinars” was asked for.")


def test_token_that_is_shown_once_is_copied(console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{visitor.address}/-/tokens")
    page.get_by_label("Name, such as the script that has it").fill("website")
    page.get_by_label("List and read events as every visitor").check()
    page.get_by_role("button", name="Make the token").click()
    broken = find_broken_rules(page)
    page.get_by_role("button", name="Copy").click()

    expect(page.locator("#copied")).to_have_text("Token: copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#secret").text_content()
    assert broken == []


def test_today_keeps_up_by_itself(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    page.goto(f"{visitor.address}/-/")
    later = page.get_by_text("An event that came later")
    expect(later).to_have_count(0)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#today h2'))")

    service.add(an_event(id="later", name="An event that came later"))
    expect(page.get_by_text("Paused while you read: 1 update waits.")).to_be_visible()
    expect(later).to_have_count(0)
    page.evaluate("getSelection().empty()")

    expect(later).to_be_visible()
    expect(page.get_by_text("Paused while you read")).to_be_hidden()


def test_what_is_typed_stays_until_the_reader_asks_for_what_is_new(
    service: Service, console: tuple[Page, Visitor]
) -> None:
    page, visitor = console
    page.goto(f"{visitor.address}/-/events/refused")
    runs, job = page.locator("#runs tbody tr"), page.get_by_label("Job")
    job.select_option("register_panelists")
    before = runs.count()
    service.ask("register_panelists", "refused")

    expect(page.get_by_text("Paused while you write: 1 update waits.")).to_be_visible()
    expect(runs).to_have_count(before)
    page.get_by_role("button", name="Show").click()

    expect(runs).to_have_count(before + 1)
    expect(job).to_have_value("register_panelists")


def test_what_is_typed_stays_with_whom_it_is_about(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    people = [YUSUF.model_copy(update={"name": name}) for name in ("Lina Haddad", "Noor Aziz", "Omar Said")]
    service.add(an_event(id="later", performers=tuple(people)))
    page.goto(f"{visitor.address}/-/events/later")
    noor, waits = page.get_by_label("Address of Noor Aziz"), page.get_by_text("Paused while you write")
    noor.fill("noor.aziz@example.org")
    page.locator("#webinar details").evaluate("details => details.open = true")

    give_address(visitor, "Lina Haddad")
    expect(waits).to_be_visible()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Address of Lina Haddad")).to_have_count(0)
    expect(noor).to_have_value("noor.aziz@example.org")
    give_address(visitor, "Noor Aziz")

    expect(page.get_by_text("What you wrote has no place in the newer page")).to_be_visible()
    expect(noor).to_have_value("noor.aziz@example.org")
    page.get_by_role("button", name="Load again").click()
    expect(noor).to_have_count(0)


def give_address(visitor: Visitor, name: str) -> None:
    """Do as another operator does meanwhile."""
    whom = {"name": name, "organization": YUSUF.organization or "", "email": "somebody.else@example.org"}
    visitor.post("/-/events/later/address", data=whom).raise_for_status()


def test_tables_stay_open_and_others_closed_when_their_figures_change(
    service: Service, console: tuple[Page, Visitor]
) -> None:
    page, visitor = console
    page.goto(f"{visitor.address}/-/jobs")
    table = page.locator("#table-create_webinars")
    table.evaluate("details => details.open = true")
    before = table.locator("summary").inner_text()

    service.ask("create_webinars", "refused")
    service.settle()

    expect(table.locator("summary")).not_to_have_text(before)
    assert page.locator("#list details[open]").evaluate_all("all => all.map(({ id }) => id)") == [
        "table-create_webinars"
    ]


def test_lost_connection_is_said_until_it_is_back_and_a_hidden_tab_has_none(
    service: Service, console: tuple[Page, Visitor]
) -> None:
    page, visitor = console
    trying, ended = page.get_by_text("Not live: trying again."), page.get_by_text("Not live: sign in again.")
    page.clock.install()
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status) if "x-live" in answer.request.headers else None)
    page.goto(f"{visitor.address}/-/plan?kind=none")
    hasten(page, lambda: statuses.count(404) > 1)  # a filter that is refused is no page that is gone
    page.route("**/-/stream", lambda route: route.fulfill(status=503))
    page.goto(f"{visitor.address}/-/events")
    hasten(page, trying.is_visible)

    page.unroute("**/-/stream")
    hasten(page, trying.is_hidden)
    asked: list[str] = []
    page.evaluate(TURN, True)
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(122_000)
    assert asked == []  # nothing while the tab is hidden
    page.evaluate(TURN, False)
    sign_user_out(service.app.database, Actor(name="admin"), "admin")

    hasten(page, ended.is_visible)


def hasten(page: Page, is_so: Callable[[], bool]) -> None:
    """Let minutes pass in the page until something is so."""
    for _ in range(100):
        if is_so():
            return
        page.clock.fast_forward(61_000)
        page.wait_for_timeout(50)
    pytest.fail("it does not come")


def test_focus_stays_when_today_is_sent_anew(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    service.add(an_event(id="wary", name="A wary event", performers=(YUSUF,), needs_review=(a_note(),)))
    page.goto(f"{visitor.address}/-/")
    review, later = page.locator('[href="/-/events/wary#review"]'), page.get_by_text("An event that came later")
    go_down(page, "/-/events/wary#review")

    service.add(an_event(id="later", name="An event that came later"))
    expect(later).to_be_visible()
    expect(review).to_be_focused()
    expect(page.locator(".at")).to_have_count(1)
    service.approve(event_id="wary")
    expect(review).to_have_count(0)

    expect(page.locator('[href="/-/events/wary#people"]')).to_be_focused()  # it takes the place of the other link


def go_down(page: Page, address: str) -> None:
    """Press j until the link to an address has the focus, at most once for each row.

    One evaluation in the browser returns the focused element: a located link may be replaced before it is checked.
    """
    for _ in range(page.locator("[data-list] > *").count()):
        page.keyboard.press("j")
        if page.evaluate(FOCUSED)[0] == address:
            return
    pytest.fail(f"j does not come to {address}")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "j"])
def test_key_goes_on_from_its_place_when_today_is_sent_anew(console: tuple[Page, Visitor], key: str) -> None:
    page, visitor = console
    page.add_init_script(CATCH_STREAM)
    page.add_init_script(HURRY)
    numbers, html = count(), visitor.get("/-/").text
    send = {"content_type": "text/html; charset=utf-8"}

    def answer(route: Route) -> None:
        anew = html.replace(part := '<div id="today" data-live data-pauses>', f"{part}<!--{next(numbers)}-->")
        route.fulfill(body=anew, **send) if "x-live" in route.request.headers else route.continue_()

    page.route(f"{visitor.address}/-/", answer)

    undisturbed, _ = walk(page, visitor, key, anew=False)
    disturbed, replaced = walk(page, visitor, key, anew=True)

    assert all(replaced)
    assert disturbed == undisturbed
    assert len({name for name, _, _ in undisturbed}) > 5


def walk(page: Page, visitor: Visitor, key: str, *, anew: bool) -> tuple[list[Any], list[bool]]:
    """Press a key repeatedly. Return the focused element each time, and whether the page was replaced before."""
    page.goto(f"{visitor.address}/-/")
    had, replaced = [], []
    for number in range(30):
        page.keyboard.press(key)
        replaced.append(anew and page.evaluate(SEND_ANEW, f"{number}"))
        had.append(page.evaluate(FOCUSED))
    return had, replaced


def test_focus_on_what_is_no_row_of_a_list_marks_none(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    page.goto(f"{visitor.address}/-/")
    table = page.get_by_role("region", name="Table of what is next")
    table.focus()

    service.add(an_event(id="later", name="An event that came later"))

    expect(page.get_by_text("An event that came later")).to_be_visible()
    expect(table).to_be_focused()
    expect(page.locator(".at")).to_have_count(0)


def test_focus_goes_to_the_content_when_what_had_it_is_gone(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    service.add(an_event(id="later", name="An event for which no host is free"))
    (run,) = service.ask("create_webinars", "later")
    page.goto(f"{visitor.address}/-/runs/{run}")
    cancel = page.get_by_role("link", name="Cancel the run…")
    cancel.focus()

    visitor.post(f"/-/runs/{run}/cancel")

    expect(cancel).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_everything_is_done_with_the_keyboard(service: Service, console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    listens = page.get_by_role("button", name="Keys…")  # the last thing that the script of a page shows
    page.goto(f"{visitor.address}/-/")
    expect(listens).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(f"{visitor.address}/-/runs")
    expect(listens).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".at a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run ")
    expect(listens).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(f"{visitor.address}/-/events")
    expect(listens).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Words")).to_be_focused()
    page.keyboard.type("refuses")

    expect(page.locator("tbody tr")).to_have_count(1)  # while one types
    expect(page.get_by_label("Words")).to_be_focused()
    expect(page).to_have_url(f"{visitor.address}/-/events?q=refuses&when=coming")
    service.add(an_event(id="second", name="An event that Zoom refuses, too"))
    expect(page.locator("tbody tr")).to_have_count(2)  # by itself
    expect(page.get_by_label("Words")).to_be_focused()
    expect(page.get_by_label("Words")).to_have_value("refuses")
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_keys_are_switched_off_and_on_again(console: tuple[Page, Visitor]) -> None:
    page, visitor = console
    open_keys, close = page.get_by_role("button", name="Keys…"), page.get_by_role("button", name="Close")
    page.goto(f"{visitor.address}/-/")
    open_keys.click()
    assert find_broken_rules(page) == []
    page.get_by_label("Listen to these keys").uncheck()
    close.click()

    page.goto(f"{visitor.address}/-/events")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(f"{visitor.address}/-/events")

    open_keys.click()
    page.get_by_label("Listen to these keys").check()
    close.click()
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(f"{visitor.address}/-/runs")


def test_operator_elsewhere_reads_own_times_and_copies_the_link(
    service: Service, console: tuple[Page, Visitor], new_page: NewPage
) -> None:
    _, visitor = console
    later = {"start": START + timedelta(days=2), "end": END + timedelta(days=2), "display_times": ()}
    service.add(an_event(id="tides", name="A tide to come", **later))
    service.settle()
    page = new_page(timezone_id=AUCKLAND, reduced_motion="reduce")
    page.context.add_cookies(cookies_of(visitor))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.goto(f"{visitor.address}/-/events/tides")
    expect(page.locator("[data-start]")).to_contain_text("Pacific/Auckland")
    expect(page.locator("#zone")).to_contain_text("In grey beside them: your time, Pacific/Auckland.")
    expect(page.locator(".stages .own").first).to_have_text("Wed 01:00 Auckland")
    page.get_by_role("button", name="Copy the join link").click()

    expect(page.get_by_text("Join link: copied.")).to_be_visible()
    link = page.locator("#way-join-link").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert find_broken_rules(page) == []
    page.goto(f"{visitor.address}/-/hosts/calendar?week={START.date()}")
    assert page.locator(".axis").all_inner_texts() == ["UTC", "Auckland"]
    assert page.locator(".hours.own").first.locator("text").all_text_contents() == ["19", "1", "7"]


def test_retry_works_without_script(service: Service, console: tuple[Page, Visitor], new_page: NewPage) -> None:
    _, visitor = console
    page = new_page(javascript=False)
    page.context.add_cookies(cookies_of(visitor))
    (failed,) = service.runs(states=("failed",))

    page.goto(f"{visitor.address}/-/runs/{failed.id}")
    page.get_by_role("button", name="Try again", exact=True).click()
    expect(page.get_by_text("Creates a webinar on")).to_be_visible()
    page.get_by_role("button", name="Try again", exact=True).click()

    expect(page.get_by_role("status")).to_have_text("Tried again: create webinars for “An event that Zoom refuses”.")
