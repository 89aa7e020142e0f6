"""What a sentence of a letter holds that is never for everybody: ways into a meeting, numbers to call, confidences."""

import re

from ...phrases.join_links import find_join_link
from ...phrases.words import fold, pattern_of
from .sentences import is_to_readers, split_sentences

_PASSCODE = re.compile(rf"(?<!\w)(?:{pattern_of('passcodes')})(?!\w)[^\n.!?]{{0,40}}?(?:[:=]|\d)")
_MEETING = re.compile(r"(?<!\w)(?:meeting|webinar|zoom|reunion)[\s-]+(?:id|number|no\.)(?:\s+is)?\W{0,3}\d")
_NUMBER = re.compile(r"(?<![\w/=-])(?:\+|00)\d[\d\s().-]{6,20}\d(?!\w)")
_PHONE = re.compile(
    r"(?<!\w)(?:mobile|cell|phone|call me|ring me|reach me|whatsapp|tel|telefono|telefon|handy)\W"
    r"[^\n]{0,30}?[(]?\d[\d\s().-]{5,}\d"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_TO_OPERATORS = re.compile(rf"(?<![\w'])(?:{pattern_of('to_operators')})(?![\w'])")
_CONFIDENCE = re.compile(rf"(?<!\w)(?:{pattern_of('confidences')})(?!\w)")


def is_for_operators(paragraph: str) -> bool:
    """Check whether a paragraph of a letter is not for everybody: it is private, has an address, or speaks to "you"."""
    spoken = (each for each in split_sentences(paragraph) if not is_to_readers(each))
    return holds_address(paragraph) or any(_TO_OPERATORS.search(fold(each)) for each in spoken)


def holds_address(text: str) -> bool:
    """Check whether a text has an e-mail address, or a sentence that is private."""
    return bool(_EMAIL.search(text)) or any(map(is_private, split_sentences(text)))


def is_private(sentence: str) -> bool:
    """Check whether a sentence has a join link, a passcode, a telephone number, or says that it is a confidence."""
    bare = fold(sentence)[:4_000]
    return bool(find_join_link(sentence)) or any(
        shape.search(bare) for shape in (_PASSCODE, _MEETING, _NUMBER, _PHONE, _CONFIDENCE)
    )
