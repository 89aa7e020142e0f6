"""Letters that ask an operator for an event: what is for everybody, and what is for the operator alone."""

from .contacts import contacts_in, name_in_full, take_addresses
from .envelope import Envelope
from .for_operators import holds_address, is_for_operators
from .letter import LEFT_OUT, Letter, read_letter
from .sentences import split_sentences

__all__ = [
    "LEFT_OUT",
    "Envelope",
    "Letter",
    "contacts_in",
    "holds_address",
    "is_for_operators",
    "name_in_full",
    "read_letter",
    "split_sentences",
    "take_addresses",
]
