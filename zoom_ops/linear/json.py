"""JSON that anybody may send: what its values would take is estimated before they are built."""

import json
import re
from collections.abc import Callable
from typing import Any

HEAVIEST = 56_000_000  # bytes of memory that one text and its values may take
LONGEST_NUMBER = 1_000  # characters: the digits of an integer are read in quadratic time
_OBJECT, _LIST, _MEMBER, _PART = 200, 64, 90, 56  # bytes that {, [, : and , stand for at least
_CONTINUING = bytes(range(0x80, 0xC0))  # of a letter that takes several bytes
_WIDE, _WIDER = re.compile(rb"[\xc4-\xef]"), re.compile(rb"[\xf0-\xf4]")  # one such letter widens a whole text


def weigh_json(body: bytes) -> int:
    """Estimate how many bytes of memory a JSON text takes while its values are built, never far too little.

    The text is there as bytes, as letters, and once more in the values.
    """
    width = 1 if body.isascii() else 4 if _WIDER.search(body) else 2 if _WIDE.search(body) else 1
    signs = zip(b"{[:,", (_OBJECT, _LIST, _MEMBER, _PART), strict=True)
    letters = len(body) if body.isascii() else len(body.translate(None, _CONTINUING))
    decoding = len(body) * (1 + width)  # room for as many letters as bytes, once more where a wider one is met
    return len(body) + max(decoding, 2 * letters * width) + sum(body.count(sign) * size for sign, size in signs)


def load_json(
    body: bytes,
    *,
    heaviest: int = HEAVIEST,
    parse_constant: Callable[[str], Any] | None = None,
    parse_float: Callable[[str], Any] | None = None,
) -> Any:
    """Parse JSON. Raise ValueError for anything else, for values that would take too much memory, for long numbers.

    A text that is nested too deeply raises RecursionError.
    """
    if weigh_json(body) > heaviest:
        raise TooHeavyError("more values than are read")
    return json.loads(body, parse_int=_short, parse_constant=parse_constant, parse_float=parse_float)


class TooHeavyError(ValueError):
    """The values of a JSON text would take too much memory."""


def _short(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number that is too long")
    return int(digits)
