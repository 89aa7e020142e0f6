"""How much of a body came."""

_SHORT = 65_536  # bytes: what is longer takes turns


class BodyCount:
    """What came of the body of one request after the other."""

    __slots__ = ("_size", "thrown")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count the next one."""
        self._size = 0
        self.thrown = 0  # bytes that came after the answer

    def add(self, data: bytes) -> None:
        """Count what came of the body of a request."""
        self._size += len(data)

    @property
    def is_long(self) -> bool:
        """Whether others go first."""
        return self._size > _SHORT
