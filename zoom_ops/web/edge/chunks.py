"""Bodies in chunks, read in linear time, and refused where they come in crumbs.

The pattern of h11 goes back over the extension of a chunk at each of its blanks: 15 kB of them take it 0.4 s, in
which it holds the interpreter. Each chunk costs as much as a large one, also in a body that is thrown away.
"""

import re

from h11 import Data, EndOfMessage, _readers
from h11._receivebuffer import ReceiveBuffer
from h11._state import SEND_BODY
from h11._util import LocalProtocolError

_HEADER = re.compile(rb"(?P<chunk_size>[0-9A-Fa-f]{1,20})(?:;[^\r\n]{0,200}|[ \t]{0,200})\r\n")
_FEW, _CRUMB = 300, 16  # chunks, and bytes that each has on the average once there are more


class Chunks(_readers.ChunkedReader):
    """Reads a body in chunks. Raise LocalProtocolError where they are crumbs."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks = self._bytes = 0

    def __call__(self, buf: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Return what comes next of the body, its end, or None if that has not come yet."""
        event = super().__call__(buf)
        if isinstance(event, Data):
            self._chunks += event.chunk_start
            self._bytes += len(event.data)
            if self._chunks > _FEW and self._bytes < _CRUMB * self._chunks:
                raise LocalProtocolError("A body in crumbs.")
        return event


def read_chunks_in_linear_time() -> None:
    """Replace pattern and reader of h11, for the whole process."""
    _readers.chunk_header_re = _HEADER
    _readers.READERS[SEND_BODY]["chunked"] = Chunks  # type: ignore[index]
