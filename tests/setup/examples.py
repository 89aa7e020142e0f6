"""How many examples a property test tries: all with --long, else half of them."""

_long = False


def try_all() -> None:
    """Try all examples. It counts for the modules that are read after it."""
    global _long
    _long = True


def examples(number: int) -> int:
    """Return how many of that many examples are tried."""
    return number if _long else number // 2
