"""HTTP transport with a total deadline, answers of a bounded size, and classified transport errors."""

import sys
import warnings

if "requests" not in sys.modules:
    # It would guess the encoding of a text that names none; nothing here reads such a text. A guess over a large answer
    # takes seconds, and the library that makes it 3 MB of each process.
    with warnings.catch_warnings(action="ignore"):  # requests warns that it cannot guess
        sys.modules.setdefault("charset_normalizer", None)  # type: ignore[arg-type]
        import requests  # noqa: F401
    if sys.modules["charset_normalizer"] is None:
        del sys.modules["charset_normalizer"]

from .connections import BODY_LIMIT, CrowdedError, Transport, make_session, read_beginning, read_whole
from .deadline import Deadline
from .trouble import LOST, NO_ADDRESS, is_break, reason_of, retry_after, within_a_day

__all__ = [
    "BODY_LIMIT",
    "LOST",
    "NO_ADDRESS",
    "CrowdedError",
    "Deadline",
    "Transport",
    "is_break",
    "make_session",
    "read_beginning",
    "read_whole",
    "reason_of",
    "retry_after",
    "within_a_day",
]
