"""Who gives way: the oldest of the network with most that wait, or of all where none has more than its share."""

from zoom_ops.web.edge.door.places import Places


def places(*holders: tuple[str, str], share: int = 1) -> Places[str]:
    """Build places in which every holder may give way, in the order of their coming."""
    made = Places[str](share)
    for holder, network in holders:
        made.enter(holder, network)
        made.queue(holder)
    return made


def test_oldest_of_the_largest_network_gives_way_one_after_another() -> None:
    held = places(("guest", "a"), *((f"half {n}", "b") for n in range(3)), ("other", "c"))
    order = []

    while first := held.first():
        order.append(first)
        held.leave(first)

    assert order == ["half 0", "half 1", "guest", "half 2", "other"]
    assert held.waiting == 0


def test_guest_with_more_connections_than_each_of_many_attackers_is_not_chosen_for_that() -> None:
    held = places(("half", "a"), ("notification", "guest"), ("page", "guest"), ("other half", "b"), share=2)

    assert held.first() == "half"


def test_holder_who_is_answered_keeps_the_place_and_may_give_way_again() -> None:
    held = places(("one", "a"), ("two", "a"))

    held.hold("one")
    kept = held.first()
    held.queue("one")

    assert (kept, held.first(), held.waiting) == ("two", "two", 2)


def test_nobody_gives_way_where_nobody_waits() -> None:
    held = places(("one", "a"))
    held.hold("one")
    held.hold("one")

    assert (held.first(), held.waiting) == (None, 0)
    held.leave("one")
    held.queue("one")  # it has gone
    assert held.first() is None
