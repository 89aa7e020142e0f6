"""The environment: variables that begin with ZOOM_OPS_."""

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
    """The library's reading of variables, from a given environment instead of the process's own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}


def select_variables(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Select our variables, in capitals and with secrets read from their files; a misspelt one is an error."""
    ours = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX) and value}
    read: dict[str, str] = {}
    for name, value in sorted(ours.items()):
        path = path_of(name)
        if _is_setting(path):
            read[name] = value
        elif _is_secret_file(path):
            read[_without_ending(name, ours)] = read_secret_file(name, folder / value)
        else:
            raise ConfigurationError(_misspelt(name))
    return read


def variable(path: tuple[int | str, ...]) -> str:
    """Name the variable of a setting; entries of a list belong to the list's variable."""
    return PREFIX + BETWEEN.join(str(part) for part in path if isinstance(part, str)).upper()


def path_of(name: str) -> KeyPath:
    """Tell which setting a variable stands for."""
    return tuple(name.upper().removeprefix(PREFIX).lower().split(BETWEEN))


def read_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    """Read selected variables into nested values."""
    return EnvironmentSource(variables)()


def _is_setting(path: KeyPath) -> bool:
    return path not in [(name,) for name in (*SEVERAL, *ONE)] and field_at(Settings, path) is not None


def _is_secret_file(path: KeyPath) -> bool:
    return path[-1].endswith(FILE_ENDING) and is_secret((*path[:-1], path[-1].removesuffix(FILE_ENDING)))


def _without_ending(name: str, ours: Mapping[str, str]) -> str:
    bare = name[: -len(FILE_ENDING)]
    if bare in ours:
        raise ConfigurationError(f"{bare} and {name} are both set: unset one of them.")
    return bare


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
    """List the path of every setting, with those of which there are several under the name given."""
    for key in known_keys(Settings):
        paths: list[KeyPath] = [(key, own_name, field) for field in known_keys(Settings, (key, own_name))]
        paths += [(key, field) for field in known_keys(Settings, (key,))]
        for path in paths or [(key,)]:
            yield path
            if is_secret(path):
                yield (*path[:-1], path[-1] + FILE_ENDING)
