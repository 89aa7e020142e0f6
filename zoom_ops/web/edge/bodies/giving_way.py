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


Body = TypeVar("Body", bound=Held)


def who_gives_way(bodies: Iterable[Body], excess: int) -> list[Body]:
    """Return the bodies that free `excess` bytes, as far as they can. A body that is whole gives no way.

    In turn it is the largest body of the network that holds most, so that a small one of another network stays.
    """
    totals, coming = Counter[str](), defaultdict[str, list[Body]](list)
    for body in bodies:
        totals[body.network] += body.size
        if not body.whole and body.size:
            coming[body.network].append(body)
    for waiting in coming.values():
        waiting.sort(key=lambda body: body.size)
    ranks = [(-totals[network], network) for network in coming]
    heapify(ranks)
    chosen: list[Body] = []
    while excess > 0 and ranks:
        total, network = heappop(ranks)
        body = coming[network].pop()
        chosen.append(body)
        excess -= body.size
        if coming[network]:
            heappush(ranks, (total + body.size, network))
    return chosen
