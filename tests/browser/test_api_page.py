"""The page of the API: it shows every operation, runs under the site's policy, and asks no other host."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.docs.test_api import describe


def test_page_of_the_api_shows_its_operations_and_asks_nobody_else(new_page: Callable[..., Page], address: str) -> None:
    page = new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{address}/api/v1/docs")
    page.locator("#operations-events-create_event").click()
    page.get_by_role("button", name="Authorize").first.click()

    assert page.locator("input[aria-label='auth-bearer-value']").is_visible()
    assert page.locator(".opblock").count() == sum(map(len, describe()["paths"].values()))
    assert asked - {""} == {urlsplit(address).netloc}
    assert complaints == []
