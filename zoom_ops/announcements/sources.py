"""Steps common to all import files: decode the content, report its problems."""

from collections.abc import Sequence

from ..errors import BadInputError
from ..explain import MOST_MISTAKES


def decode(content: bytes, file: str) -> str:
    """Decode a file's content as UTF-8, with or without byte order mark; every line end becomes a newline.

    Raises BadInputError with the line of the first byte that is not UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = (
            f"expected UTF-8 text; byte {content[error.start]:#04x} at offset {error.start} is not: save it as UTF-8"
        )
        raise BadInputError(message, file=file, line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse(problems: Sequence[BadInputError]) -> None:
    """Raise the first problem of a file, if there is one. Of the next ones, some stand in its notes, one line each."""
    if not problems:
        return
    first, *others = problems
    first.others = tuple(others[: MOST_MISTAKES - 1])
    first.untold = len(others) - len(first.others)
    for other in first.others:
        first.add_note(str(other))
    if others:
        first.args = (f"{first} (and {len(others)} more in this file)",)
    raise first
