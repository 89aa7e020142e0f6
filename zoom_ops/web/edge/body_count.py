"""How much of a body came, and in which pieces."""

from collections.abc import Sequence

_SHORT = 65_536  # bytes: what is longer takes turns
_CHUNK = 8  # bytes that a line of a chunked body has on the average, at least
_CHUNKS = 2_000  # lines from which on that counts
_CHUNKED = (b"transfer-encoding", b"chunked")


class BodyCount:
    """What came of the body of one request after the other."""

    __slots__ = ("_bytes", "_lines", "_size", "thrown")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count the next one."""
        self._size = self._lines = self._bytes = 0
        self.thrown = 0  # bytes that came after the answer

    def add(self, data: bytes, fields: Sequence[tuple[bytes, bytes]]) -> None:
        """Count what came of the body of a request with these fields."""
        self._size += len(data)
        if _CHUNKED in fields:
            self._lines += data.count(b"\r\n")
            self._bytes += len(data)

    @property
    def is_long(self) -> bool:
        """Whether others go first."""
        return self._size > _SHORT

    @property
    def is_in_crumbs(self) -> bool:
        """Whether it comes in chunks of a few bytes, each of which costs as much as a large one."""
        return self._lines > _CHUNKS and self._bytes < _CHUNK * self._lines
