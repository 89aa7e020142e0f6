"""The ids of records, which a home makes: what we take as one, and how one stands in a path."""

from typing import Any
from urllib.parse import quote

from ..errors import NotFoundError
from .errors import StrangeAnswerError

LONGEST_ID = 300  # characters
_STEPS = ("", ".", "..")  # in a path they lead to another place, however they are quoted


def is_id(value: object) -> bool:
    """Return whether a text can be the id of a record."""
    return isinstance(value, str) and value not in _STEPS and len(value) <= LONGEST_ID and value.isprintable()


def take_id(value: Any, where: str) -> str:
    """Take the id of a record from an answer: a text or a number. Raise StrangeAnswerError for anything else."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not is_id(text):
        raise StrangeAnswerError(f"{where} lists a record without an id that can be used.")
    return str(text)


def as_segment(record_id: str) -> str:
    """Quote the id of a record as one segment of a path. Raise NotFoundError for one that would lead elsewhere."""
    if not is_id(record_id):
        raise NotFoundError("record", record_id[:40])
    return quote(record_id, safe="")
