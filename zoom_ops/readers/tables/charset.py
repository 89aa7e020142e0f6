"""The charset of a CSV file: UTF-8 or UTF-16; Windows-1252 only where nothing else can be meant."""

import re
import unicodedata

from ...errors import BadInputError
from ..columns import HEADERS, fold_words

# Excel saves "CSV" in the charset of the machine. Read as Windows-1252, Cyrillic and Chinese become words of accented
# letters alone, and Czech "ř" becomes "ø". So each language has the letters that its headers make certain; those of
# "en" are the same letters in Windows-1250 and Windows-1252.
_LETTERS = {
    "en": "áâäçéëíîóôöúüÁÂÄÇÉËÍÎÓÔÖÚÜß",
    "de": "äöüÄÖÜßéèêàáâçîïôóñëíúÉÈÀ",
    "fr": "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜöäáíóñ",
    "es": "áéíóúüñÁÉÍÓÚÜÑçªº",
    "it": "àèéìíîòóùúÀÈÉÌÍÎÒÓÙÚöüäáç",
    "pt": "áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚÜªº",
}
_HEADERS_IN = 200_000  # characters
_SIGNS = "€‚„…“”‘’–—•™¡¿«»°§©®·\xa0"
_ALONE = "àÀéÉèÈóÓêÊ"  # words of one letter
_ADVICE = 'in Excel, save it as "CSV UTF-8"; elsewhere, choose UTF-8'


def decode_table(content: bytes, file: str) -> str:
    """Decode the content of a CSV file. Raise BadInputError with the row where the charset is uncertain."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode(content, "utf-16", file)
    sample = content[:2000]
    if sample and sample[1::2].count(0) > len(sample) // 4:
        return _decode(content, "utf-16-le", file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_western(content, error.start, file)


def _decode(content: bytes, charset: str, file: str) -> str:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        raise BadInputError(f"this begins as UTF-16 and goes on as something else: {_ADVICE}", file=file) from None


def _decode_western(content: bytes, first: int, file: str) -> str:
    row = content.count(b"\n", 0, first) + 1
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = _LETTERS[_language(text)]
    words = (match[0] for match in re.finditer(r"[^\s,;|]+", text))
    doubtful = next((word for word in words if not _is_western(word, letters)), None)
    if text and doubtful is None:
        return text
    shown = f" ({doubtful[:30]!r} if it were Windows-1252)" if doubtful else ""
    message = f"line {row}: this is not UTF-8, and no other charset is certain{shown}; {_ADVICE}"
    raise BadInputError(message, file=file)


def _language(text: str) -> str:
    """Tell the language of the headers: the one with the most known words that are not English, else English."""
    lines = text[:_HEADERS_IN].splitlines()[:30]
    cells = {fold_words(cell) for line in lines for cell in re.split("[,;\t|]", line)} - {""}
    english = {word for words in HEADERS.values() for word in map(fold_words, words.get("en", ()))}
    counts = {}
    for language in ("fr", "es", "de", "it", "pt"):
        words = {fold_words(word) for field in HEADERS.values() for word in field.get(language, ())}
        counts[language] = len(words & cells - english)
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else "en"


def _is_western(word: str, letters: str) -> bool:
    high = [sign for sign in word if not sign.isascii()]
    if not high:
        return True
    if any(sign not in letters and sign not in _SIGNS for sign in high):
        return False
    parts = re.findall(r"[^\W\d_]+", word)
    if any(_is_foreign(part) for part in parts):
        return False
    between = re.search(r"[^\W\d_]([^\w\s'’·\-.,;:/|&@+\x00-\x7f])[^\W\d_]", word)  # "Espa–a" is of an old Mac
    return between is None and not ("ñ" in letters and "ª" in letters and re.search(r"[^\W\d_]’[^\W\d_]", word))


def _is_foreign(part: str) -> bool:
    """Check whether a word has accented letters only, or three in a row."""
    high = "".join("x" if unicodedata.category(sign)[0] == "L" and not sign.isascii() else "-" for sign in part)
    return "xxx" in high or ("-" not in high and part not in _ALONE)
