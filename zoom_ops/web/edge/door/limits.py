"""The limits of connections, and which deadline a connection has missed."""

from dataclasses import dataclass
from typing import Literal

RESERVE = 512  # descriptors for the database, the engine, Zoom, homes, files
Phase = Literal["head", "begins", "idle", "body", "busy", "unread", "linger", "closing"]
"""What a connection does: it waits for a head, or, with a whole one, for its beginning, or for the next request, or for
a body; it is answered; it does not read its answer; it sends a body after its answer; it closes, once its answer has
been read."""

WAITING: tuple[Phase, ...] = ("head", "begins", "idle", "body", "unread", "linger", "closing")
"""The phases in which the connection may give way: the client is waited for, or nothing has begun yet."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of a server. Times are seconds."""

    connections: int = 4000
    bodies: int = 512  # unfinished ones: each may fill a buffer of the system
    held: int = 16_777_216  # bytes that all connections together may make the process hold: heads, answers
    replaced: int = 200  # a second: then newcomers from where many wait are turned away, which costs less
    head_s: float = 10  # until the head of a request is whole
    idle_s: float = 20  # between two requests
    linger_s: float = 5  # for what is left of a body after the answer
    thrown: int = 8_388_608  # bytes of that: who sends all of a body first gets its answer
    stall_s: float = 30  # without a byte of the answer being read
    ahead: int = 16_384  # bytes that may be sent before the answer to the request before


def is_overdue(limits: Limits, phase: Phase, age: float, stalled: float) -> bool:
    """Return whether a connection has to end: `age` seconds in its phase, `stalled` seconds with an unread answer."""
    latest = {"head": limits.head_s, "idle": limits.idle_s, "linger": limits.linger_s}.get(phase)
    return (latest is not None and age >= latest) or stalled >= limits.stall_s


def fit_connections(wanted: int, descriptors: int) -> int:
    """Return how many of the wanted connections fit beside the reserve; at least half of the descriptors serve them."""
    return max(1, min(wanted, max(descriptors - RESERVE, descriptors // 2)))
