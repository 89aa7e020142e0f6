"""Who comes back is remembered beside any number of others."""

from zoom_ops.web.edge.returning import Returning


def test_network_is_known_from_its_second_request_on() -> None:
    returning = Returning()

    asked = [returning.note(network, 0) for network in ("203.0.113.7", "203.0.113.8", "203.0.113.7", None, None)]

    assert asked == [False, False, True, False, False]
    assert [returning.knows(network) for network in ("203.0.113.8", "203.0.113.9", None)] == [True, False, False]


def test_who_came_back_is_remembered_while_others_come_once_but_not_for_ever() -> None:
    returning = Returning()
    for _ in range(2):
        returning.note("203.0.113.7", 0)

    def flood(now: float) -> None:
        for number in range(200_000):
            returning.note(f"{now} {number}", now)

    flood(1)
    before = returning.note("203.0.113.7", 100)
    flood(300)

    assert (before, returning.knows("203.0.113.7")) == (True, False)
