"""What a home says in its JSON: of the kind and the size that is expected, and else nothing."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from ..linear import split_url
from ..link_keys import hide_keys

Fields = Mapping[str, Any]
_LONGEST_LABEL = 200  # characters
_MOST_LABELS = 200
_LONGEST_ADDRESS = 2_000  # characters


def fields_of(value: Any) -> Fields:
    """Return an object, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Fields]:
    """Return the objects of a list, and none of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return a text, and "" for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """Return the texts of a list, and none of anything else."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def number(value: Any) -> int:
    """Return a number, and 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def as_line(value: Any, most: int) -> str:
    """Return what a home says for a message of ours: one line, of at most so many characters that can be seen.

    A terminal obeys characters that cannot be seen, and some of them turn the direction of writing. A home may repeat
    what we wrote: keys of links for members are hidden.
    """
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in str(value)[: most * 4]).split())
    line = hide_keys(line)
    return line if len(line) <= most else line[: most - 1] + "…"


def pick_labels(values: Iterable[Any]) -> tuple[str, ...]:
    """Return the labels of a record, each once: texts of at most 200 characters, and at most 200 of them."""
    found = (value.strip() for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(label for label in found if label and len(label) <= _LONGEST_LABEL))[:_MOST_LABELS]


def web_address(value: Any, otherwise: str) -> str:
    """Return the address of a page for people, and another one for what is none: no script, no control characters."""
    address = text(value).strip()
    is_web = address.lower().startswith(("https://", "http://"))
    return address if is_web and address.isprintable() and len(address) <= _LONGEST_ADDRESS else otherwise


def path_of(address: Any) -> str:
    """Return the path of an address, with the slash at its beginning; "" where there is none."""
    try:
        path = split_url(text(address)).path
    except ValueError:  # such as half an IPv6 address
        return ""
    return path if path.startswith("/") else ""


def digest(value: Any) -> str:
    """Return a digest of a value of JSON, whatever the order of its keys."""
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
