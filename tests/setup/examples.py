"""How many examples a property test tries: all with --long, else a fifth of them."""

_long = False


def try_all() -> None:
    """Try all examples. It counts for the modules that are read after it."""
    global _long
    _long = True


def examples(number: int) -> int:
    """Return how many of that many examples are tried.

    Every test of a module that imports this gets the marker `examples`, so that `make crash` runs it.
    """
    return number if _long else number // 5
