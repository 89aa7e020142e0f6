"""The values of the settings as people see them, and as two processes compare them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from .model import ONE, SEVERAL, Settings, variable

LIVE = ("accounts", "default_account", "jobs_dir")
"""The settings that count at once when they change; the others count after a restart."""


def describe_values(settings: Settings) -> tuple[tuple[str, str], ...]:
    """List every setting with its current value; of a secret only whether it is set."""
    return tuple((variable(path), _shown(value, secret=secret)) for path, value, secret in _iter_values(settings))


def iter_whole_values(settings: Settings) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the variable of every setting, its shown value, its whole value with secrets, and whether it is live."""
    for path, value, secret in _iter_values(settings):
        whole = json.dumps(value, default=_reveal)
        yield variable(path), _shown(value, secret=secret), whole, path[0] in LIVE


def _iter_values(settings: Settings) -> Iterator[tuple[tuple[str, ...], Any, bool]]:
    """Yield path, value, and whether it is secret."""
    groups: dict[tuple[str, ...], BaseModel] = {(): settings}
    groups |= {(name,): values for name in ONE if (values := getattr(settings, name))}
    groups |= {(name, own): values for name in SEVERAL for own, values in sorted(getattr(settings, name).items())}
    for above, values in groups.items():
        for name, field in type(values).model_fields.items():
            if name not in (*SEVERAL, *ONE):
                yield (*above, name), getattr(values, name), not field.repr


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
