"""What the head of a request says, read in linear time, and that of an answer, checked once.

The pattern of h11 looks for the end of a field's blanks at each of them: 30 kB of blanks before a byte that no field
may hold take it 3 s, in which it holds the interpreter. Ours takes the same fields, and goes back over no blank.
h11 counts the bytes of a head that is not whole. One that came at once may have 60 kB, and 20,000 fields, which take it
25 ms before anybody can refuse them. Ours counts bytes and lines of every head before it is read, and of trailers.
h11 checks each field of each answer, a good part of all that a kept answer takes. Of answers with the same fields, as
those with a page are for a second, ours checks the first.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from h11 import _abnf, _events, _headers, _readers
from h11._headers import Headers
from h11._headers import normalize_and_validate as _normalize
from h11._receivebuffer import ReceiveBuffer, blank_line_regex
from h11._util import LocalProtocolError

Fields = Iterable[tuple[bytes, bytes]]
_VALUE = r"(?:[^\x00\s]++(?:[ \t]++[^\x00\s]++)*+)?+"
_MOST_CHECKED = 64  # heads of answers
_LONGEST, _MOST_LINES = 16_384, 200  # bytes and lines of a head; the guard refuses over a hundred fields by a status
_BLANK_LINE = (b"\n", b"\r\n")
_FIELD = re.compile(rf"(?P<field_name>{_abnf.field_name}):[ \t]*+(?P<field_value>{_VALUE})[ \t]*+".encode("ascii"))


def has_body(fields: Fields) -> bool:
    """Return whether a body follows a head. Names are in lower case."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
        for name, value in fields
    )


def has_two_ends(fields: Fields) -> bool:
    """Return whether a head says in two ways where its body ends: a proxy may believe the other one."""
    return {b"transfer-encoding", b"content-length"} <= {name for name, _ in fields}


def read_fields_in_linear_time() -> None:
    """Replace the pattern of h11, for the whole process."""
    _readers.header_field_re = _FIELD


def has_many_lines(came: bytes) -> bool:
    """Return whether what came begins with a head of more lines than are read, whole or not."""
    if came.count(b"\n") <= _MOST_LINES:
        return False
    end = blank_line_regex.search(came)
    return came.count(b"\n", 0, end.start() if end else len(came)) > _MOST_LINES


def read_short_heads_only() -> None:
    """Let h11 refuse a head that is too long or has too many lines before it reads them, for the whole process."""
    ReceiveBuffer.maybe_extract_lines = _extract_few  # type: ignore[method-assign,assignment]


def check_answers_once() -> None:
    """Let h11 check the same fields of answers once, for the whole process."""
    _events.normalize_and_validate = _check  # type: ignore[attr-defined,assignment]
    _headers.normalize_and_validate = _check  # type: ignore[assignment] # where it says that the connection closes


_extract = ReceiveBuffer.maybe_extract_lines


def _extract_few(buffer: ReceiveBuffer) -> list[bytearray] | None:
    """Do what h11 does. What follows the head, or trailers that are none, does not count."""
    came = buffer._data
    if (len(came) > _LONGEST or came.count(b"\n") > _MOST_LINES) and not came.startswith(_BLANK_LINE):
        end = blank_line_regex.search(came, buffer._multiple_lines_search)
        size = end.start() if end else len(came)
        if size > _LONGEST or came.count(b"\n", 0, size) > _MOST_LINES:
            raise LocalProtocolError("The head is too long.")
    return _extract(buffer)


@lru_cache(maxsize=_MOST_CHECKED)
def _check_once(fields: tuple[tuple[bytes, bytes], ...]) -> Headers:
    return _normalize(list(fields))


def _check(fields: Any, _parsed: bool = False) -> Headers:
    """Do what h11 does. What it returns is never changed."""
    if _parsed:  # those of a request
        return _normalize(fields, True)
    given = tuple(fields)
    try:
        return _check_once(given)
    except TypeError:  # they have no hash
        return _normalize(list(given))
