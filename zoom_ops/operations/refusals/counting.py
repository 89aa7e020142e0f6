"""The count of refusals of this process, in memory."""

import re
from collections import Counter
from functools import lru_cache
from threading import Event, Lock
from typing import Literal, get_args

from ...networks import network_of
from .. import metrics

RefusalKind = Literal[
    "sign_in_wrong", "sign_in_throttled", "code_wrong", "token_wrong", "token_throttled", "signature_wrong",
    "key_wrong", "connection", "stream", "body", "header", "host",
]  # fmt: skip
"""What is refused.

`code_wrong` is a code after the right password. `signature_wrong` is a notification or a call of a home that has not
proved itself, `key_wrong` a link for members. A `connection` had no room, or gave way to others. The `header` of a
request came too slowly, or is wrong. Another `host` than ours was asked for.
"""
KINDS: tuple[RefusalKind, ...] = get_args(RefusalKind)
Counts = Counter[tuple[RefusalKind, str]]
"""How often something was refused, by kind and network. The network "" stands for all that are not named."""
MOST_NETWORKS = 1_000  # pairs of kind and network between two reports; whoever comes later is counted without a name
_ADDRESS = re.compile(r"[\w.:/%-]{1,100}", re.ASCII)  # a proxy may say any text to be one

_COUNTERS = {kind: metrics.refusals.labels(kind) for kind in KINDS}


class Refusals:
    """Counts refusals, for all threads.

    `note` may be called from the event loop, a million times: it waits for nothing and keeps little. One thread takes
    the counts, to log and to store them.
    """

    def __init__(self) -> None:
        self._counts, self._lock, self._noted = Counts(), Lock(), Event()

    def note(self, kind: RefusalKind, address: str | None = None) -> None:
        """Count a refusal, in the metrics too. `address`: the network address of the client, if it is known."""
        _COUNTERS[kind].inc()
        key = kind, _name(address) if address else ""
        with self._lock:
            if key not in self._counts and len(self._counts) >= MOST_NETWORKS:
                key = kind, ""
            self._counts[key] += 1
        if not self._noted.is_set():
            self._noted.set()

    def wake(self) -> None:
        """Let `wait` return."""
        self._noted.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until something is counted, or for `timeout_s` seconds. Return False after that time."""
        return self._noted.wait(timeout_s)

    def take(self) -> Counts:
        """Return what was counted since the last time, and count from zero again."""
        with self._lock:
            self._noted.clear()
            taken, self._counts = self._counts, Counts()
        return taken


@lru_cache(maxsize=MOST_NETWORKS)
def _name(address: str) -> str:
    """Return the network of an address; "" for what is none."""
    return network_of(address) if _ADDRESS.fullmatch(address) else ""


def condense(counts: Counts, most: int) -> Counts:
    """Keep the name of the `most` networks of each kind with the most refusals, and add all others up."""
    condensed, named = Counts(), Counter[RefusalKind]()
    for (kind, network), count in counts.most_common():
        named[kind] += bool(network)
        condensed[kind, network if named[kind] <= most else ""] += count
    return condensed
