"""The message catalogs of the languages, with an operator's own words in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property, partial
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from ...explain import suggest
from ...toml import TomlFile
from .days import name_days
from .language import ENGLISH, Language
from .phrasebook import Phrasebook

DOMAIN = "zoom_ops"
SENTENCES = "sentences"  # of other parts of the service; they may lack a translation
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ORGANISATION = "organisation"  # the one key that is no message: the name of the site

_LANGUAGES = {
    language.code: language
    for language in (
        ENGLISH,
        Language(code="fr", name="Français", locale_name="fr", browser_locale="fr"),
        Language(code="es", name="Español", locale_name="es", browser_locale="es"),
        Language(code="ar", name="العربية", locale_name="ar", browser_locale="ar-u-nu-latn"),
        Language(code="zh", name="中文", locale_name="zh_Hans", browser_locale="zh-Hans"),
        Language(code="ru", name="Русский", locale_name="ru", browser_locale="ru"),
    )
}
CODES = tuple(_LANGUAGES)
_JOINTS = {  # the signs between sentences, where they are not those of English
    "fr": {": ": "\u00a0: ", "; ": "\u00a0; "},
    "ar": {"; ": "؛ ", ", ": "، "},
    "zh": {". ": "。", "; ": "；", ": ": "：", ", ": "，"},
}


class LateCatalog(NullTranslations):
    """A catalog that is read when its first text is asked for: most sites are read in two languages of the six."""

    def __init__(self, read: Callable[[], NullTranslations]) -> None:
        super().__init__()
        self._read = read

    def gettext(self, message: str) -> str:
        """Translate a text."""
        return self._catalog.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Translate a text in the form of a number."""
        return self._catalog.ngettext(msgid1, msgid2, n)

    @cached_property
    def _catalog(self) -> NullTranslations:
        return self._read()


def load_languages(
    codes: Iterable[str] = CODES, words: Mapping[str, TomlFile] = MappingProxyType({})
) -> Mapping[str, Language]:
    """Load languages by their codes, with an operator's words.

    Raise BadInputError, with the line, for words that do not fit.
    """
    return {code: _with_words(code, words[code]) if code in words else _as_shipped(code) for code in codes}


def check_words(code: str, words: TomlFile) -> None:
    """Raise BadInputError, with the line, if an operator's words do not fit the pages of a language."""
    _with_words(code, words)


def placeholders_of(text: str) -> set[str]:
    """Return the names of the placeholders of a message."""
    return set(PLACEHOLDER.findall(text))


@cache
def _as_shipped(code: str) -> Language:
    return _with_catalog(_LANGUAGES[code], LateCatalog(lambda: _translations_of(_read_catalog(code))))


def _with_words(code: str, words: TomlFile) -> Language:
    catalog, messages = _read_catalog(code), _read_catalog("fr")  # each translation has all messages
    known = {text: message.id for message in messages if message.id for text in _texts(message.id)}
    for text, given in words.values.items():
        if text == ORGANISATION:
            continue
        if text not in known:
            raise words.wrong(f"No page says {text!r}.{suggest(text, [*known, ORGANISATION])}", (text,))
        for fault in _faults(known[text], given, catalog.num_plurals):
            raise words.wrong(f"{text!r}: {fault}", (text,))
        catalog.delete(known[text])
        catalog.add(known[text], given)
    organisation = words.values.get(ORGANISATION)
    if organisation is not None and not _is_text(organisation):
        raise words.wrong("organisation: expected a text in quotes.", (ORGANISATION,))
    return replace(_with_catalog(_LANGUAGES[code], _translations_of(catalog)), organisation=organisation)


def _faults(message: str | list[str] | tuple[str, ...], given: Any, forms: int) -> Iterator[str]:
    is_list = isinstance(given, list) and len(given) == forms and all(_is_text(text) for text in given)
    if isinstance(message, str) and not _is_text(given):
        yield "expected a text in quotes."
    elif not isinstance(message, str) and not is_list:
        yield f"expected a list of {forms} texts, one for each form that goes with a number in this language."
    else:
        known = placeholders_of(" ".join(_texts(message)))
        for text in _texts(given):
            for name in sorted(placeholders_of(text) - known):
                yield f"there is nothing to put in for %({name})s.{suggest(name, known)}"
            if "%" in PLACEHOLDER.sub("", text).replace("%%", ""):
                yield f"a % that stands for itself is written %%, in {text!r}."


def _texts(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _read_catalog(code: str) -> Catalog:
    """Read the catalog of a language. The English one is empty, as the messages in the code are English."""
    language = _LANGUAGES[code]
    if language is ENGLISH:
        return Catalog(ENGLISH.locale, DOMAIN)
    return _read_po(f"{code}/LC_MESSAGES/{DOMAIN}.po", language.locale, DOMAIN)


def _read_sentences(code: str) -> dict[str, str]:
    """Read the translations of the sentences; one that is missing is empty."""
    locale = _LANGUAGES[code].locale
    catalog = _read_po(f"{code}/LC_MESSAGES/{SENTENCES}.po", locale, SENTENCES)
    return {str(message.id): str(message.string or "") for message in catalog if message.id} | name_days(locale)


@cache
def _open_phrasebook(code: str) -> Phrasebook:
    return Phrasebook(partial(_read_sentences, code), _JOINTS.get(code, {}))


def _read_po(path: str, locale: Locale, domain: str) -> Catalog:
    with (files("zoom_ops.web") / "locale" / path).open("rb") as stream:
        return read_po(stream, locale, domain)


def _with_catalog(language: Language, catalog: NullTranslations) -> Language:
    phrasebook = None if language is ENGLISH else _open_phrasebook(language.code)
    return replace(language, catalog=catalog, phrasebook=phrasebook)


def _translations_of(catalog: Catalog) -> NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
