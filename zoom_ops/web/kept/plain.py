"""A plain head of a request, read in one step. Whatever is unusual about a head is left to h11: pure.

What is read here h11 reads in the same way. A head is plain if it came whole and nothing came after it, asks for a path
without an escape, announces no body, and has no byte that only a few programs send.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

LONGEST = 4_096  # bytes of a plain head; browsers send 800
_MOST = 64  # fields of one
_HEAD = re.compile(
    rb"(GET|HEAD) (/[-A-Za-z0-9._~/]*+)(?:\?([!-\[\]-~]*+))? HTTP/(1\.[01])\r\n"
    rb"((?:[-A-Za-z0-9]++:[ ]?+(?:[!-\[\]-~][ -\[\]-~]*+)?+\r\n)++)\r\n"  # of ASCII without the back slash
)
_FIELD = re.compile(rb"([^:]++):[ ]?+([^\r]*+)\r\n")
BODY = frozenset({b"content-length", b"transfer-encoding", b"expect", b"upgrade"})
"""Fields after which more comes than a head, or something else than HTTP."""
_CONNECTION = frozenset({b"close", b"keep-alive", b"Keep-Alive"})

Fields = list[tuple[bytes, bytes]]


class PlainHead(NamedTuple):
    """What a plain head says."""

    method: str
    path: str
    query: bytes
    version: bytes  # b"1.0" or b"1.1"
    fields: Fields  # names in lower case
    host: bytes
    connection: bytes = b""  # what it says of the connection: one of `_CONNECTION`, or nothing

    @property
    def keeps(self) -> bool:
        """Whether the connection stays open after the answer."""
        return self.version == b"1.1" and self.connection != b"close"


def read_plain(came: bytes, left_out: Collection[bytes] = BODY) -> PlainHead | None:
    """Read a head; None if it is not plain, or has one of the fields that are `left_out`."""
    match = _HEAD.fullmatch(came) if len(came) <= LONGEST else None
    if match is None:
        return None
    method, path, query, version, lines = match.groups()
    fields = [(name.lower(), value.rstrip(b" ")) for name, value in _FIELD.findall(lines)]
    named = dict(fields)
    connection = named.get(b"connection", b"")
    are_odd = len(fields) > _MOST or len(named) < len(fields) or b"host" not in named
    if are_odd or (connection and connection not in _CONNECTION) or not named.keys().isdisjoint(left_out):
        return None
    return PlainHead(method.decode(), path.decode(), query or b"", version, fields, named[b"host"], connection)
