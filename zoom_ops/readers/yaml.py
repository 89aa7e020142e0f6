"""YAML in the event model → its events."""

from ..announcements import decode
from .documents import parse_documents
from .read import Announced


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read a YAML file. Raise BadInputError for the first mistake; the others stand in its notes."""
    return parse_documents(decode(content, file), file, is_json=False)
