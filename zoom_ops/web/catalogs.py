"""The languages that the pages speak, each with its catalog of messages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from ..toml import TomlFile
from .language import ENGLISH, Language
from .locales import open_locale
from .overrides import find_organisation, override

DOMAIN = "zoom_ops"

_LANGUAGES = {
    language.code: language
    for language in (
        ENGLISH,
        Language(code="fr", name="Français", locale=open_locale("fr"), browser_locale="fr"),
        Language(code="es", name="Español", locale=open_locale("es"), browser_locale="es"),
        Language(code="ar", name="العربية", locale=open_locale("ar"), browser_locale="ar-u-nu-latn"),
        Language(code="zh", name="中文", locale=open_locale("zh_Hans"), browser_locale="zh-Hans"),
        Language(code="ru", name="Русский", locale=open_locale("ru"), browser_locale="ru"),
    )
}
CODES = tuple(_LANGUAGES)


def load_languages(
    codes: Iterable[str] = CODES, words: Mapping[str, TomlFile] = MappingProxyType({})
) -> Mapping[str, Language]:
    """Load languages by their codes, with an operator's words in them where there are any."""
    return {code: _with_words(code, words[code]) if code in words else _as_shipped(code) for code in codes}


@cache
def _as_shipped(code: str) -> Language:
    return _with_catalog(_LANGUAGES[code], _read_catalog(code))


def _with_words(code: str, words: TomlFile) -> Language:
    catalog = _read_catalog(code)
    override(catalog, words, _read_po(f"{DOMAIN}.pot", ENGLISH.locale))
    return replace(_with_catalog(_LANGUAGES[code], catalog), organisation=find_organisation(words))


def _read_catalog(code: str) -> Catalog:
    """Read the catalog of a language; that of English is empty, for English is what the code says."""
    language = _LANGUAGES[code]
    if language is ENGLISH:
        return Catalog(ENGLISH.locale, DOMAIN)
    return _read_po(f"{code}/LC_MESSAGES/{DOMAIN}.po", language.locale)


def _read_po(path: str, locale: Locale) -> Catalog:
    with (files("zoom_ops.web") / "locale" / path).open("rb") as stream:
        return read_po(stream, locale, DOMAIN)


def _with_catalog(language: Language, catalog: Catalog) -> Language:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return replace(language, catalog=Translations(compiled, domain=DOMAIN))
