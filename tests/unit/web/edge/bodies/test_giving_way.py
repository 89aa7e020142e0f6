"""Whose body gives way when bodies take too much memory: the largest of the network that holds most."""

import pytest

from zoom_ops.web.edge.bodies.giving_way import Held, who_gives_way

MB = 1_000_000
ZOOM = Held(network="zoom", size=5_000)
ATTACKERS = tuple(Held(network="attacker", size=size * MB) for size in (1, 3, 2))
CROWD = tuple(Held(network=f"bot-{number}", size=MB) for number in range(3))
WHOLE = Held(network="attacker", size=9 * MB, whole=True)
BESIDE = Held(network="attacker", size=5_000)  # a genuine one behind the proxy through which an attacker comes


@pytest.mark.parametrize(
    ("bodies", "excess", "chosen"),
    [
        ((ZOOM, *ATTACKERS), 1, [ATTACKERS[1]]),
        ((ZOOM, *ATTACKERS), 4 * MB, [ATTACKERS[1], ATTACKERS[2]]),
        ((ZOOM, *CROWD), MB, [CROWD[0]]),
        ((ZOOM, *CROWD), 3 * MB, list(CROWD)),
        ((*ATTACKERS, *CROWD), 5 * MB, [ATTACKERS[1], ATTACKERS[2]]),
        ((BESIDE, *ATTACKERS), 6 * MB, [ATTACKERS[1], ATTACKERS[2], ATTACKERS[0]]),
        ((WHOLE, ZOOM, ATTACKERS[0]), MB, [ATTACKERS[0]]),
        ((WHOLE, ZOOM), MB, [ZOOM]),
        ((WHOLE,), MB, []),
        ((), MB, []),
    ],
)
def test_largest_body_of_the_network_that_holds_most_gives_way(
    bodies: tuple[Held, ...], excess: int, chosen: list[Held]
) -> None:
    assert who_gives_way(bodies, excess) == chosen


def test_whole_bodies_count_for_their_network() -> None:
    other = Held(network="other", size=4 * MB)

    assert who_gives_way((WHOLE, ATTACKERS[0], other), 1) == [ATTACKERS[0]]
