"""The text of a file of a home to begin with, written from the keys of its kind."""

import json
from collections.abc import Iterator
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..errors import NotFoundError
from ..homes import list_kinds, settings_of, title_of
from .secret_files import FILE_ENDING

_RULE = """
# What new events get, by label. The first rule that fits counts.
# [[rules]]
# label = "Lectures"
# profile = "default"
"""


def home_text(kind: str) -> str:
    """Return a file of a kind of home: what is needed is to be filled in, the rest stands as a comment.

    Raise NotFoundError for an unknown kind.
    """
    if kind not in list_kinds():
        raise NotFoundError("kind of home", kind, list_kinds())
    fields = {name: field for name, field in settings_of(kind).model_fields.items() if name not in ("kind", "rules")}
    needed = {name: field for name, field in fields.items() if field.is_required()}
    others = {name: field for name, field in fields.items() if name not in needed}
    lines = [f"# {title_of(kind)}. The file's name is the name of the home.", f"kind = {json.dumps(kind)}"]
    lines += [line for name, field in needed.items() for line in _lines(name, field, "")]
    lines += [line for name, field in others.items() for line in _lines(name, field, "# ")]
    return "\n".join(lines) + "\n" + _RULE


def _lines(name: str, field: FieldInfo, mark: str) -> Iterator[str]:
    yield ""
    yield f"# {field.description}"
    if not field.repr:
        yield f'{mark}{name}{FILE_ENDING} = "/run/secrets/{name}"'
    elif name == "url":
        yield f'{mark}url = "https://events.example.org"'
    else:
        yield f"{mark}{name} = {_write(field)}"


def _write(field: FieldInfo) -> str:
    """Write the default as TOML; an empty list or text where there is none, or where it is a table."""
    default: Any = None if field.is_required() else field.get_default(call_default_factory=True)
    if default is None or isinstance(default, BaseModel | dict):
        return "[]" if get_origin(field.annotation) is tuple else '""'
    return json.dumps(list(default) if isinstance(default, tuple) else default, ensure_ascii=False)
