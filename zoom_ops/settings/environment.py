"""Environment variables that begin with ZOOM_OPS_."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource

from ..errors import ConfigurationError
from ..explain import field_at, known_keys
from .model import BETWEEN, ONE, PREFIX, SEVERAL, Settings
from .secret_files import FILE_ENDING, is_secret, read_secret_file

KeyPath = tuple[str, ...]


class EnvironmentSource(EnvSettingsSource):
    """Reads the variables of pydantic-settings from a given environment, and not from that of the process."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}


def select_variables(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Select our variables, with names in capitals and with secrets read from their files.

    Raises ConfigurationError for an unknown variable, and for a secret that is set both as value and as file.
    """
    ours = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX) and value}
    groups = [(name,) for name in (*SEVERAL, *ONE)]
    read: dict[str, str] = {}
    for name, value in sorted(ours.items()):
        path = path_of(name)
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


def variable(path: tuple[int | str, ...]) -> str:
    """Return the name of the variable of a setting; list entries belong to the variable of the list."""
    return PREFIX + BETWEEN.join(str(part) for part in path if isinstance(part, str)).upper()


def path_of(name: str) -> KeyPath:
    """Return the path of the setting of a variable."""
    return tuple(name.upper().removeprefix(PREFIX).lower().split(BETWEEN))


def read_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    """Parse the selected variables into nested values."""
    return EnvironmentSource(variables)()


def _misspelt(name: str) -> str:
    given = path_of(name)
    own_name = given[1] if len(given) > 1 else "<name>"
    known = {name: variable((name, own_name, next(iter(model.model_fields)))) for name, model in SEVERAL.items()}
    known |= {BETWEEN.join(path): variable(path) for path in _iter_paths(own_name)}
    by_last_part = {shown.rpartition(BETWEEN)[2].removeprefix(PREFIX).lower(): shown for shown in known.values()}
    written = BETWEEN.join(given)
    alone = by_last_part.get(written)  # the right name, in the wrong place
    near = get_close_matches(written, known, n=1) or get_close_matches(given[-1], by_last_part, n=1, cutoff=0)
    return f"There is no setting {name}. The nearest is {alone or known.get(near[0]) or by_last_part[near[0]]}."


def _iter_paths(own_name: str) -> Iterator[KeyPath]:
    """Yield the path of every setting; a group of `SEVERAL` stands under `own_name`."""
    for key in known_keys(Settings):
        paths: list[KeyPath] = [(key, own_name, field) for field in known_keys(Settings, (key, own_name))]
        paths += [(key, field) for field in known_keys(Settings, (key,))]
        for path in paths or [(key,)]:
            yield path
            if is_secret(path):
                yield (*path[:-1], path[-1] + FILE_ENDING)
