"""Who gives way when the bodies of requests take too much memory, decided without a clock or a network."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeVar


@dataclass(eq=False, kw_only=True)
class Held:
    """What this process holds of the body of a request."""

    network: str  # of the client
    size: int = 0  # bytes that came so far
    whole: bool = False  # it has ended, and its request is worked on
    known: bool = False  # somebody who has signed in, or a token, sends it


Body = TypeVar("Body", bound=Held)


def who_gives_way(bodies: Iterable[Body], excess: int) -> list[Body]:
    """Return the bodies that free `excess` bytes, as far as they can. A body that is whole gives no way.

    In turn it is the largest body of the network that holds most, so that a small one of another network stays. Bodies
    of known senders come last.
    """
    totals, coming = Counter[str](), defaultdict[tuple[bool, str], list[Body]](list)
    for body in bodies:
        totals[body.network] += body.size
        if not body.whole and body.size:
            coming[body.known, body.network].append(body)
    for waiting in coming.values():
        waiting.sort(key=lambda body: body.size)
    ranks = [(known, -totals[network], network) for known, network in coming]
    heapify(ranks)
    chosen: list[Body] = []
    while excess > 0 and ranks:
        known, total, network = heappop(ranks)
        body = coming[known, network].pop()
        chosen.append(body)
        excess -= body.size
        if coming[known, network]:
            heappush(ranks, (known, total + body.size, network))
    return chosen
