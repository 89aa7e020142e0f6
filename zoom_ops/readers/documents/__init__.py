"""Files whose events are written in the event model."""

from .parse import parse_documents
from .trees import read_json

__all__ = ["parse_documents", "read_json"]
