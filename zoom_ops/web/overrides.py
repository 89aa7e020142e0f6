"""An operator's own words in place of those of the pages."""

import re
from collections.abc import Iterator
from typing import Any

from babel.messages.catalog import Catalog

from ..explain import suggest
from ..toml import TomlFile

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ORGANISATION = "organisation"  # the one key that is no message: the site's own name


def override(catalog: Catalog, words: TomlFile, messages: Catalog) -> None:
    """Put an operator's words into a catalog; BadInputError names the line of what does not fit."""
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


def find_organisation(words: TomlFile) -> str | None:
    """Find the site's own name among an operator's words."""
    given = words.values.get(ORGANISATION)
    if given is not None and not _is_text(given):
        raise words.wrong("organisation: expected a text in quotes.", (ORGANISATION,))
    return given


def placeholders_of(text: str) -> set[str]:
    """List the placeholders of a message."""
    return set(PLACEHOLDER.findall(text))


def _faults(message: str | list[str] | tuple[str, ...], given: Any, forms: int) -> Iterator[str]:
    if isinstance(message, str) and not _is_text(given):
        yield "expected a text in quotes."
    elif not isinstance(message, str) and not (_is_list(given) and len(given) == forms):
        yield f"expected a list of {forms} texts, one for each form that goes with a number in this language."
    else:
        wanted = placeholders_of(" ".join(_texts(message)))
        for text in _texts(given):
            yield from _misfits(text, wanted)


def _misfits(text: str, wanted: set[str]) -> Iterator[str]:
    for name in sorted(placeholders_of(text) - wanted):
        yield f"there is nothing to put in for %({name})s.{suggest(name, wanted)}"
    if "%" in PLACEHOLDER.sub("", text).replace("%%", ""):
        yield f"a % that stands for itself is written %%, in {text!r}."


def _texts(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _is_list(given: Any) -> bool:
    return isinstance(given, list) and all(_is_text(text) for text in given)
