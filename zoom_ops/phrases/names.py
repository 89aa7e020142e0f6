"""Personal names, with the honorifics before and the degrees after them."""

import re
import unicodedata
from functools import cache

from ..linear import normalize
from .words import fold, word_list, words_of

# nameparser knows 800 titles. Some of them, such as "dean", "chair" and "member", also begin names and bodies. So its
# list counts only for words with a full stop ("Capt."), and our list holds those that may stand without one.
_HONORIFICS = frozenset(word_list("honorifics"))
_ONLY_WITH_STOP = frozenset(word_list("honorifics_with_stop"))
_PHRASE = re.compile(  # the protocol of the United Nations; and "Mr.Bautista", where the space is missing
    r"(?:(?i:(?:his|her|their)\s+(?:royal\s+|serene\s+)?(?:excellency|highness|eminence|honou?r|majesty)"
    r"|(?:son|sa)\s+excellence|su\s+excelencia|the\s+(?:rt\.?\s+|right\s+)?hon(?:ou?rable|\.)?(?!\w))"
    r"|H\.\s?R\.\s?H\.?|H\.\s?[EHM]\.?|S\.\s?E\.(?:\s?M\.)?|S\.\s?Exc\.|(?:HE|HRH|HH|HM|SE|SEM)(?=\s))\s*"
    r"|(?i:Tan Sri|Puan Sri|Right Honou?rable|Rt\.? Hon\.?)\s+|(?:Mr|Ms|Mrs|Dr|Prof|Mme|Sra|Sr)\.(?=[^\W\d_a-zß-öø-ÿ])"
    r"|Pr\s+(?=[A-ZÀ-Þ][a-zß-ÿ])|(?:(?:Univ|Dipl)\.-)?(?:Prof|Dr|Mag|Ing)\.(?:in|a|ssa|-Ing\.)?\s+|Drs\.\s+|PD\s+(?=Dr\.|Prof\.)"
    r"|(?:agr|dent|em|habil|h\.\s?c|iur|jur|med|mult|nat|oec|phil|pol|rer|sc|techn|theol|vet)\.\s*"
)
_DEGREES = frozenset(word_list("degrees"))
PARTICLES = frozenset(word_list("particles"))
_NOT_IN_NAMES = set('0123456789:;!?/@&“”"')
_NOT_DEGREES = frozenset(("ma", "jr", "sr", "ii", "iii", "iv"))  # they belong to names: "Jack MA"
_TITLES_BEHIND = sorted((word for word in word_list("roles") if word > "\u3000"), key=len, reverse=True)
_NOT_A_PERSON = frozenset(word_list("not_in_names"))


def split_honorific(text: str) -> tuple[str | None, str]:
    """Split a name as written into its honorific, such as "H.E. Mr.", and the name without it."""
    rest = text.strip()
    while length := _leading_honorific(rest):
        rest = rest[length:].lstrip()
    honorific = text.strip()[: len(text.strip()) - len(rest)].strip()
    return honorific or None, rest


def cut_titles(name: str) -> tuple[str, str]:
    """Split a name from the title behind it, such as "王小明教授". Leave out degrees: "Ada Lovelace PhD"."""
    if title := next((each for each in _TITLES_BEHIND if name.endswith(each) and len(name) > len(each)), ""):
        return name.removesuffix(title).rstrip(), title
    words = name.split(" ")
    while len(words) > 2 and _is_degree(words[-1]):
        words.pop()
    return " ".join(words).rstrip(" ,"), ""


def _is_degree(word: str) -> bool:
    return sum(map(str.isupper, word)) > 1 and word.lower() not in _NOT_DEGREES and is_credential(word)


def _leading_honorific(text: str) -> int:
    """Return the length of the honorific that the text begins with; 0 if there is none or nothing follows it."""
    if (phrase := _PHRASE.match(text)) and phrase.end() < len(text):
        return phrase.end()
    word, _, after = text.partition(" ")
    common = len(word) <= 4 or "." in word  # "Mr. de Souza" has one, "Justice and Peace" has none
    found = after.strip() and is_honorific(word) and (common or not after.strip()[0].islower())
    return len(word) + 1 if found else 0


def is_honorific(word: str) -> bool:
    """Check whether a word before a name is an honorific."""
    plain = fold(word.strip("(.'’").replace(".", ""))
    with_stop = word.endswith(".")
    if plain in _HONORIFICS:
        return with_stop or plain not in _ONLY_WITH_STOP
    return with_stop and len(plain) > 1 and word[0].isupper() and plain in _known_titles()[0]


def is_credential(part: str) -> bool:
    """Check whether a part after a name holds only degrees or honours: "PhD", "M.D.", "CBE"."""
    plain = [(word, fold(word.replace(".", ""))) for word in part.replace(",", " ").split()]
    return bool(plain) and all(bare in _DEGREES or (bare in _known_titles()[1] and "." in word) for word, bare in plain)


def looks_like_person(name: str) -> bool:
    """Check whether a text without honorific looks like a personal name: two to seven capitalised words."""
    if 2 <= len(name) <= 4 and all("\u4e00" <= sign <= "\u9fff" for sign in name):  # Chinese, without spaces
        return True
    words = name.replace("’", "'").split()
    if not 2 <= len(words) <= 7 or set(name) & _NOT_IN_NAMES or names_a_body(name):
        return False
    bare = [word.strip("().'-,\"") for word in words]
    return any(len(word.strip(".")) > 1 for word in words) and all(
        word and (fold(word) in PARTICLES or word[0].isupper() or unicodedata.category(word[0]) == "Lo")
        for word in bare
    )


def names_a_body(name: str) -> bool:
    """Check whether a text names a body or a part of the programme: "Member States", "Q&A"."""
    return not _NOT_A_PERSON.isdisjoint(words_of(name))


def name_key(name: str) -> str:
    """Build the key for a comparison of names: NFKC, case-folded, without honorific, with single spaces."""
    _, bare = split_honorific(normalize("NFKC", name))
    return " ".join(bare.casefold().split())


@cache
def _known_titles() -> tuple[frozenset[str], frozenset[str]]:
    """Load the titles and degrees that nameparser knows, only where a name is read: the library takes 2 MB."""
    from nameparser.config.suffixes import SUFFIX_ACRONYMS
    from nameparser.config.titles import TITLES

    return frozenset(TITLES), frozenset(SUFFIX_ACRONYMS)
