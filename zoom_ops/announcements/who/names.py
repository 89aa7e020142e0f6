"""Personal names, with the honorifics before and the degrees after them."""

import re
import unicodedata

from nameparser.config.suffixes import SUFFIX_ACRONYMS
from nameparser.config.titles import TITLES

# nameparser knows 800 titles. Some of them, such as "dean", "chair" and "member", also begin names and bodies. So its
# list counts only for words with a full stop ("Capt."), and our list holds those that may stand without one.
_HONORIFICS_AS_TEXT = """
    mr mrs ms miss mx dr prof professor sir dame lord lady madam amb ambassador hon honourable honorable rev
    reverend excellency mme mlle mm me pr m docteur professeur monsieur madame mademoiselle maître ambassadeur
    ambassadrice sr sra srta dra don doña dña profesor profesora embajador embajadora señor señora excmo excma
    ing lic arq mag herr frau hr fr dott dottssa signor signora dhr mevr shri sri smt kumari sheikh sheikha
    shaikh shaikha dato datuk datin tengku puan encik haji engr eng arch adv judge justice capt captain col
    colonel gen general maj major lt cdr adm brig msgr mgr rt right г-н г-жа господин госпожа проф д-р السيد
    السيدة الدكتور الدكتورة د أ سعادة معالي الأستاذ الأستاذة
"""
_HONORIFICS = frozenset(_HONORIFICS_AS_TEXT.split())
_ONLY_WITH_STOP_AS_TEXT = "m me pr sr fr mm ing eng mag arch gen col maj lt adm adv don"
_ONLY_WITH_STOP = frozenset(_ONLY_WITH_STOP_AS_TEXT.split())
_PHRASE = re.compile(
    r"(?:(?i:(?:his|her|their)\s+(?:royal\s+|serene\s+)?(?:excellency|highness|eminence|honou?r|majesty)"
    r"|(?:son|sa)\s+excellence|su\s+excelencia|the\s+(?:rt\.?\s+|right\s+)?hon(?:ou?rable|\.)?)"
    r"|H\.\s?R\.\s?H\.?|H\.\s?[EHM]\.?|S\.\s?E\.(?:\s?M\.)?|S\.\s?Exc\.|(?:HE|HRH|HH|HM|SE|SEM)(?=\s))\s*"
    r"|(?i:Tan Sri|Puan Sri|Right Honou?rable|Rt\.? Hon\.?)\s+"
)
_GLUED = re.compile(r"(Mr|Ms|Mrs|Dr|Prof|Mme|Sra|Sr)\.(?=[^\W\d_])")  # "Mr.Bautista", where the space is missing
_CREDENTIAL = re.compile(r"(?i)(?:Ph\.?\s?D\.?|Jr\.?|Sr\.?|II|III|IV|M\.?\s?D\.?|Dr\.?\s?PH|Esq\.?|Hab\.?)")
_PARTICLES_AS_TEXT = """
    de da do dos das del della di du des d der den van von ter ten zu la le las los el al bin ibn bint ben ould
    abu af y e i und st
"""
_PARTICLES = frozenset(_PARTICLES_AS_TEXT.split())
_NOT_A_PERSON = re.compile(
    r"(?i)\b(?:states?|entit(?:y|ies)|societ(?:y|ies)|sectors?|delegat(?:es?|ions?)|representatives?|participants"
    r"|members|speakers?|panell?ists?|experts?|partners?|stakeholders?|governments?|organi[sz]ations?|agenc(?:y|ies)"
    r"|ministry|ministries|ministers?|ministerio|ministère|department|universit\w+|universidad|institute?|instituto"
    r"|association|council|committee|commission|secretariat|programme|project|network|alliance|foundation|fund|bank"
    r"|groups?|team|office|centre|center|community|communities|youth|academia|industry|nations|union|assembly"
    r"|federation|company|mission|missions|session|panel|discussion|remarks|questions?|answers?|q&a|break|lunch|coffee"
    r"|introduction|overview|presentations?|video|recording|registration|interventions?|statements?|floor|debate"
    r"|dialogue|keynote|welcome|closing|opening|interpretation|simultaneous|languages?|english|french|spanish|arabic"
    r"|chinese|russian|tba|tbc|tbd|confirmed|announced|invited|états|société|gouvernements?|représentants?|membres"
    r"|délégations?|estados|sociedad|gobiernos?|representantes|miembros|delegaciones|confirmar|confirmer|and others?"
    r"|among others)\b"
)


def split_honorific(text: str) -> tuple[str | None, str]:
    """Split a name as written into its honorific, such as "H.E. Mr.", and the name without it."""
    rest = text.strip()
    while length := _leading_honorific(rest):
        rest = rest[length:].lstrip()
    honorific = text.strip()[: len(text.strip()) - len(rest)].strip()
    return honorific or None, rest


def _leading_honorific(text: str) -> int:
    """Return the length of the honorific that the text begins with; 0 if there is none or nothing follows it."""
    if (phrase := _PHRASE.match(text)) and phrase.end() < len(text):
        return phrase.end()
    word, _, after = text.partition(" ")
    common = len(word) <= 4 or "." in word  # "Mr. de Souza" has one, "Justice and Peace" has none
    if after.strip() and is_honorific(word) and (common or not after.strip()[0].islower()):
        return len(word) + 1
    glued = _GLUED.match(text)
    return glued.end() if glued else 0


def is_honorific(word: str) -> bool:
    """Check whether a word before a name is an honorific."""
    plain = word.strip("(.'’").replace(".", "").casefold()
    with_stop = word.endswith(".")
    if plain in _HONORIFICS:
        return with_stop or plain not in _ONLY_WITH_STOP
    return with_stop and len(plain) > 1 and plain in TITLES


def is_credential(part: str) -> bool:
    """Check whether a part after a name holds only degrees or honours: "PhD", "M.D.", "CBE"."""
    words = part.replace(",", " ").split()
    return bool(words) and all(
        _CREDENTIAL.fullmatch(word)
        or (word.replace(".", "").casefold() in SUFFIX_ACRONYMS and "." in word)
        or word in ("MBA", "MSc", "MPH", "LLM", "CBE", "OBE", "MBE", "KC", "QC", "MD", "MA", "EdD", "JD", "FRS", "FRCP")
        for word in words
    )


def looks_like_person(name: str) -> bool:
    """Check whether a text without honorific looks like a personal name: two to seven capitalised words."""
    if re.fullmatch("[\u4e00-\u9fff]{2,4}", name):  # a Chinese name is written without spaces
        return True
    words = name.replace("’", "'").split()
    if not 2 <= len(words) <= 7 or re.search(r"[\d:;!?/@&“”\"]", name) or _NOT_A_PERSON.search(name):
        return False
    bare = [word.strip("().'-,\"") for word in words]
    return any(len(word.strip(".")) > 1 for word in words) and all(
        word and (word.casefold() in _PARTICLES or word[0].isupper() or unicodedata.category(word[0]) == "Lo")
        for word in bare
    )


def names_a_body(name: str) -> bool:
    """Check whether a text names a body or a part of the programme: "Member States", "Q&A"."""
    return bool(_NOT_A_PERSON.search(name))


def name_key(name: str) -> str:
    """Build the key for a comparison of names: NFKC, case-folded, without honorific, with single spaces."""
    _, bare = split_honorific(unicodedata.normalize("NFKC", name))
    return " ".join(bare.casefold().split())
