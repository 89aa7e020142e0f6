"""What the head of a request says of its body."""

from collections.abc import Iterable

Fields = Iterable[tuple[bytes, bytes]]


def has_body(fields: Fields) -> bool:
    """Return whether a body follows a head. Names are in lower case."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0") != b"")
        for name, value in fields
    )
