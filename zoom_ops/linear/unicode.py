"""Unicode normalisation that takes linear time, whatever the text and whichever Python.

`unicodedata.normalize` sorts a run of combining marks in quadratic time before Python 3.11.16, 3.12.14, 3.13.14 and
3.14.6 (CVE-2026-3276), and one character may become eighteen. Both hold the interpreter: no other thread runs
meanwhile. So nothing else may call it; ruff refuses it elsewhere.
"""

import re
import time
import unicodedata
from functools import cache
from typing import Literal

LONGEST_RUN = 30  # combining marks after one letter; UAX #15 (stream-safe text) knows no script that needs more
_SHORT = 1_024  # a text up to this length is normalised as it is: its worst costs a millisecond
_SLICE = 50_000  # characters that one call of a regular expression sees; 10 ms
_BECOME_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"  # no marks themselves, but in their normal forms
_QUICK_S = 0.01  # of processor
# 500 characters, and then up to 500 until one that never joins the character before it: ASCII, Chinese, Japanese
_PIECE = re.compile(r"[\s\S]{1,500}[^\x00-\x7f\u3000-\u3029\u3041-\u3098\u309b-\u9fff]{0,500}")


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a normal form of a text.

    In a text of more than 1,024 characters, a run of combining marks is cut to LONGEST_RUN, and a run of more than 500
    characters without ASCII, Chinese or Japanese is normalised in pieces. No real text is changed by either.
    """
    if text.isascii():
        return text
    if len(text) <= _SHORT:
        return unicodedata.normalize(form, text)
    slices = (text[place : place + _SLICE] for place in range(0, len(text), _SLICE))
    calm = "".join(_long_runs().sub(r"\1", part) for part in slices)
    return "".join(unicodedata.normalize(form, piece) for piece in _PIECE.findall(calm))


def sorts_slowly() -> bool:
    """Measure whether this Python takes quadratic time: 60 ms for these marks, and else less than one."""
    marks, began = "a" + "\u0301\u0327" * 4_000, time.thread_time()
    unicodedata.normalize("NFC", marks)
    return time.thread_time() - began > _QUICK_S


@cache
def _long_runs() -> re.Pattern[str]:
    """Compile the pattern of a run of marks that is too long. Its first group is what stays."""
    marks = "".join(mark for mark in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(mark)) + _BECOME_MARKS
    return re.compile(rf"([{marks}]{{{LONGEST_RUN}}})[{marks}]+")
