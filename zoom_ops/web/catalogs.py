"""The languages that the pages speak, each with its catalog of messages."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from .language import ENGLISH, Language

DOMAIN = "zoom_ops"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

_LANGUAGES = (
    ENGLISH,
    Language(code="fr", name="Français", locale=Locale.parse("fr"), browser_locale="fr"),
    Language(code="es", name="Español", locale=Locale.parse("es"), browser_locale="es"),
    Language(code="ar", name="العربية", locale=Locale.parse("ar"), browser_locale="ar-u-nu-latn"),
    Language(code="zh", name="中文", locale=Locale.parse("zh_Hans"), browser_locale="zh-Hans"),
    Language(code="ru", name="Русский", locale=Locale.parse("ru"), browser_locale="ru"),
)


@cache
def load_languages() -> Mapping[str, Language]:
    """Load every language by its code, English first."""
    return MappingProxyType({language.code: _with_catalog(language) for language in _LANGUAGES})


def _with_catalog(language: Language) -> Language:
    file = files("zoom_ops.web") / "locale" / language.code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not file.is_file():
        return language  # English is what the code says
    with file.open("rb") as stream:
        catalog = read_po(stream, locale=str(language.locale), domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return replace(language, catalog=Translations(compiled, domain=DOMAIN))
