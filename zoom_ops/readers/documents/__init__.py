"""Files whose events are written in the event model."""

from .keys import say_fields
from .parse import parse_documents
from .trees import Place, Tree, read_json

__all__ = ["Place", "Tree", "parse_documents", "read_json", "say_fields"]
