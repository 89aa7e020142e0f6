"""What the head of a request says, read in linear time, and that of an answer, checked once.

The pattern of h11 looks for the end of a field's blanks at each of them: 30 kB of blanks before a byte that no field
may hold take it 3 s, in which it holds the interpreter. Ours takes the same fields, and goes back over no blank.
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

Fields = Iterable[tuple[bytes, bytes]]
_VALUE = r"(?:[^\x00\s]++(?:[ \t]++[^\x00\s]++)*+)?+"
_MOST_CHECKED = 64  # heads of answers
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


def check_answers_once() -> None:
    """Let h11 check the same fields of answers once, for the whole process."""
    _events.normalize_and_validate = _check  # type: ignore[attr-defined,assignment]
    _headers.normalize_and_validate = _check  # type: ignore[assignment] # where it says that the connection closes


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
