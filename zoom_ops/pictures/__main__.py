"""Read a picture from the standard input; write what is kept of it, or why it is refused."""

import json
import sys
from typing import get_args

from ..system.apart import limit_process
from . import MOST_BYTES, TOO_MUCH, Kind, NoPictureError
from .reencode import read_picture

_PROCESSOR_S = 10  # seconds; a picture takes less than five


def main(kind: str, memory: int) -> None:
    """Read a picture of a kind in so many bytes of memory. The answer is a line of JSON, then the two JPEG files."""
    limit_process(memory=memory, processor_s=_PROCESSOR_S)
    (known,) = (each for each in get_args(Kind) if each == kind)
    head: dict[str, str | int]
    try:
        kept = read_picture(sys.stdin.buffer.read(MOST_BYTES + 1), known)
    except NoPictureError as error:
        head, body = {"refused": str(error)}, b""
    except MemoryError:
        head, body = {"refused": TOO_MUCH}, b""
    else:
        head = {"width": kept.width, "height": kept.height, "bytes": len(kept.content)}
        body = kept.content + kept.small
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
