"""Bodies in chunks are what h11 reads, and many small chunks are one piece."""

import h11
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from zoom_ops.web.edge.chunks import Chunks, read_chunks_in_linear_time

read_chunks_in_linear_time()
Read = tuple[bytes, list[tuple[bytes, bytes]] | str]
SIZES = ["0", "1", "2", "02", "1 ", "A", "f" * 20, "0" * 21, "-1", "", "2;a=b", '2 ;a="b"', "1;\r"]


@settings(max_examples=60, deadline=None, phases=(Phase.generate,))
@given(
    chunks=st.lists(st.sampled_from([*(f"{size}\r\n" for size in SIZES), "ab\r\n", "x\r\n", "\r\n", "\n", "a: b\r\n"])),
    cut=st.integers(1, 20),
)
def test_bodies_are_those_that_h11_reads_wherever_they_are_cut(chunks: list[str], cut: int) -> None:
    came = "".join(["2\r\nab\r\n", *chunks]).encode()

    assert read(Chunks(), came, cut) == read(Chunks(), came, len(came)) == read(ChunkedReader(), came, 1)


def read(reader: ChunkedReader, came: bytes, cut: int) -> Read:
    """Return the body that comes in pieces of a size; its trailers, or why it has no end."""
    buffer, body = ReceiveBuffer(), b""
    for start in range(0, len(came), cut):
        buffer += came[start : start + cut]
        try:
            while event := reader(buffer):
                if isinstance(event, h11.EndOfMessage):
                    return body, [(name, value) for name, value in event.headers]
                body += event.data
        except h11.LocalProtocolError:
            return body, "refused"
    return body, "goes on"


def test_words_in_chunks_of_their_own_are_one_piece() -> None:
    connection, pieces = h11.Connection(h11.SERVER), list[bytes]()
    connection.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.next_event()
    connection.receive_data(b"1\r\na\r\n" * 2_000 + b"3\r\nab")
    while isinstance(event := connection.next_event(), h11.Data):
        pieces.append(bytes(event.data))

    assert (pieces, event) == ([b"a" * 2_000, b"ab"], h11.NEED_DATA)
