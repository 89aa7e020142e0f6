"""Bodies in chunks, read in linear time, and many small chunks as one.

The pattern of h11 goes back over the extension of a chunk at each of its blanks: 15 kB of them take it 0.4 s, in
which it holds the interpreter. It makes an event of each chunk, which takes as long for a byte as for a large piece. A
program that streams JSON may send each word in a chunk of its own, so that nobody is refused for that.
"""

import re

from h11 import Data, EndOfMessage, _readers
from h11._receivebuffer import ReceiveBuffer
from h11._state import SEND_BODY

_HEADER = re.compile(rb"(?P<chunk_size>[0-9A-Fa-f]{1,20})(?:;[^\r\n]{0,200}|[ \t]{0,200})\r\n")
_END = b"\r\n"


class Chunks(_readers.ChunkedReader):
    """Reads a body in chunks."""

    def __call__(self, buf: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Return what comes next of the body, its end, or None if that has not come yet."""
        if not (self._bytes_in_chunk or self._reading_trailer) and (data := self._take_whole(buf)):
            return Data(data=data)
        return super().__call__(buf)

    def _take_whole(self, buf: ReceiveBuffer) -> bytes:
        """Take the chunks that came as a whole, and what is left of the end of the one before."""
        came, whole = buf._data, list[bytearray]()
        taken = len(self._bytes_to_discard) if came.startswith(self._bytes_to_discard) else len(came)
        while header := _HEADER.match(came, taken):
            start = header.end()
            end = start + int(header["chunk_size"], base=16)
            if end == start or not came.startswith(_END, end):
                break
            whole.append(came[start:end])
            taken = end + len(_END)
        if whole:
            buf._extract(taken)
            self._bytes_to_discard = b""
        return b"".join(whole)


def read_chunks_in_linear_time() -> None:
    """Replace pattern and reader of h11, for the whole process."""
    _readers.chunk_header_re = _HEADER
    _readers.READERS[SEND_BODY]["chunked"] = Chunks  # type: ignore[index]
