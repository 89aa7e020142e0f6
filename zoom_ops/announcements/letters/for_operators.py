"""What of a letter is for the operator alone."""

import re

from ...phrases.private import is_private
from ...phrases.words import fold, pattern_of
from .sentences import is_to_readers, split_sentences

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
_TO_OPERATORS = re.compile(rf"(?<![\w'])(?:{pattern_of('to_operators')})(?![\w'])")


def is_for_operators(paragraph: str) -> bool:
    """Check whether a paragraph of a letter is not for everybody: it is private, has an address, or speaks to "you"."""
    spoken = (each for each in split_sentences(paragraph) if not is_to_readers(each))
    return holds_address(paragraph) or any(_TO_OPERATORS.search(fold(each)) for each in spoken)


def holds_address(text: str) -> bool:
    """Check whether a text has an e-mail address, or a sentence that is private."""
    return bool(_EMAIL.search(text)) or any(map(is_private, split_sentences(text)))
