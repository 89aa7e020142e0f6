"""Whether two values of a webinar's field mean the same at Zoom."""

import re
from typing import Any

# Zoom shows `interpreter_languages` (names) and, deprecated, `languages` (codes) of the same interpreter.
_LANGUAGES = {
    "us": "english", "cn": "chinese", "jp": "japanese", "de": "german", "fr": "french", "ru": "russian",
    "pt": "portuguese", "es": "spanish", "kr": "korean",
}  # fmt: skip
_TONGUES = ("interpreter_languages", "sign_language", "languages")  # the first that an entry has counts


def same(left: Any, right: Any) -> bool:
    """Return whether two values of a field mean the same.

    Lists and tuples compare alike, with all their elements. Interpreters compare by address and set of languages, in
    either spelling and any order.
    """
    return bool(left == right or _plain(left) == _plain(right))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        parts = tuple(_plain(part) for part in value)
        people = [_interpreter(part) for part in parts]
        return tuple(sorted(person for person in people if person)) if parts and all(people) else parts
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _interpreter(entry: Any) -> tuple[str, tuple[str, ...]] | None:
    """Return the address and the languages of an interpreter's entry; None where it is something else."""
    if not isinstance(entry, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in entry):
        return None
    values = {key: text for key, text in entry if isinstance(key, str) and isinstance(text, str)}
    spoken = next((values[key] for key in _TONGUES if values.get(key)), "")
    if not values.get("email"):
        return None
    words = {word.strip().lower() for word in re.split("[,;]", spoken) if word.strip()}
    return values["email"].lower(), tuple(sorted(_LANGUAGES.get(word, word) for word in words))
