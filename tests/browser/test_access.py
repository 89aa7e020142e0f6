"""The pages in every state: with axe, in every window size, under their own security rules, and with the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import WIDTHS, ChooseLooks, find_broken_pages, find_broken_rules, in_looks
from tests.browser.visiting import EVENT, NewPage, sign_in
from tests.builders import NOW, an_event
from tests.web_site import Site
from tests.web_states import fill
from zoom_ops.store.db.connect import Database


@pytest.mark.timeout(600)
@in_looks
def test_pages_are_accessible_fit_and_break_no_rule_of_their_own(
    site: Site, address: str, new_page: NewPage, looks: ChooseLooks
) -> None:
    page = new_page(reduced_motion="reduce")
    page.clock.set_fixed_time(NOW)

    pages = {path: looks(number, ("en", "ar")) for number, path in enumerate(fill(site).values())}
    broken = find_broken_pages(page, address, pages, WIDTHS)

    assert broken == {}


def test_page_of_a_member_is_accessible(site: Site, address: str, new_page: NewPage) -> None:
    site.add_user("amara")
    page, pages = new_page(reduced_motion="reduce"), fill(site)
    sign_in(page, address)

    page.goto(address + pages["members-only"])

    expect(page.get_by_role("link", name="Watch recording")).to_be_visible()
    assert find_broken_rules(page) == []


def test_empty_programme_is_accessible(database: Database, new_page: NewPage) -> None:
    page = new_page()

    with Site(database).served() as visitor:
        page.goto(visitor.address)
        broken = find_broken_rules(page)

    assert broken == []


def test_page_is_walked_through_by_keyboard(site: Site, address: str, new_page: NewPage) -> None:
    site.publish(an_event())
    page = new_page()
    page.goto(address + EVENT)

    walked = []
    for _ in range(11):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    assert walked == [
        "Skip to the content", "Harbour Institute", "Programme", "Sign in", "Language: English", "Harbour Talks",
        "Watch recording", "Share", "Agenda", "Recording", "This event as JSON",
    ]  # fmt: skip


def test_skip_link_leads_to_the_content(address: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address + EVENT)

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()
