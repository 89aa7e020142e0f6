"""The loader of the settings: environment variables win over settings.toml."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from ..errors import BadInputError, ConfigurationError, shorten
from ..explain import explain_error, field_at
from ..toml import TomlFile, parse_toml
from .model import BETWEEN, ONE, PREFIX, SEVERAL, Settings, iter_settings, variable
from .secret_files import FILE_ENDING, is_secret, iter_secret_files, read_secret_file, read_secret_files

PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the configuration is: environment variables, and the folder from which relative paths count."""

    environ: Mapping[str, str]
    folder: Path

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> "Place":
        """Build a place. The defaults are the environment and the current folder of the process."""
        return cls(environ=os.environ if environ is None else environ, folder=Path.cwd() if folder is None else folder)

    @property
    def config_dir(self) -> Path:
        """The folder of the configuration."""
        return Path(_find_folder("config", self._given("config_dir"), self.folder))

    @property
    def settings_file(self) -> Path:
        """The file of the settings, which need not be there."""
        return self.config_dir / "settings.toml"

    @property
    def jobs_dir(self) -> Path:
        """The folder of the jobs, also where another setting is wrong."""
        given = self._given("jobs_dir") or self.written.get("jobs_dir")
        return Path(_find_folder("jobs", given if isinstance(given, str) else None, self.folder))

    @property
    def variables(self) -> frozenset[str]:
        """The variables of settings that are set; a secret's also where its file is named."""
        given = (name.upper() for name, value in self.environ.items() if value)
        return frozenset(name.removesuffix(FILE_ENDING.upper()) for name in given if name.startswith(PREFIX))

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files of secrets that the settings name."""
        ending = FILE_ENDING.upper()
        ours = {name.upper(): value for name, value in self.environ.items() if name.upper().startswith(PREFIX)}
        named = [value for name, value in ours.items() if name.endswith(ending) and value]
        return tuple(self.folder / name for name in (*named, *iter_secret_files(self.written)))

    @property
    def written(self) -> Mapping[str, Any]:
        """The values in settings.toml; none where it is not there or wrong."""
        try:
            return _read_settings_file(self.settings_file, self.folder).values
        except ConfigurationError:
            return {}

    def _given(self, name: str) -> str | None:
        return next((value for key, value in self.environ.items() if key.upper() == variable((name,)) and value), None)


def names_secret(place: Place) -> bool:
    """Return whether settings.toml holds a secret itself, and not only the file of one."""
    return any(map(is_secret, _iter_paths(place.written)))


def sets_secret(file: Path) -> bool:
    """Return whether a file of variables, as systemd and Compose read them, sets a secret; False if it is not there."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    names = (line.strip().removeprefix("export ").partition("=")[0].strip() for line in lines)
    return any(is_secret(_path_of(name)) for name in names if name.upper().startswith(PREFIX))


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Load the settings from environment variables and from settings.toml.

    Relative paths count from `folder`. The defaults are the environment and the current folder of the process. Raises
    ConfigurationError with the variable, or with file and line, and the problem.
    """
    settings, mistakes = read_settings(Place.of(environ, folder))
    if settings is None:
        raise ConfigurationError(mistakes[0])
    return settings


def read_settings(place: Place) -> tuple[Settings | None, tuple[str, ...]]:
    """Read the settings; return None and all the mistakes that can be found if something is wrong."""
    try:
        return _read(place)
    except ConfigurationError as error:
        return None, (str(error),)


def _read(place: Place) -> tuple[Settings | None, tuple[str, ...]]:
    folder = place.folder
    variables = _select_variables(place.environ, folder)
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in variables.items()}  # not all those of the process
    given = source()
    config_dir = _find_folder("config", given.get("config_dir"), folder)
    toml = _read_settings_file(config_dir / "settings.toml", folder)
    values = _merge(read_secret_files(toml.values, folder), given)
    places = {
        "config_dir": config_dir,
        "jobs_dir": _find_folder("jobs", values.get("jobs_dir"), folder),
        "data_dir": _in(folder, values.get("data_dir") or "var"),
        **{name: _in(folder, values[name]) for name in ("logo", "logo_dark", "backup_dir") if values.get(name)},
    }
    try:
        return Settings(**{**values, **places}), ()
    except ValidationError as error:
        wrong = (detail for detail in error.errors() if detail["type"] != "default_factory_not_called")
        return None, tuple(shorten(_explain(detail, variables, toml)) for detail in wrong)


def shipped_folder(name: str) -> Path:
    """Find the folder `config` or `jobs` that ships with zoom_ops: the installed copy, else that of the checkout."""
    places = (PACKAGE / "_installed" / name, PACKAGE.parent / name)
    return next((place for place in places if place.is_dir()), places[0])


def _iter_paths(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each value that is written, also of an empty one."""
    for key, value in values.items():
        yield from _iter_paths(value, (*above, key)) if isinstance(value, Mapping) else ((*above, key),)


def _select_variables(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Select our variables, with names in capitals and with secrets read from their files.

    Raises ConfigurationError for an unknown variable, and for a secret that is set both as value and as file.
    """
    ours = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX) and value}
    groups = [(name,) for name in (*SEVERAL, *ONE)]
    read: dict[str, str] = {}
    for name, value in sorted(ours.items()):
        path = _path_of(name)
        if path not in groups and field_at(Settings, path) is not None:
            read[name] = value
        elif path[-1].endswith(FILE_ENDING) and is_secret((*path[:-1], path[-1].removesuffix(FILE_ENDING))):
            bare = name[: -len(FILE_ENDING)]
            if bare in ours:
                raise ConfigurationError(f"{bare} and {name} are both set: unset one of them.")
            read[bare] = read_secret_file(name, folder / value)
        else:
            raise ConfigurationError(_misspelt(name))
    return read


def _path_of(name: str) -> tuple[str, ...]:
    return tuple(name.upper().removeprefix(PREFIX).lower().split(BETWEEN))


def _misspelt(name: str) -> str:
    given = _path_of(name)
    own_name = given[1] if len(given) > 1 else "<name>"
    known = {name: variable((name, own_name, next(iter(model.model_fields)))) for name, model in SEVERAL.items()}
    for path, field in iter_settings(own_name):
        for ending in ("",) if field.repr else ("", FILE_ENDING):
            known[BETWEEN.join(path) + ending] = variable(path) + ending.upper()
    by_last_part = {shown.rpartition(BETWEEN)[2].removeprefix(PREFIX).lower(): shown for shown in known.values()}
    written = BETWEEN.join(given)
    alone = by_last_part.get(written)  # the right name, in the wrong place
    near = get_close_matches(written, known, n=1) or get_close_matches(given[-1], by_last_part, n=1, cutoff=0)
    return f"There is no setting {name}. The nearest is {alone or known.get(near[0]) or by_last_part[near[0]]}."


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
