"""Pictures that people send are read in a process of their own, which has limits of memory and time.

Small files may unpack to much: a WebP of 46 bytes takes 450 MB. The process that serves the pages does not grow by it.
"""

import json
import logging
from threading import Lock

from ..errors import TemporaryError, shorten
from ..system.apart import run_apart
from . import MOST_BYTES, TOO_MUCH, KeptPicture, Kind, NoPictureError

_MEMORY = 640_000_000  # bytes of addresses: the largest picture that is taken needs 480 MB
_TIME_S = 30  # on a busy machine
_PATIENCE_S = 10  # many pictures that wait must not take all threads
_LONGEST_REASON = 256
_reading = Lock()
_log = logging.getLogger(__name__)


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


def _answer(content: bytes, kind: Kind) -> bytes:
    try:
        done = run_apart("zoom_ops.pictures", kind, str(_MEMORY), given=content, time_s=_TIME_S)
    except TimeoutError:
        raise TemporaryError("The picture takes too long to read just now: send it again in a moment.") from None
    except OSError as error:
        raise TemporaryError("Pictures cannot be read just now: send this one again in a moment.") from error
    if done.was_stopped:
        raise NoPictureError(TOO_MUCH)
    if done.reason:
        _log.error("picture_reader_failed: %s", shorten(done.reason, _LONGEST_REASON))
        raise TemporaryError("Pictures cannot be read just now: send this one again in a moment.")
    return done.written


def _read(answer: bytes) -> KeptPicture:
    line, _, body = answer.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise NoPictureError(head["refused"])
    large = head["bytes"]
    return KeptPicture(width=head["width"], height=head["height"], content=body[:large], small=body[large:])
