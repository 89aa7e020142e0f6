"""The loader of the settings: environment variables win over settings.toml."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..errors import BadInputError, ConfigurationError
from ..explain import explain_error
from ..toml import TomlFile, parse_toml
from .environment import read_variables, select_variables, variable
from .model import SEVERAL, Settings
from .secret_files import is_secret, read_secret_files

SETTINGS_FILE = "settings.toml"
PACKAGE = Path(__file__).parents[1]


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Load the settings from environment variables and from settings.toml.

    Relative paths count from `folder`. The defaults are the environment and the current folder of the process. Raises
    ConfigurationError with the variable, or with file and line, and the problem.
    """
    folder = Path.cwd() if folder is None else folder
    variables = select_variables(os.environ if environ is None else environ, folder)
    given = read_variables(variables)
    config_dir = _find_folder("config", given.get("config_dir"), folder)
    toml = _read_settings_file(config_dir / SETTINGS_FILE, folder)
    values = _merge(read_secret_files(toml.values, folder), given)
    places = {
        "config_dir": config_dir,
        "jobs_dir": _find_folder("jobs", values.get("jobs_dir"), folder),
        "data_dir": _in(folder, values.get("data_dir") or "var"),
        **{name: _in(folder, values[name]) for name in ("logo", "logo_dark") if values.get(name)},
    }
    return _validate({**values, **places}, variables, toml)


def shipped_folder(name: str) -> Path:
    """Find the folder `config` or `jobs` that ships with zoom_ops: the installed copy, else that of the checkout."""
    places = (PACKAGE / "_installed" / name, PACKAGE.parent / name)
    return next((place for place in places if place.is_dir()), places[0])


def _in(folder: Path, given: Any) -> Any:
    """Resolve a path from the folder. Any other value stays as it is, and the validation refuses it."""
    return folder / given if isinstance(given, str) else given


def _find_folder(name: str, given: Any, folder: Path) -> Any:
    """Choose the given folder, else the one in the current folder, else the one that ships with zoom_ops."""
    if given:
        return _in(folder, given)
    shipped = shipped_folder(name)
    return folder / name if (folder / name).is_dir() or not shipped.is_dir() else shipped


def _read_settings_file(path: Path, folder: Path) -> TomlFile:
    shown = str(path.relative_to(folder) if path.is_relative_to(folder) else path)
    try:
        toml = parse_toml(path.read_text(encoding="utf-8-sig"), shown)
    except FileNotFoundError:
        return TomlFile(file=shown, values={}, lines={})
    except UnicodeDecodeError:
        raise ConfigurationError(f"{shown} is not text in UTF-8.") from None
    except OSError as error:
        raise ConfigurationError(f"{shown} cannot be read: {error.strerror}.") from error
    except BadInputError as error:
        raise ConfigurationError(str(error)) from error
    if "config_dir" in toml.values:
        raise ConfigurationError(
            str(toml.wrong("config_dir is set by the variable ZOOM_OPS_CONFIG_DIR.", ("config_dir",)))
        )
    return toml


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Merge nested values key by key; `above` wins."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _merge(under, value) if isinstance(value, Mapping) and isinstance(under, Mapping) else value
    return merged


def _validate(values: Mapping[str, Any], variables: Mapping[str, str], toml: TomlFile) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        first = next(detail for detail in error.errors() if detail["type"] != "default_factory_not_called")
        raise ConfigurationError(_explain(first, variables, toml)) from None


def _explain(error: ErrorDetails, variables: Mapping[str, str], toml: TomlFile) -> str:
    """Explain an error, with the variable or the line of the file that holds the value."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    name, written = variable(path), ".".join(str(part) for part in path)
    if error["type"] == "missing":
        in_file = path[:-1] in toml.lines
        whose = f"the {str(path[0]).removesuffix('s')} {path[1]!r}" if path[0] in SEVERAL else path[0]
        sentence = f"{path[-1] if in_file else name} is missing: {whose} needs it."
        return str(toml.wrong(sentence, path)) if in_file else sentence
    sentence = explain_error(error, Settings, secret=is_secret(path))
    if name in variables or toml.line(path) is None:
        return f"{name}: {sentence.removeprefix(f'{written}: ')}"
    return str(toml.wrong(sentence, path))
