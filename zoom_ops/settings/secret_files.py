"""Secrets in files of their own, as container platforms provide them or as the first start makes one."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError
from ..explain import field_at
from ..store.db.encryption import make_key
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


def iter_secret_files(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths that nested values name as files of secrets."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from iter_secret_files(value)
        elif key.endswith(FILE_ENDING) and isinstance(value, str):
            yield value


def load_secret_keys(settings: Settings) -> tuple[str, ...]:
    """Load the keys that encrypt secrets in the database.

    They are in SECRET_KEY, else in the data folder, where the first start creates one. Raises ConfigurationError in a
    cluster without SECRET_KEY, as all its processes need the same keys.
    """
    if settings.secret_key:
        return tuple(key.get_secret_value() for key in settings.secret_key)
    if settings.engine == "cluster":
        raise ConfigurationError("ZOOM_OPS_SECRET_KEY is missing: all processes of a cluster must have the same.")
    file = settings.data_dir / "secret.key"
    if not file.exists():
        _make_key_file(file)
    return tuple(read_secret_file("The secret key", file).split())


def find_secret_keys(settings: Settings) -> tuple[str, ...]:
    """Find these keys; none where the first start has yet to create one. Creates nothing."""
    is_made = bool(settings.secret_key) or (settings.data_dir / "secret.key").exists()
    return load_secret_keys(settings) if is_made else ()


def _make_key_file(file: Path) -> None:
    """Write a new key. If two processes start at once, the first key stays. No process sees a partly written file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".secret-")  # mode 0600
        try:
            with os.fdopen(handle, "w") as stream:
                stream.write(make_key() + "\n")
                stream.flush()
                os.fsync(handle)
            with suppress(FileExistsError):
                os.link(draft, file)
        finally:
            os.unlink(draft)
    except OSError as error:
        raise ConfigurationError(f"No secret key can be made in {file.parent}: {error.strerror}.") from error
