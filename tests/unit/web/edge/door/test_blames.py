"""Which networks are to blame, in virtual time."""

from zoom_ops.web.edge.door.blames import HEAVY, LIGHT, Blames

NETWORK, OTHER = "192.0.2.1", "192.0.2.2"


def test_blames_add_up_and_are_forgotten() -> None:
    blames = Blames()
    assert not blames.are_enough(NETWORK, 100)
    for _ in range(2):
        blames.add(NETWORK, HEAVY)
    for _ in range(7):
        blames.add(OTHER, LIGHT)

    assert [blames.are_enough(network, 101) for network in (NETWORK, OTHER)] == [True, False]
    blames.add(OTHER, LIGHT)
    assert [blames.are_enough(NETWORK, now) for now in (109, 110, 119, 120)] == [True, True, True, False]
    assert not blames.are_enough(OTHER, 121)


def test_network_that_gets_more_than_it_asks_for_in_vain_is_not_to_blame() -> None:
    blames = Blames()
    for _ in range(100):
        blames.excuse(NETWORK)
        for network in (NETWORK, OTHER):
            blames.add(network, LIGHT // 2)

    assert [blames.are_enough(network, 1) for network in (NETWORK, OTHER, None)] == [False, True, False]
    assert [blames.is_excused(network) for network in (NETWORK, OTHER, None)] == [True, False, False]
    blames.add(NETWORK, 500)
    assert blames.are_enough(NETWORK, 2)


def test_network_saves_no_excuses_for_a_flood() -> None:
    blames = Blames()
    for _ in range(10_000):
        blames.excuse(NETWORK)
    before = blames.is_excused(NETWORK)
    for _ in range(600):
        blames.add(NETWORK, LIGHT)

    assert (before, blames.are_enough(NETWORK, 1)) == (True, True)


def test_proxy_is_never_to_blame() -> None:
    blames = Blames()
    for _ in range(10):
        blames.add(None)

    assert not blames.are_enough(None, 0)
