"""The files of homes, `config/homes/*.toml`: one a home, with its secrets by reference."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from ..errors import BadInputError, ConfigurationError, NotFoundError
from ..explain import explain_error, field_at, suggest
from ..homes import HomeSettings, list_kinds, settings_of
from ..toml import TomlFile, parse_toml
from .files import list_toml, read_text
from .load import Place
from .model import PREFIX
from .secret_files import FILE_ENDING, iter_secret_files, read_secret_file

FOLDER = "homes"
ENV_ENDING = "_env"
EXAMPLE = ".example.toml"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
Key = tuple[str, ...]


def load_homes(
    config_dir: Path, place: Place, on_wrong: Callable[[str], object] | None = None
) -> Mapping[str, HomeSettings]:
    """Load every home in the configuration folder, by name.

    Raises BadInputError with file and line if a file is wrong. With `on_wrong`, that is called with the mistake
    instead, and the home is left out.
    """
    homes: dict[str, HomeSettings] = {}
    for file in list_homes(config_dir):
        try:
            home = load_home(file, place)
            _check_other(file, home, homes)
            homes[file.stem] = home
        except BadInputError as error:
            if on_wrong is None:
                raise
            on_wrong(str(error))
    return homes


def check_homes(config_dir: Path, homes: Mapping[str, HomeSettings]) -> None:
    """Raises BadInputError if two files describe the same records: each would become two events."""
    checked: dict[str, HomeSettings] = {}
    for name, home in homes.items():
        _check_other(config_dir / FOLDER / f"{name}.toml", home, checked)
        checked[name] = home


def list_homes(config_dir: Path) -> tuple[Path, ...]:
    """List the files of homes without the examples; none where there is no folder.

    Raises BadInputError if the folder cannot be read.
    """
    return tuple(file for file in list_toml(config_dir / FOLDER) if not file.name.endswith(EXAMPLE))


def home_text(name: str, config_dir: Path) -> str:
    """Return the file to begin with: the example of a kind of home, or of one system that a kind fits.

    Raises NotFoundError for an unknown name.
    """
    files = {file.name.removesuffix(EXAMPLE): file for file in sorted((config_dir / FOLDER).glob(f"*{EXAMPLE}"))}
    if name not in files:
        raise NotFoundError("example of a home", name, files)
    return read_text(files[name])


def load_home(file: Path, place: Place) -> HomeSettings:
    """Load the file of a home, with its secrets. Raises BadInputError with file, line and what was expected.

    Relative paths of secrets start at the folder of the place, as those of accounts do.
    """
    _check_name(file)
    toml = parse_toml(read_text(file), str(file))
    model = _model_of(toml)
    values, lines = _with_secrets(toml, model, toml.values, place)
    toml = replace(toml, lines={**toml.lines, **lines})
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = min(error.errors(), key=lambda detail: toml.line(detail["loc"]) or 0)
        path, sentence = first["loc"], explain_error(first, model, secret=_is_secret(model, first["loc"]))
        if first["type"] == "missing" and _is_secret(model, path):
            sentence = f"{path[-1]} is missing: {_how(str(path[-1]))}."
        raise toml.wrong(sentence, path) from None  # the cause would hold the secrets


def describe_home(home: HomeSettings) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the fields of a home for people, by dotted name, and its secrets, of which the fields say `set`."""
    fields, secrets = dict[str, Any](), list[str]()
    for name, value in _iter_values(home.model_dump()):
        found = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, SecretStr)]
        secrets += [secret.get_secret_value() for secret in found]
        fields[name] = "set" if found else value
    return fields, tuple(secrets)


def secret_files_of(file: Path, folder: Path) -> tuple[Path, ...]:
    """List the files of secrets that the file of a home names, also where something else of it is wrong."""
    return tuple(folder / name for name in iter_secret_files(_values_of(file)))


def secret_variables_of(file: Path) -> tuple[str, ...]:
    """List the environment variables that the file of a home names."""
    return tuple(value for name, value in _iter_values(_values_of(file)) if name.endswith(ENV_ENDING) and value)


