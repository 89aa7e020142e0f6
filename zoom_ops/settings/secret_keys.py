"""The keys that encrypt secrets in the database."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from ..errors import ConfigurationError
from ..store.db.encryption import make_key
from .model import Settings
from .secret_files import read_secret_file

KEY_FILE = "secret.key"


def load_secret_keys(settings: Settings) -> tuple[str, ...]:
    """Load the keys from SECRET_KEY, else from the data folder, where the first start creates one.

    Raises ConfigurationError in a cluster without SECRET_KEY, as all its processes need the same keys.
    """
    if settings.secret_key:
        return tuple(key.get_secret_value() for key in settings.secret_key)
    if settings.engine == "cluster":
        raise ConfigurationError("ZOOM_OPS_SECRET_KEY is missing: all processes of a cluster must have the same.")
    file = settings.data_dir / KEY_FILE
    if not file.exists():
        _make_key_file(file)
    return tuple(read_secret_file("The secret key", file).split())


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
