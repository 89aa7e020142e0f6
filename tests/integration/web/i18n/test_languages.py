"""The public pages in each language: chosen, remembered and complete. The event's own words stay as they are."""

import re

import pytest

from tests.builders import BASE_URL, EVENT_ID, an_event
from tests.languages.messages import TRANSLATED
from tests.web_site import Site, Visitor
from tests.web_states import fill, in_language
from zoom_ops.store.db.connect import Database
from zoom_ops.toml import parse_toml
from zoom_ops.web.i18n.catalogs import load_languages

PAGE = f"/events/{EVENT_ID}"
WATCH = {
    "en": "Watch recording",
    "fr": "Voir l’enregistrement",
    "es": "Ver la grabación",
    "ar": "مشاهدة التسجيل",
    "zh": "观看录像",
    "ru": "Смотреть запись",
}


@pytest.fixture
def published(site: Site) -> None:
    site.save(an_event())
    site.publish(an_event())


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("code", WATCH)
def test_page_speaks_the_language_of_the_browser(visitor: Visitor, code: str) -> None:
    page = visitor.get(PAGE, headers={"Accept-Language": f"{code}-XX, de;q=0.5"})

    direction = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{code}" dir="{direction}"' in page.text
    assert WATCH[code] in page.text
    assert '<h1 lang="en" dir="auto">Tides of Tomorrow</h1>' in page.text
    assert page.headers["Content-Language"] == code
    assert "Accept-Language, Cookie" in page.headers["Vary"]


@pytest.mark.usefixtures("published")
def test_language_of_an_address_is_remembered(visitor: Visitor) -> None:
    chosen = visitor.get(f"{PAGE}?lang=fr", headers={"Accept-Language": "ru"})
    kept = chosen.headers["Set-Cookie"].partition(";")[0]
    next_page = visitor.get("/", headers={"Accept-Language": "ru", "Cookie": kept})

    assert WATCH["fr"] in chosen.text
    assert re.fullmatch(
        r"lang=fr; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax; Secure", chosen.headers["Set-Cookie"]
    )
    assert "Événements à venir" in next_page.text
    assert "Set-Cookie" not in next_page.headers


@pytest.mark.usefixtures("published")
def test_language_nobody_speaks_is_not_remembered(visitor: Visitor) -> None:
    page = visitor.get(f"{PAGE}?lang=tlh&lang=<b>")

    assert WATCH["en"] in page.text
    assert "Set-Cookie" not in page.headers


@pytest.mark.usefixtures("published")
def test_page_known_in_one_language_is_sent_in_another(visitor: Visitor) -> None:
    english = visitor.get(PAGE)
    known = {"If-None-Match": english.headers["ETag"]}

    again, french = visitor.get(PAGE, headers=known), visitor.get(f"{PAGE}?lang=fr", headers=known)

    assert (again.status_code, french.status_code) == (304, 200)
    assert again.headers["Vary"] == "Accept-Language, Cookie, Accept-Encoding"


@pytest.mark.usefixtures("published")
def test_switch_keeps_the_page_and_names_each_language_in_itself(visitor: Visitor) -> None:
    html = visitor.get("/?has=recording&x=1&lang=es").text

    links = re.findall(r'<a href="([^"]+)" lang="(\w+)" hreflang="(\w+)"[^>]*>([^<]+)</a>', html)
    assert links[0] == ("?has=recording&amp;lang=en", "en", "en", "English")
    assert [name for *_, name in links] == ["English", "Français", "Español", "العربية", "中文", "Русский"]
    assert html.count('hreflang="es" aria-current="true"') == 1


def test_refusal_is_a_page_in_the_readers_language_and_a_problem_in_english(visitor: Visitor) -> None:
    page = visitor.get("/nothing?lang=es")
    problem = visitor.get("/nothing", headers={"Accept": "application/json", "Accept-Language": "es"})

    assert "Esta página no existe" in page.text
    assert page.headers["Vary"].startswith("Accept, Cookie")
    assert problem.json()["detail"].startswith("There is nothing here.")


@pytest.mark.usefixtures("published")
def test_page_names_its_addresses_in_each_language(visitor: Visitor) -> None:
    plain, french = visitor.get(PAGE).text, visitor.get(f"{PAGE}?lang=fr").text

    address = f"{BASE_URL}{PAGE}"
    for html, own in ((plain, address), (french, f"{address}?lang=fr")):
        assert re.findall(r'rel="canonical" href="([^"]+)"', html) == [own]
        assert re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html) == [
            ("x-default", address), *((code, f"{address}?lang={code}") for code in WATCH),
        ]  # fmt: skip


def test_site_offers_only_the_languages_that_it_was_given(database: Database) -> None:
    words = {"fr": parse_toml('organisation = "Institut du port"\n"Programme" = "Agenda"', "fr.toml")}
    site = Site(database, languages=load_languages(["fr", "es"], words))

    with site.visited() as visitor:
        page = visitor.get("/", headers={"Accept-Language": "en"}).text

    assert "<title>Agenda – Institut du port</title>" in page
    assert set(re.findall(r'hreflang="([\w-]+)"', page)) == {"x-default", "fr", "es"}


def test_site_of_one_language_has_no_switch(database: Database) -> None:
    site = Site(database, languages=load_languages(["es"]))

    with site.visited() as visitor:
        page = visitor.get("/?lang=fr").text

    assert '<html lang="es"' in page
    assert "hreflang" not in page
    assert "languages" not in page


def test_console_is_in_english(site: Site, visitor: Visitor) -> None:
    site.add_user("ada")
    site.sign_in(visitor, "ada")
    cookies = {cookie.name: str(cookie.value) for cookie in visitor.cookies}

    page = visitor.get("/-/nothing?lang=fr", headers={"Accept-Language": "fr"}, cookies=cookies).text

    assert '<html lang="en"' in page
    assert "There is nothing here" in page
    assert "hreflang" not in page


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_page_in_any_state_falls_back_to_english(site: Site, visitor: Visitor, code: str) -> None:
    english = re.compile(r"Recording|Organized|Speaker|Your time|Language|Cancelled|Passcode|There is|Links")
    pages = fill(site)
    del pages["arabic"], pages["search-arabic"]  # their own words are partly in English

    words = {name: _own_words(visitor.get(in_language(path, code)).text, code) for name, path in pages.items()}

    assert {name: english.findall(text) for name, text in words.items() if english.search(text)} == {}


def _own_words(html: str, code: str) -> str:
    """Return the words of a page in its own language, without those marked as of another language."""
    body = re.sub(
        rf'<(\w+)(?=[^>]* lang="(?!{code}")\w+")[^>]*>.*?</\1>', "", html.partition("<body>")[2], flags=re.DOTALL
    )
    return " ".join(re.findall(r">([^<]+)<", body))
