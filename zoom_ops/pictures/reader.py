"""Pictures that people send are read in a process of their own, which has limits of memory and time.

Small files may unpack to much: a WebP of 46 bytes takes 450 MB. The process that serves the pages does not grow by it.
"""

import json
import logging
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import get_args

from ..errors import TemporaryError, shorten
from . import MOST_BYTES, KeptPicture, Kind, NoPictureError
from .reencode import read_picture

_MEMORY = 640_000_000  # bytes of addresses: the largest picture that is taken needs 480 MB
_PROCESSOR_S = 10  # seconds; a picture takes less than five
_TIME_S = 30  # on a busy machine
_PATIENCE_S = 10  # many pictures that wait must not take all threads
_LONGEST_REASON = 256
_TOO_MUCH = "The picture takes too much memory or time to read: make it smaller."
_SEARCHED = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}  # without our environment and its secrets
_reading = Lock()
_log = logging.getLogger(__name__)  # structlog would take longer to import than a picture to read


def read_apart(content: bytes, kind: Kind) -> KeptPicture:
    """Read a picture as `read_picture` does, in a process that ends with it; one at a time.

    Raise NoPictureError with the reason, TemporaryError if many wait.
    """
    if len(content) > MOST_BYTES:
        raise NoPictureError("The picture has more than 10 MB: make it smaller.")
    if not _reading.acquire(timeout=_PATIENCE_S):
        raise TemporaryError("Other pictures are being read: send this one again in a moment.")
    try:
        return _read(_answer(content, kind))
    finally:
        _reading.release()


def main(kind: str, memory: int) -> None:
    """Read a picture from the standard input in so many bytes; write what is kept of it, or why it is refused."""
    _limit(memory)
    (known,) = (each for each in get_args(Kind) if each == kind)
    head: dict[str, str | int]
    try:
        kept = read_picture(sys.stdin.buffer.read(MOST_BYTES + 1), known)
    except NoPictureError as error:
        head, body = {"refused": str(error)}, b""
    except MemoryError:
        head, body = {"refused": _TOO_MUCH}, b""
    else:
        head = {"width": kept.width, "height": kept.height, "bytes": len(kept.content)}
        body = kept.content + kept.small
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


def _limit(memory: int) -> None:
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, _PROCESSOR_S), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system without such a limit, or with a lower one
            resource.setrlimit(what, (most, most))
    with suppress(OSError):  # where a container has too little memory, Linux ends this process and not the service
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _answer(content: bytes, kind: Kind) -> bytes:
    command = [sys.executable, "-P", "-m", "zoom_ops.pictures.reader", kind, str(_MEMORY)]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            command, input=content, capture_output=True, timeout=_TIME_S, env=_SEARCHED, check=False
        )
    except subprocess.TimeoutExpired:
        raise TemporaryError("The picture takes too long to read just now: send it again in a moment.") from None
    except OSError as error:
        raise TemporaryError("Pictures cannot be read just now: send this one again in a moment.") from error
    if done.returncode < 0:  # it was ended by a limit
        raise NoPictureError(_TOO_MUCH)
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        _log.error("picture_reader_failed: %s", shorten(reason, _LONGEST_REASON))
        raise TemporaryError("Pictures cannot be read just now: send this one again in a moment.")
    return done.stdout


def _read(answer: bytes) -> KeptPicture:
    line, _, body = answer.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise NoPictureError(head["refused"])
    large = head["bytes"]
    return KeptPicture(width=head["width"], height=head["height"], content=body[:large], small=body[large:])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
