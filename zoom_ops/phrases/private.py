"""What a sentence of a letter holds that is never for everybody: ways into a meeting, numbers to call, confidences."""

import re

from .join_links import find_join_link
from .words import fold, pattern_of, whole_words

_PASSCODE = re.compile(rf"(?<!\w)(?:{pattern_of('passcodes')})(?!\w)[^\n.!?]{{0,40}}?(?:[:=]|\d)")
_MEETING = re.compile(r"(?<!\w)(?:meeting|webinar|zoom|reunion)[\s-]+(?:id|number|no\.)(?:\s+is)?\W{0,3}\d")
_NUMBER = re.compile(r"(?<![\w/=-])(?:\+|00)\d[\d\s().-]{6,20}\d(?!\w)")
_PHONE = re.compile(
    r"(?<!\w)(?:mobile|cell|phone|call me|ring me|reach me|whatsapp|tel|telefono|telefon|handy)\W"
    r"[^\n]{0,30}?[(]?\d[\d\s().-]{5,}\d"
)
_CONFIDENCE = whole_words("confidences")


def is_private(sentence: str) -> bool:
    """Check whether a sentence has a join link, a passcode, a telephone number, or says that it is a confidence."""
    bare = fold(sentence)[:4_000]
    return bool(find_join_link(sentence)) or any(
        shape.search(bare) for shape in (_PASSCODE, _MEETING, _NUMBER, _PHONE, _CONFIDENCE)
    )
