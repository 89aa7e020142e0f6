"""The body of a posted event form: URL-encoded, or with a file; and the file that travels with the form."""

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from ....errors import BadInputError
from ...edge.bodies import media_type_of, read_up_to
from ...errors import BadRequestError
from .fields import PICTURE_FILE, Values

_BODY_LIMIT = 4_194_304  # 200 people, 100 entries, a long description, and the file
_PICTURES_LIMIT = 25_000_000  # the same with two pictures, or many of usual size
MOST_FIELDS = 8_000
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
    upload: Original | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # by the names of their fields


async def read_posted(request: Request) -> Posted:
    """Read a posted form. Raise BadRequestError for any other content, BodyTooLargeError for too much of it."""
    media_type = media_type_of(request)
    body = await read_up_to(request, _PICTURES_LIMIT if media_type == _MULTIPART else _BODY_LIMIT)
    if not body:
        return Posted(values={})
    try:
        if media_type == _MULTIPART:
            return await run_in_threadpool(_parse_parts, body, request.headers.get("content-type", ""))
        if media_type == _URL_ENCODED:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
            return Posted(values=dict(pairs))
    except ValueError as error:
        raise BadRequestError from error
    raise BadRequestError


def _parse_parts(body: bytes, content_type: str) -> Posted:
    """Parse multipart/form-data (RFC 7578). Raise ValueError if it is malformed or has too many parts."""
    frame = Message()
    frame["Content-Type"] = content_type
    boundary = (frame.get_boundary() or "").encode()
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_FIELDS)
    if not boundary or len(parts) < 2 or not parts[-1].startswith(b"--"):
        raise ValueError("no parts")
    values: Values = {}
    upload, pictures = None, dict[str, bytes]()
    for part in parts[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        if len(head) > _LONGEST_HEAD:  # what parses it takes a time that grows with the square
            raise ValueError("a part with a long head")
        headers = message_from_bytes(head.strip())
        file, name = headers.get_filename(), str(headers.get_param("name", "", "content-disposition"))
        if file is None:
            values[name] = content.decode()
        elif file and name.endswith(PICTURE_FILE):  # also an empty one, which is refused
            pictures[name] = content
        elif content:
            upload = Original(file=_file_name(file), content=content)
    return Posted(values=values, upload=upload, pictures=pictures)


def _file_name(name: str) -> str:
    """Return a name that messages may show, without folders."""
    return "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:100] or PASTED


ThePosted = Annotated[Posted, Depends(read_posted)]
