"""The body of a posted event form: URL-encoded, or with a file; and the file that travels with the form."""

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from ....errors import BadInputError
from ...edge.bodies import media_type_of, read_up_to
from ...errors import BadRequestError, BodyTooLargeError
from .fields import PICTURE_FILE, Values

_BODY_LIMIT = 2_097_152  # 200 people, 100 entries, a long description, and the file
_PICTURES_LIMIT = 25_000_000  # the same with two pictures, or many of usual size
MOST_FIELDS = 8_000
_LONGEST_FIELD = 200_000  # characters; a text of an event has half as many at most
LONGEST_BASE = 600_000
_CARRIED = {"original": 600_000, "base": LONGEST_BASE, "text": 500_000}  # with a file, and a text that was pasted
_SHOWN_AGAIN = 600_000  # characters of a form with a field that is too long: more would hold the interpreter too long
_LONGEST_HEAD = 2_048  # bytes before a part: the names of a field and a file
MOST_BYTES = 400_000  # of a file
_SAVED = re.compile(r"(\d{1,6}):([a-z0-9][a-z0-9-]{0,99})(?!\S)", re.ASCII)
PASTED = "pasted"  # what messages call a text without a file
_URL_ENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True, kw_only=True)
class Original:
    """The file or text that fills a form. It travels with the form; nothing of it is stored."""

    file: str
    content: bytes
    saved: Mapping[int, str] = field(default_factory=dict)  # which of its events were saved in the form: number → id

    def fields(self) -> Values:
        """Return it as hidden fields."""
        return {
            "original": base64.urlsafe_b64encode(zlib.compress(self.content)).decode(),
            "original-file": self.file,
            "original-saved": " ".join(f"{number}:{event_id}" for number, event_id in self.saved.items()),
        }


def find_original(values: Values) -> Original | None:
    """Return the file that came with a form, or None. Raise BadRequestError for what is none."""
    packed = values.get("original", "")
    if not packed:
        return None
    try:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(base64.urlsafe_b64decode(packed), MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise BadRequestError from error
    saved, name = read_saved(values.get("original-saved", "")), _file_name(values.get("original-file", ""))
    return check_size(Original(file=name, content=content, saved=saved))


def read_saved(text: str) -> dict[int, str]:
    """Read which events of a file were saved in the form, as `Original.fields` writes them."""
    return {int(number): event_id for number, event_id in _SAVED.findall(text)}


def check_size(original: Original) -> Original:
    """Return a file that is small enough. Raise BadInputError for a larger one, saying what to do."""
    if len(original.content) > MOST_BYTES:
        raise BadInputError(
            f"{original.file} is larger than {MOST_BYTES // 1000} kB: split it, or run zoom-ops events import."
        )
    return original


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What was posted: the fields, and the uploaded file if there is one."""

    values: Values
    too_long: Mapping[str, int] = field(default_factory=dict)  # the lengths of fields that no form shows whole
    upload: Original | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # by the names of their fields


async def read_typed(request: Request) -> Posted:
    """Read a posted form. Raise BadRequestError for any other content, BodyTooLargeError for too much of it."""
    media_type = media_type_of(request)
    body = await read_up_to(request, _PICTURES_LIMIT if media_type == _MULTIPART else _BODY_LIMIT)
    if not body:
        return Posted(values={})
    try:
        if media_type == _MULTIPART:
            del request.state.body  # its parts are copies, and nobody reads it again
            return _bounded(await run_in_threadpool(_parse_parts, body, request.headers.get("content-type", "")))
        if media_type == _URL_ENCODED:
            return _bounded(await run_in_threadpool(_parse_pairs, body))  # of this size not on the event loop
    except ValueError as error:
        raise BadRequestError from error
    raise BadRequestError


TheTyped = Annotated[Posted, Depends(read_typed)]


async def read_posted(posted: TheTyped) -> Posted:
    """Return what was posted. Raise BodyTooLargeError if a field is too long."""
    if posted.too_long:
        raise BodyTooLargeError(_LONGEST_FIELD)
    return posted


def _bounded(posted: Posted) -> Posted:
    """Note which fields are too long, and cut them where all cannot be shown again. Raise BodyTooLargeError."""
    lengths = {name: len(text) for name, text in posted.values.items()}
    long = {name: length for name, length in lengths.items() if length > _CARRIED.get(name, _LONGEST_FIELD)}
    if not long:
        return posted
    values = posted.values
    if sum(lengths.values()) > _SHOWN_AGAIN:
        values = values | {name: values[name][:_LONGEST_FIELD] for name in long}
    if long.keys() & _CARRIED or sum(map(len, values.values())) > _SHOWN_AGAIN:
        raise BodyTooLargeError(_LONGEST_FIELD)
    return replace(posted, values=values, too_long=long)


def _parse_pairs(body: bytes) -> Posted:
    pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    return Posted(values=dict(pairs))


def _parse_parts(body: bytes, content_type: str) -> Posted:
    """Parse multipart/form-data (RFC 7578). Raise ValueError if it is malformed or has too many parts."""
    frame = Message()
    frame["Content-Type"] = content_type
    boundary = (frame.get_boundary() or "").encode()
    values: Values = {}
    upload, pictures = None, dict[str, bytes]()
    for head, content in _iter_parts(body, boundary):
        headers = message_from_bytes(head.strip())
        file, name = headers.get_filename(), str(headers.get_param("name", "", "content-disposition"))
        if file is None:
            values[name] = content.decode()
        elif file and name.endswith(PICTURE_FILE):  # also an empty one, which is refused
            pictures[name] = content
        elif content:
            upload = Original(file=_file_name(file), content=content)
    return Posted(values=values, upload=upload, pictures=pictures)


def _iter_parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the head and the content of each part. Nothing else of the body is copied: it may hold 25 MB."""
    mark = b"\r\n--" + boundary
    at = -2 if body.startswith(mark[2:]) else body.find(mark)  # before the first mark may be no line
    if not boundary or at == -1:
        raise ValueError("no parts")
    begin = at + len(mark)
    for _ in range(MOST_FIELDS):
        end = body.find(mark, begin)
        if end < 0:
            break
        head_end = body.find(b"\r\n\r\n", begin, end)
        head_end = end if head_end < 0 else head_end
        if head_end - begin > _LONGEST_HEAD:  # what parses it takes a time that grows with the square
            raise ValueError("a part with a long head")
        yield body[begin:head_end], body[head_end + 4 : end]
        begin = end + len(mark)
    if body[begin : begin + 2] != b"--":
        raise ValueError("no parts")


def _file_name(name: str) -> str:
    """Return a name that messages may show, without folders."""
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:100] or PASTED


ThePosted = Annotated[Posted, Depends(read_posted)]
