"""The pages in each language: right to left, with the switch, and with the browser's own names."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Scheme, find_broken_rules, find_wide_pages
from tests.builders import EVENT_ID, START, an_event
from tests.web_site import Site
from tests.web_states import fill, in_language
from zoom_ops.store.db.connect import Database
from zoom_ops.web.branding import Branding, make_colours, make_logo
from zoom_ops.web.i18n.catalogs import CODES, load_languages

OTHERS = ("fr", "ar", "zh", "ru")
EVENT = f"/events/{EVENT_ID}"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4"><rect width="9" height="4" fill="#0a4d8c"/></svg>'

NewPage = Callable[..., Page]


@pytest.fixture
def site(database: Database) -> Site:
    prepared = Site(database, base_url="http://127.0.0.1")
    prepared.save(an_event())
    return prepared


def test_arabic_pages_run_from_right_to_left(address: str, new_page: NewPage) -> None:
    page = new_page(locale="ar")

    page.goto(address + EVENT)

    assert page.evaluate("document.dir") == "rtl"


def in_turn(number: int) -> tuple[str, ...]:
    """Choose a language for a page: consecutive pages use all that test_access.py does not use for the same page."""
    turn, place = divmod(number, 2)
    return ("en" if place else ("fr", "zh", "ru")[turn % 3],)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("codes_of", [in_turn, pytest.param(lambda _: OTHERS, id="all", marks=pytest.mark.long)])
def test_pages_fit_their_window_in_every_language(
    site: Site, address: str, new_page: NewPage, codes_of: Callable[[int], tuple[str, ...]]
) -> None:
    pages = {
        f"{name} in {code}": in_language(path, code)
        for number, (name, path) in enumerate(fill(site).items())
        for code in codes_of(number)
    }

    assert find_wide_pages(new_page(), address, pages, (320, 390, 1280)) == []


@pytest.mark.parametrize(
    ("accent", "scheme"),
    [
        ("#ffd400", "light"),
        ("#009edb", "dark"),
        pytest.param("#ffd400", "dark", marks=pytest.mark.long),
        pytest.param("#009edb", "light", marks=pytest.mark.long),
    ],
)
def test_pages_in_an_organisations_own_colour_are_accessible(
    database: Database, new_page: NewPage, accent: str, scheme: Scheme
) -> None:
    branding = Branding(logo=make_logo("LOGO", LOGO), colours=make_colours(accent))
    site = Site(database, branding=branding)
    pages = fill(site)
    page = new_page(color_scheme=scheme, reduced_motion="reduce")

    with site.served() as visitor:
        broken = []
        for name in ("published", "groups", "programme", "not-found"):
            page.goto(visitor.address + pages[name])
            broken.extend(find_broken_rules(page))

    assert broken == []


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])  # a browser names zones in these
def test_browser_writes_the_visitors_time_as_the_server_writes_the_others(
    site: Site, address: str, new_page: NewPage, code: str
) -> None:
    language, zone = load_languages()[code], "Pacific/Auckland"
    spans = [  # a day, a night, and a change of clocks in the visitor's zone
        (START, START + timedelta(hours=1)),
        (START.replace(hour=10), START.replace(hour=12)),
        (START.replace(month=3, day=31, hour=13, minute=30), START.replace(month=3, day=31, hour=14, minute=30)),
    ]
    page = new_page(timezone_id=zone, locale=code)

    shown, expected = [], []
    for start, end in spans:
        site.save(an_event(start=start, end=end))
        page.goto(address + EVENT)
        shown.append(page.locator(".own dd").inner_text())
        expected.append("\n".join(language.write_span(start, end, zone)))

    assert _in_plain_space(shown) == _in_plain_space(expected)


def test_switch_changes_the_language_of_this_page_and_the_next(address: str, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(address + EVENT)

    page.get_by_role("link", name="Language: English").click()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Acerca de este evento")).to_be_visible()
    page.get_by_role("link", name="Programa").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Programa")
    expect(page.get_by_role("navigation", name="Idioma").locator("[aria-current]")).to_have_text("Español")


def test_page_that_changes_stays_in_its_language(site: Site, address: str, new_page: NewPage) -> None:
    page = new_page()
    page.context.clear_cookies()
    page.goto(f"{address}{EVENT}?lang=ru")
    page.context.clear_cookies()

    site.publish(an_event())

    expect(page.get_by_role("link", name="Смотреть запись")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Запись доступна.")


def _in_plain_space(texts: list[str]) -> list[str]:
    """Replace every kind of space by a plain one: browsers and the server use different ones."""
    return [" ".join(text.split()) for text in texts]
