"""The JSON of a record, small while a list waits to be read: its values take several times the memory of its text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import compress, decompress

_QUICK = 1  # level of compression


@dataclass(frozen=True)
class Packed:
    """An object of JSON, compressed."""

    text: bytes = field(repr=False)


def pack(content: Mapping[str, Any]) -> Packed:
    """Pack an object of JSON, as a parser built it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Packed(compress(text.encode("utf-8", "surrogatepass"), _QUICK))


def unpack(packed: Packed) -> dict[str, Any]:
    """Build the object again."""
    content: dict[str, Any] = json.loads(decompress(packed.text).decode("utf-8", "surrogatepass"))
    return content
