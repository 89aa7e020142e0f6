"""HTTP transport with a total deadline, answers of a bounded size, and classified transport errors."""

from .connections import BODY_LIMIT, Transport, make_session, read_beginning, read_whole
from .deadline import Deadline
from .trouble import LOST, NO_ADDRESS, is_break, reason_of, retry_after, within_a_day

__all__ = [
    "BODY_LIMIT",
    "LOST",
    "NO_ADDRESS",
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
