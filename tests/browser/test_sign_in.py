"""Sign-in in a real browser, with the keyboard, through a provider at another address and back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import find_broken_rules
from tests.builders import EVENT_ID, SLIDES, an_event
from tests.conftest import NewPage
from tests.provided_site import ProvidedSite, serve_provided
from tests.provider.cast import PASSWORD as PROVIDER_PASSWORD
from tests.provider.running import RunningProvider, run_provider
from tests.web_site import PASSWORD
from zoom_ops.store.db.connect import Database

PAGE = f"/events/{EVENT_ID}"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    with run_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def provided(database: Database, provider: RunningProvider) -> Iterator[ProvidedSite]:
    with serve_provided(database, provider) as provided:
        provided.introduce()
        provided.site.add_user("tomas", role="operator")
        provided.site.save(an_event(attachments=(SLIDES.model_copy(update={"groups": ("UNGIS members",)}),)))
        yield provided


@pytest.mark.parametrize(("login", "sees"), [("amara", True), ("yusuf", False)])
def test_person_signs_in_through_the_provider(
    provided: ProvidedSite, new_page: NewPage, login: str, sees: bool
) -> None:
    page = new_page()
    complaints = complaints_of(page, provided.address)
    page.goto(provided.address + PAGE)

    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Sign in with Harbour Institute").click()
    page.get_by_label("Username").fill(login)
    page.get_by_label("Password").fill(PROVIDER_PASSWORD)
    page.get_by_role("button", name="Log in").click()

    expect(page).to_have_url(provided.address + PAGE)
    expect(page.get_by_role("link", name="Slides")).to_have_count(int(sees))
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{provided.address}/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert complaints == []


def test_person_signs_in_by_keyboard_and_is_told_what_is_wrong(provided: ProvidedSite, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(f"{provided.address}/sign-in?next={PAGE}")

    for key in ("tomas", "Tab", "not the right one", "Enter"):
        if key == "tomas":
            page.get_by_label("Name").focus()
        page.keyboard.press(key) if key in ("Tab", "Enter") else page.keyboard.type(key)
    expect(page.get_by_role("alert")).to_have_text("This name and password do not go together.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(provided.address + PAGE)


@pytest.mark.parametrize(
    ("language", "scheme"),
    [
        ("en", "light"),
        ("ar", "dark"),
        pytest.param("en", "dark", marks=pytest.mark.long),
        pytest.param("ar", "light", marks=pytest.mark.long),
    ],
)
def test_sign_in_is_accessible(provided: ProvidedSite, new_page: NewPage, language: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme, viewport=(390, 844))
    page.goto(f"{provided.address}/sign-in?lang={language}")
    broken = find_broken_rules(page)

    page.locator("#login").fill("tomas")
    page.locator("#password").fill("not the right one")
    page.locator("main button").click()

    assert broken + find_broken_rules(page) == []


def complaints_of(page: Page, address: str) -> list[str]:
    """Collect the browser's complaints about our pages, such as a violation of their own security rules."""
    complaints: list[str] = []
    page.on("console", lambda message: message.location["url"].startswith(address) and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
