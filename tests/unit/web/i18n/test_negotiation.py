"""The language of a page: the reader's choice, the browser's languages and the site's languages."""

import pytest

from zoom_ops.web.i18n.catalogs import load_languages
from zoom_ops.web.i18n.negotiation import addresses_in, choose_language, read_accepted

LANGUAGES = load_languages()


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("FR-ca, en;q=0.5", "fr"),
        ("de, pt-BR;q=0.9, es-419;q=0.8, en;q=0.7", "es"),
        ("en;q=0.5, ru", "ru"),
        ("en;q=0, ar", "ar"),
        ("zh-Hant-TW, en;q=0.9", "zh"),  # simplified Chinese rather than English
        ("de, ja", "en"),
        ("*", "en"),
        ("ru;q=zero, ar;q=0.1", "ar"),
        ("ru;q=nan;q, \x00, ;;;, fr;level=1", "fr"),
        ("xx," * 100_000 + "fr", "en"),  # more languages than anybody has
    ],
)
def test_language_is_the_one_that_the_browser_likes_best(accepted: str, code: str) -> None:
    assert choose_language((), accepted, LANGUAGES).code == code


@pytest.mark.parametrize(
    ("chosen", "kept", "code"), [("ar", "zh", "ar"), ("", "zh", "zh"), ("xx", "zh", "zh"), ("FR", "<b>", "ru")]
)
def test_language_that_was_chosen_goes_before_what_the_browser_likes(chosen: str, kept: str, code: str) -> None:
    assert choose_language((chosen, kept), "ru", LANGUAGES).code == code


def test_site_speaks_the_first_of_its_languages_to_whoever_knows_none() -> None:
    two = {code: LANGUAGES[code] for code in ("fr", "es")}

    assert [choose_language((), accepted, two).code for accepted in ("en", "es")] == ["fr", "es"]


def test_equally_liked_languages_keep_their_order() -> None:
    assert read_accepted("fr, ru;q=0.5, EN-gb, es;q=0.5") == ["fr", "en-gb", "ru", "es"]


def test_address_in_another_language_keeps_what_else_was_asked_for() -> None:
    query = [("q", "tide & shore"), ("lang", "en"), ("past", "2")]

    assert addresses_in([LANGUAGES["fr"]], query) == [(LANGUAGES["fr"], "?q=tide+%26+shore&past=2&lang=fr")]
