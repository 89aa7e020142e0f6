"""What every file has to pass first: its size, its encoding, and how its problems are told."""

from collections.abc import Sequence
from itertools import islice

from ..errors import BadInputError

MOST_TOLD = 50  # problems of one file; who has more has made one mistake many times


def decode(content: bytes, file: str) -> str:
    """Decode a file's content as UTF-8, with or without byte order mark; line ends become plain newlines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"expected UTF-8 text; byte {content[error.start]:#04x} at offset {error.start} is not"
        raise BadInputError(message, file=file, line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse(problems: Sequence[BadInputError]) -> None:
    """Raise the first of a file's problems; the next ones stand in its notes, one line each."""
    if not problems:
        return
    first, *others = problems
    for other in islice(others, MOST_TOLD):
        first.add_note(str(other))
    if others:
        first.args = (f"{first} (and {len(others)} more in this file)",)
    raise first
