"""The head of an answer, of a bounded size: status lines, also those that only announce another, and header fields."""

import http.client
from typing import Any

from urllib3.exceptions import HTTPError

HEAD_LIMIT = 65_536  # bytes; real ones have less than 20,000


class TooLongError(HTTPError):
    """The answer is longer than is read."""


class BoundedResponse(http.client.HTTPResponse):
    """An answer whose head is read up to the limit; a longer one raises TooLongError.

    The library bounds a line and their number, so a head may have 6 MB, which takes 100 MB to read. It reads any number
    of heads with the status 100.
    """

    fp: Any

    def begin(self) -> None:
        """Read the head."""
        whole = self.fp
        self.fp = _Head(whole)
        try:
            super().begin()
        finally:
            if self.fp is not None:  # None: closed
                self.fp = whole


class _Head:
    def __init__(self, whole: Any) -> None:
        self._whole, self._left = whole, HEAD_LIMIT
        self.close = whole.close

    def readline(self, limit: int = -1) -> bytes:
        """Read a line, and count it."""
        line: bytes = self._whole.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise TooLongError("the head of the answer is too long")
        return line
