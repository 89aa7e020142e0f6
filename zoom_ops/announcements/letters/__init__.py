"""Letters that ask an operator for an event: what is for everybody, and what is for the operator alone."""

from .envelope import Envelope
from .letter import LEFT_OUT, Letter, read_letter
from .private import is_for_operators
from .sentences import split_sentences

__all__ = ["LEFT_OUT", "Envelope", "Letter", "is_for_operators", "read_letter", "split_sentences"]
