"""Every text of the public pages, in every language; `make languages` lists the missing ones."""

import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.languages.messages import (
    TRANSLATED,
    catalog_file,
    extract_messages,
    forms_of,
    iter_faults,
    read_catalog,
    update_catalog,
    write_catalog,
)
from zoom_ops.web.i18n.catalogs import PLACEHOLDER

SCRIPTS = {"ar": "ARABIC", "zh": "CJK", "ru": "CYRILLIC"}  # the beginning of the Unicode names of their letters


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return extract_messages()


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalog_is_complete(messages: Catalog, code: str) -> None:
    assert list(iter_faults(messages, read_catalog(code))) == [], "run `make languages`, and translate what it lists"


@pytest.mark.parametrize("code", SCRIPTS)
def test_translation_is_in_the_script_of_its_language(code: str) -> None:
    texts = {text for message in read_catalog(code) if message.id for text in forms_of(message)}

    strange = [text for text in texts if _has_letters(text) and not _has_letters(text, SCRIPTS[code])]

    assert strange == []


def test_languages_of_one_script_share_no_words() -> None:
    """Texts equal to the English ones are allowed. Another text that two languages share was not translated."""
    french, spanish = ({m.id: forms_of(m) for m in read_catalog(code) if m.id} for code in ("fr", "es"))

    shared = [text for text, forms in french.items() if forms == spanish[text] and text not in (forms, *forms)]

    assert shared == []


def test_messages_of_code_and_of_templates_are_found(messages: Catalog) -> None:
    for message in ("Watch recording", "Skip to the content", ("Speaker", "Speakers"), "There is nothing here"):
        assert message in messages


def test_catalog_with_faults_is_found_out() -> None:
    messages, faulty = Catalog(locale="en"), Catalog(locale="ru")
    for message in (
        "Missing",
        "Page %(number)s",
        "Open",
        "Fuzzy",
        ("%(num)s part", "%(num)s parts"),
        ("Chair", "Chairs"),
    ):
        messages.add(message)
    faulty.add("Page %(number)s", "Страница %(nummer)s")
    faulty.add("Open", "Открыть ")
    faulty.add("Fuzzy", "Неясно", flags=["fuzzy"])
    faulty.add(("%(num)s part", "%(num)s parts"), ("%(num)s часть", "%(num)s части"))
    faulty.add(("Chair", "Chairs"), ("Председатель", "", "Председатели"))
    faulty.add("Old", "Старый")

    assert set(iter_faults(messages, faulty)) == {
        "'Missing' is not translated",
        "'Page %(number)s' has other placeholders in 'Страница %(nummer)s'",
        "'Open' has space around 'Открыть '",
        "'Fuzzy' is fuzzy",
        "('%(num)s part', '%(num)s parts') has 2 forms, and not 3",
        "('Chair', 'Chairs') is not translated",
        "nothing says 'Old' any more",
    }


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalog_holds_no_line_that_a_tool_left_behind(messages: Catalog, code: str, tmp_path: Path) -> None:
    """With this, the next update changes only new messages."""
    write_catalog(tmp_path / "now.po", update_catalog(code, messages))

    assert catalog_file(code).read_bytes() == (tmp_path / "now.po").read_bytes(), "run `make languages`"


def _has_letters(text: str, script: str = "") -> bool:
    """Return whether a text has letters, of a script if one is named, outside of its placeholders."""
    return any(letter.isalpha() and unicodedata.name(letter).startswith(script) for letter in PLACEHOLDER.sub("", text))
