"""Letters that ask an operator for an event: what is for everybody, and what is for the operator alone."""

from .envelope import Envelope
from .letter import Letter, read_letter
from .sentences import split_sentences

__all__ = ["Envelope", "Letter", "read_letter", "split_sentences"]
