"""The text of a file of a home to begin with: written from the keys of its kind, or ready for one system."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..errors import NotFoundError
from ..homes import list_kinds, settings_of, title_of
from .homes import EXAMPLE, FOLDER
from .secret_files import FILE_ENDING

_RULE = """
# What new events get, by label. The first rule that fits counts.
# [[rules]]
# label = "Lectures"
# profile = "default"
"""


def home_text(name: str, config_dir: Path) -> str:
    """Return a file of a kind of home, or the ready file in the configuration folder.

    A ready one is for one system, or for a kind whose file has sections. Any other file of a kind loads once its
    secrets are there: what is needed, the rest as comments. Raise NotFoundError for an unknown name.
    """
    ready = _list_ready(config_dir)
    if name in ready:
        return ready[name].read_text("utf-8")
    if name not in list_kinds():
        raise NotFoundError("kind of home", name, (*list_kinds(), *ready))
    return _kind_text(name)


def _list_ready(config_dir: Path) -> dict[str, Path]:
    """List the ready files by their names: no list of keys says what the sections of a file have to hold."""
    files = sorted((config_dir / FOLDER).glob(f"*{EXAMPLE}"))
    named = {file.name.removesuffix(EXAMPLE): file for file in files}
    return {name: file for name, file in named.items() if name not in list_kinds() or _has_sections(name)}


def _has_sections(kind: str) -> bool:
    fields = settings_of(kind).model_fields.values()
    return any(isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) for field in fields)


def _kind_text(kind: str) -> str:
    model = settings_of(kind)
    fields = {name: field for name, field in model.model_fields.items() if name not in ("kind", "rules")}
    needed = {name: field for name, field in fields.items() if field.is_required() or name in model.EXAMPLE}
    others = {name: field for name, field in fields.items() if name not in needed}
    lines = [f"# {title_of(kind)}. The file's name is the name of the home.", f"kind = {json.dumps(kind)}"]
    lines += [line for name, field in needed.items() for line in _lines(name, field, "", model.EXAMPLE.get(name))]
    lines += [line for name, field in others.items() for line in _lines(name, field, "# ")]
    return "\n".join(lines) + "\n" + _RULE


def _lines(name: str, field: FieldInfo, mark: str, value: Any = None) -> Iterator[str]:
    yield ""
    yield f"# {field.description}"
    if not field.repr:
        yield f'{mark}{name}{FILE_ENDING} = "/run/secrets/{name}"'
    elif name == "url":
        yield f'{mark}url = "https://events.example.org"'
    else:
        yield f"{mark}{name} = {_write(_default_of(field) if value is None else value)}"


def _default_of(field: FieldInfo) -> Any:
    """Return the default; an empty list or text where there is none."""
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    return default if default is not None else () if get_origin(field.annotation) is tuple else ""


def _write(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_none=True)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{name} = {_write(each)}' for name, each in value.items())} }}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
