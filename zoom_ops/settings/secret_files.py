"""Secrets in files of their own, as container platforms provide them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError
from ..explain import field_at
from .model import Settings

FILE_ENDING = "_file"


def is_secret(path: tuple[int | str, ...]) -> bool:
    """Check whether a setting is a secret, which is never shown and may come from a file."""
    field = field_at(Settings, path)
    return field is not None and not field.repr


def read_secret_file(name: str, file: Path) -> str:
    """Read the secret in the file that the setting `name` gives, without the line end after it.

    Raises ConfigurationError if the file cannot be read, is empty or is not text.
    """
    try:
        secret = file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ConfigurationError(f"{name}: {file} cannot be read: {str(error.strerror).lower()}.") from error
    except ValueError:  # the cause would hold the bytes of the secret
        raise ConfigurationError(f"{name}: {file} cannot be read: it is not text.") from None
    if not secret:
        raise ConfigurationError(f"{name}: {file} is empty.")
    return secret


def read_secret_files(values: Mapping[str, Any], folder: Path, above: tuple[str, ...] = ()) -> dict[str, Any]:
    """Replace each `<secret>_file` in nested values by the secret in that file."""
    read: dict[str, Any] = {}
    for key, value in values.items():
        bare = key.removesuffix(FILE_ENDING)
        if isinstance(value, Mapping):
            read[key] = read_secret_files(value, folder, (*above, key))
        elif bare != key and is_secret((*above, bare)):
            read[bare] = read_secret_file(".".join((*above, key)), folder / str(value))
        else:
            read[key] = value
    return read
