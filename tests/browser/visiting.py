"""Actions of a visitor on any page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.builders import EVENT_ID
from tests.web_site import PASSWORD

EVENT = f"/events/{EVENT_ID}"
AUCKLAND = "Pacific/Auckland"  # far from every zone of the event

NewPage = Callable[..., Page]


def sign_in(page: Page, address: str) -> None:
    """Sign in with the form."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill("amara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
