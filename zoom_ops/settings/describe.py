"""The settings as rows of a table, for the documentation."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .environment import variable
from .model import ONE, SEVERAL, Settings
from .secret_files import FILE_ENDING


@dataclass(frozen=True, kw_only=True)
class SettingRow:
    """A setting: its variable, its default and its meaning."""

    name: str
    default: str
    meaning: str
    secret: bool = False


def describe_settings() -> tuple[SettingRow, ...]:
    """Describe every setting in the order of declaration, with the groups of `SEVERAL` last."""
    once = (row for name, model in ONE.items() for row in _rows(model, (name,)))
    several = (row for name, model in SEVERAL.items() for row in _rows(model, (name, "<name>")))
    return (*_rows(Settings, ()), *once, *several)


def _rows(model: type[BaseModel], above: tuple[str, ...]) -> list[SettingRow]:
    return [
        SettingRow(
            name=variable((*above, name)), default=_default(field), meaning=_meaning(field), secret=not field.repr
        )
        for name, field in model.model_fields.items()
        if name not in (*SEVERAL, *ONE)
    ]


def _default(field: FieldInfo) -> str:
    extra: Any = field.json_schema_extra
    if extra:
        return str(extra["default"])
    if field.is_required():
        return "needed"
    if field.default in ((), None):
        return "none"
    return f"`{field.default}`"


def _meaning(field: FieldInfo) -> str:
    also = f" A secret: may also come from a file, named by `…{FILE_ENDING.upper()}`." if not field.repr else ""
    return f"{field.description}{also}"


def describe_values(settings: Settings) -> tuple[tuple[str, str], ...]:
    """List every setting with its current value; of a secret only whether it is set."""
    once = (row for name in ONE if (values := getattr(settings, name)) for row in _values(values, (name,)))
    several = (
        row
        for name in SEVERAL
        for own_name, values in sorted(getattr(settings, name).items())
        for row in _values(values, (name, own_name))
    )
    return (*_values(settings, ()), *once, *several)


def _values(model: BaseModel, above: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (variable((*above, name)), _shown(getattr(model, name), secret=not field.repr))
        for name, field in type(model).model_fields.items()
        if name not in (*SEVERAL, *ONE)
    ]


def _shown(value: Any, *, secret: bool) -> str:
    if value in ((), None, ""):
        return "not set"
    if secret:
        return "set"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else _without_key(str(value))


def _without_key(text: str) -> str:
    """Hide the parts of a URL that may hold a secret: user, password and query."""
    return re.sub(r"(?<=://)[^/@\s]+@|(?<=\?).*", "…", text) if re.match(r"https?://", text) else text
