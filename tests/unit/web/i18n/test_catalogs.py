"""An operator's own words: used if they are valid, and else refused with the line and the nearest message."""

import pytest

from zoom_ops.errors import BadInputError
from zoom_ops.settings.values import LANGUAGES
from zoom_ops.toml import parse_toml
from zoom_ops.web.i18n.catalogs import CODES, load_languages
from zoom_ops.web.i18n.language import Language


def a_language(code: str, words: str) -> Language:
    """Load a language with an operator's words."""
    return load_languages([code], {code: parse_toml(words, f"words/{code}.toml")})[code]


def test_settings_know_the_languages_that_there_are() -> None:
    assert LANGUAGES == CODES


@pytest.mark.parametrize(("code", "left"), [("en", "Programme"), ("ru", "Программа")])
def test_word_stands_in_place_of_the_shipped_one_and_leaves_the_others(code: str, left: str) -> None:
    language = a_language(code, '"Watch recording" = "Zur Aufzeichnung"')

    assert [language.say(text) for text in ("Watch recording", "Programme")] == ["Zur Aufzeichnung", left]
    assert load_languages()[code].say("Watch recording") != "Zur Aufzeichnung"


def test_word_that_goes_with_a_number_has_each_of_its_forms() -> None:
    language = a_language("ru", '"Speaker" = ["Эксперт", "Эксперты", "Экспертов"]')

    assert [language.say_many("Speaker", "Speakers", count) for count in (1, 2, 5)] == [
        "Эксперт",
        "Эксперты",
        "Экспертов",
    ]


def test_word_may_leave_out_a_placeholder_and_hold_a_percent_sign() -> None:
    language = a_language("en", '"Watch part %(number)s" = "100%% of it"')

    assert language.say("Watch part %(number)s", number=2) == "100% of it"


def test_organisation_may_have_a_name_of_its_own_in_a_language() -> None:
    assert a_language("fr", 'organisation = "Institut du port"').organisation == "Institut du port"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ('"Watch recordings" = "x"', "No page says 'Watch recordings'. Did you mean 'Watch recording'?"),
        ('\n"Watch recording" = 7', "words/fr.toml:2: 'Watch recording': expected a text in quotes."),
        ('"Watch recording" = " "', "expected a text in quotes."),
        ('"Watch part %(number)s" = "%(numbr)s"', "nothing to put in for %(numbr)s. Did you mean 'number'?"),
        ('"Programme" = "100%"', "a % that stands for itself is written %%, in '100%'."),
        ('"Speaker" = "Orateur"', "expected a list of 2 texts, one for each form that goes with a number"),
        ('"Speaker" = ["Orateur"]', "expected a list of 2 texts"),
        ("organisation = 3", "organisation: expected a text in quotes."),
        ("[table]\nx = 1", "No page says 'table'."),
    ],
)
def test_word_that_does_not_fit_is_refused_with_its_line(words: str, complaint: str) -> None:
    with pytest.raises(BadInputError) as raised:
        a_language("fr", words)

    assert complaint in str(raised.value)
    assert str(raised.value).startswith("words/fr.toml:")
