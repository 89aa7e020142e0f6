"""Loaders of the other files: profiles, words of an operator, logos and import files."""

import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from pathlib import Path

from ..errors import BadInputError, ConfigurationError
from ..explain import suggest
from ..profiles import Profile, parse_profile
from ..toml import TomlFile, parse_toml
from .model import Settings
from .values import LANGUAGES

INPUT_LIMIT = 20 * 1024 * 1024  # bytes
LOGO_LIMIT = 256 * 1024  # bytes


def load_profiles(settings: Settings, on_wrong: Callable[[str], object] | None = None) -> Mapping[str, Profile]:
    """Load every profile in the configuration folder, by name.

    Raises ConfigurationError if there is no profile `default`, and BadInputError if a file is wrong. With `on_wrong`,
    that is called with the mistake instead, and the profile is left out.
    """
    files = list_profiles(settings.config_dir)
    check_profiles(files, settings.config_dir)
    profiles = {}
    for file in files:
        try:
            profiles[file.stem] = load_profile(file)
        except BadInputError as error:
            if on_wrong is None:
                raise
            on_wrong(str(error))
    return profiles


def list_profiles(config_dir: Path) -> tuple[Path, ...]:
    """List the profile files. Raises BadInputError if the folder cannot be read."""
    return list_toml(config_dir / "profiles")


def check_profiles(files: Collection[Path], config_dir: Path) -> None:
    """Raise ConfigurationError if there is no profile `default` among the files."""
    if "default" not in {file.stem for file in files}:
        file = config_dir / "profiles" / "default.toml"
        raise ConfigurationError(
            f"There is no profile {file}, which events without one need. To begin with one: zoom-ops config example "
            f"--profile default > {file}"
        )


def load_profile(file: Path) -> Profile:
    """Load a profile file. Raises BadInputError with file and line."""
    return parse_profile(read_text(file), str(file))


def load_words(settings: Settings) -> Mapping[str, TomlFile]:
    """Load the operator's own words for the pages, by language. Raises BadInputError for an unknown language."""
    return {file.stem: load_word_file(file) for file in list_words(settings.config_dir)}


def list_words(config_dir: Path) -> tuple[Path, ...]:
    """List the files of the operator's own words. Raises BadInputError if the folder cannot be read."""
    return list_toml(config_dir / "words")


def load_word_file(file: Path) -> TomlFile:
    """Load the operator's own words in one language. Raises BadInputError for an unknown language."""
    if file.stem not in LANGUAGES:
        raise BadInputError(f"There are no pages in {file.stem!r}.{suggest(file.stem, LANGUAGES)}", file=str(file))
    return parse_toml(read_text(file), str(file))


def read_logo(setting: str, path: Path) -> bytes:
    """Read the picture of the setting LOGO or LOGO_DARK. Raises ConfigurationError if it is unreadable or too large."""
    try:
        content = read_input(path)
    except BadInputError as error:
        raise ConfigurationError(f"{setting}: {error}") from error
    if len(content) > LOGO_LIMIT:
        raise ConfigurationError(
            f"{setting}: {path} is larger than {LOGO_LIMIT // 1024} kB, which every reader would load."
        )
    return content


def read_input(path: Path) -> bytes:
    """Read a file, or standard input for "-". Raises BadInputError if it cannot be read or is larger than 20 MB."""
    is_stdin = str(path) == "-"
    try:
        with nullcontext(sys.stdin.buffer) if is_stdin else path.open("rb") as stream:
            content = stream.read(INPUT_LIMIT + 1)
    except FileNotFoundError:
        raise BadInputError("There is no such file.", file=str(path)) from None
    except IsADirectoryError:
        raise BadInputError("This is a folder: name the files in it.", file=str(path)) from None
    except OSError as error:
        raise BadInputError(f"This cannot be read: {error.strerror}.", file=str(path)) from error
    if len(content) > INPUT_LIMIT:
        raise BadInputError("This is larger than 20 MB.", file="standard input" if is_stdin else str(path))
    return content


def list_toml(folder: Path) -> tuple[Path, ...]:
    """List the TOML files of a folder; none where there is no such folder. Raises BadInputError."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if path.suffix == ".toml" and path.name[0] != "."))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise BadInputError(f"This folder cannot be read: {error.strerror}.", file=str(folder)) from error


def read_text(file: Path) -> str:
    try:
        return read_input(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError("This is not text in UTF-8.", file=str(file)) from None
