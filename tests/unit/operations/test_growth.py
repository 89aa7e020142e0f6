"""Counters that only grow, made of counts that may fall."""

from zoom_ops.operations.growth import Growth


def test_first_look_counts_nothing_and_each_later_one_what_came() -> None:
    growth = Growth()

    looks = [growth.add("main", *look) for look in (((5, 9), 40.0), ((5, 9), 40.0), ((6, 11), 60.0))]

    assert looks == [((0, 0), 0.0), ((0, 0), 0.0), ((1, 2), 20.0)]


def test_fall_is_no_new_beginning_and_what_comes_after_it_counts() -> None:
    growth = Growth()
    growth.add("main", (500, 900), 4_000.0)
    growth.add("main", (501, 901), 4_010.0)

    looks = [growth.add("main", *look) for look in (((400, 700), 3_000.0), ((401, 702), 3_030.0))]

    assert looks == [((1, 1), 10.0), ((2, 3), 40.0)]


def test_counts_stay_cumulative_where_one_comes_and_another_one_goes() -> None:
    growth = Growth()
    growth.add("main", (3, 9), 40.0)

    assert growth.add("main", (4, 9), 41.0)[0] == (1, 1)
    assert growth.add("main", (4, 10), 45.0)[0] == (1, 2)