def _values_of(file: Path) -> Mapping[str, Any]:
    try:
        return parse_toml(read_text(file), str(file)).values
    except BadInputError:
        return {}


def _iter_values(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _iter_values(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", [*value] if isinstance(value, tuple) else value


def _check_other(file: Path, home: HomeSettings, others: Mapping[str, HomeSettings]) -> None:
    twin = next((name for name, other in others.items() if other.source == home.source), None)
    if twin:
        sentence = f"It describes the same records as {twin}.toml: take one of the two files away."
        raise BadInputError(sentence, file=str(file))


def _check_name(file: Path) -> None:
    if not _NAME.fullmatch(file.stem) or len(file.stem) > _LONGEST_NAME:
        raise BadInputError(
            f"A home is called as its file is: small letters and digits with - between them, at most {_LONGEST_NAME} "
            f"characters, and {file.stem!r} is no such name.",
            file=str(file),
        )


def _model_of(toml: TomlFile) -> type[HomeSettings]:
    """Return the model of the settings of the file's kind."""
    kind = toml.values.get("kind")
    if kind is None:
        raise toml.wrong(f'kind is missing: it names the system, such as kind = "indico".{_known("")}')
    try:
        return settings_of(kind)
    except (KeyError, TypeError):
        raise toml.wrong(f"kind: There is no kind of home {kind!r}.{_known(str(kind))}", ("kind",)) from None
    except ImportError as error:  # a library that is missing or broken; the other files are still read
        raise toml.wrong(f"kind: {kind} cannot be loaded here: {error}.", ("kind",)) from error


def _known(kind: str) -> str:
    return suggest(kind, list_kinds())


def _with_secrets(
    toml: TomlFile, model: type[HomeSettings], values: Mapping[str, Any], place: Place, above: Key = ()
) -> tuple[dict[str, Any], dict[Key, int]]:
    """Return the values with each `<secret>_file` and `<secret>_env` replaced by the secret, and the lines of these."""
    read: dict[str, Any] = {}
    lines: dict[Key, int] = {}
    for key, value in values.items():
        path = (*above, key)
        if isinstance(value, Mapping):
            read[key], more = _with_secrets(toml, model, value, place, path)
            lines |= more
            continue
        if _is_secret(model, path):
            raise toml.wrong(f"{'.'.join(path)}: a secret does not stand in this file. Instead, {_how(key)}.", path)
        bare = next((key.removesuffix(end) for end in (FILE_ENDING, ENV_ENDING) if key.endswith(end)), key)
        if bare == key or not _is_secret(model, (*above, bare)):
            read[key] = value
            continue
        if bare in read:
            both = f"{bare}{FILE_ENDING} and {bare}{ENV_ENDING}"
            raise toml.wrong(f"{both} are both there: take one of them out.", path)
        read[bare], line = _read_secret(toml, path, value, place), toml.line(path)
        lines |= {(*above, bare): line} if line else {}
    return read, lines


def _read_secret(toml: TomlFile, path: Key, value: object, place: Place) -> str:
    """Read the secret that a key refers to."""
    name = ".".join(path)
    if not isinstance(value, str) or not value:
        what = "path of a file" if name.endswith(FILE_ENDING) else "name of an environment variable"
        raise toml.wrong(f"{name}: expected the {what}, in quotes.", path)
    if name.endswith(FILE_ENDING):
        try:
            return read_secret_file(name, place.folder / value)
        except ConfigurationError as error:
            raise toml.wrong(str(error), path) from error
    if value.upper().startswith(PREFIX):
        raise toml.wrong(f"{name}: {value} begins as our own settings do: choose a name without {PREFIX}.", path)
    secret = place.environ.get(value, "")
    if not secret:
        raise toml.wrong(f"{name}: the environment variable {value} is not set.", path)
    return secret


def _how(secret: str) -> str:
    return (
        f'name the file that holds it, {secret}{FILE_ENDING} = "…", or the environment variable, '
        f'{secret}{ENV_ENDING} = "…"'
    )


def _is_secret(model: type[HomeSettings], path: tuple[int | str, ...]) -> bool:
    field = field_at(model, path)
    return field is not None and not field.repr
