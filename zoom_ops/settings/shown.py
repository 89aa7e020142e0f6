"""The values of the settings as people see them, and as two processes compare them."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from .model import ONE, SEVERAL, Settings, variable

LIVE = ("accounts", "default_account", "jobs_dir")
"""The settings that count at once when they change; the others count after a restart."""


def describe_values(settings: Settings) -> tuple[tuple[str, str], ...]:
    """List every setting with its current value; of a secret only whether it is set."""
    return tuple((variable(path), shown) for path, _, shown, _ in _iter_values(settings))


@dataclass(frozen=True, kw_only=True)
class Value:
    """The value of a setting. `given`: by a variable, in the file, or not at all. `live`: a change counts at once."""

    name: str  # of its variable
    shown: str
    whole: str = field(repr=False)  # with what is secret
    given: Literal["variable", "file", "default"]
    live: bool


def list_values(settings: Settings, variables: Collection[str]) -> tuple[Value, ...]:
    """List every setting with its value; `variables` are those that are set, which win over the file."""
    return tuple(
        Value(
            name=variable(path),
            shown=shown,
            whole=json.dumps(value, default=_reveal),
            given="variable" if variable(path) in variables else "file" if given else "default",
            live=path[0] in LIVE,
        )
        for path, value, shown, given in _iter_values(settings)
    )


def _iter_values(settings: Settings) -> Iterator[tuple[tuple[str, ...], Any, str, bool]]:
    """Yield path, value, how it is shown, and whether it is given."""
    groups: dict[tuple[str, ...], BaseModel] = {(): settings}
    groups |= {(name,): values for name in ONE if (values := getattr(settings, name))}
    groups |= {(name, own): values for name in SEVERAL for own, values in sorted(getattr(settings, name).items())}
    for above, values in groups.items():
        for name, known in type(values).model_fields.items():
            if name not in (*SEVERAL, *ONE):
                value, given = getattr(values, name), name in values.model_fields_set
                shown = _shown(value, secret=not known.repr)
                yield (*above, name), value, shown if given or shown != "set" else _shown_default(known), given


def _shown_default(known: FieldInfo) -> str:
    """Write the default of a setting that is shown as a secret, in the words of its documentation."""
    extra = known.json_schema_extra
    words = str(extra.get("default", "")).replace("`", "") if isinstance(extra, dict) else ""
    return f"not set ({words})" if words else "not set"


def _reveal(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _shown(value: Any, *, secret: bool) -> str:
    """Write a value; of a URL without the parts that may hold a secret: user, password and query."""
    if value in ((), None, ""):
        return "not set"
    if secret:
        return "set"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = str(value)
    return re.sub(r"(?<=://)[^/@\s]+@|(?<=\?).*", "…", text) if re.match(r"https?://", text) else text
