"""Take the words out of texts in the form in which they are searched, the same for both databases."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_WORD = 24  # letters; the rest of a longer one counts neither in a text nor in a query
MOST_WORDS = 10_000  # of one event: PostgreSQL takes no more than 1 MB of them

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNPARTED = "\u2e80-\u2fdf\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNPARTED}]+|[^\W_{_UNPARTED}]+")  # Chinese and Japanese put no space between words
_IS_UNPARTED = re.compile(rf"[{_UNPARTED}]")
_SAME = str.maketrans(  # letters that people type in another way, and that Unicode does not take apart
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"ى": "ي", "ة": "ه", "ٱ": "ا", "ـ": None}
)


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """List the words of texts, each once: letters and digits alone, without marks, in small letters.

    A run of Chinese or Japanese gives each two neighbours in it, and its last one alone.
    """
    found = dict.fromkeys(part for text in texts for word in iter_words(text) for part in _parts(word))
    return tuple(found)[:MOST_WORDS]


def iter_words(text: str) -> Iterator[str]:
    """Give the words of a text one after the other, a run of Chinese or Japanese as one."""
    for found in _WORD.finditer(fold(html.unescape(_TAG.sub(" ", text)))):
        yield found.group()


def pairs_of(word: str) -> tuple[str, ...]:
    """Take a word apart as it is looked for: a run of Chinese or Japanese into its neighbours, another into none."""
    if len(word) < 2 or not is_unparted(word):
        return (word[:LONGEST_WORD],)
    return tuple(word[place : place + 2] for place in range(len(word) - 1))


def is_unparted(word: str) -> bool:
    """Tell whether a word is a run of a script that puts no space between words."""
    return bool(_IS_UNPARTED.match(word))


def fold(text: str) -> str:
    """Fold case, marks and forms of letters, so that what a reader takes for the same is the same."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(_plain(letter) for letter in apart if not unicodedata.category(letter).startswith("M")).translate(
        _SAME
    )


def _parts(word: str) -> tuple[str, ...]:
    return (*pairs_of(word), word[-1]) if is_unparted(word) else pairs_of(word)


def _plain(letter: str) -> str:
    """Write a digit of any script as one of 0 to 9."""
    return str(unicodedata.decimal(letter, letter)) if letter.isdecimal() else letter
