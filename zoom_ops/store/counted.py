"""How many rows figures count of a table that grows without end: the latest, in whole pieces."""

COUNTED = 20_000  # of the latest rows; figures look at some more, but not at all
_PIECES = 40


def counted_ids(latest: int) -> tuple[int, int]:
    """Return the id above which rows are counted, and the last id of which few rows change any more.

    Both move by a fortieth of what is counted at a time, so that a count up to the second one can be kept meanwhile.
    """
    piece = max(1, COUNTED // _PIECES)
    first, last = (max(0, number // piece * piece) for number in (latest - COUNTED, latest - piece // 2))
    return first, last
