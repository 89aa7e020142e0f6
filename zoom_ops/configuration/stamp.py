"""Notice that a configuration file has changed: by looks at it, for no system tells of changes in a mounted folder."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import BadInputError
from ..settings import Place, list_homes, secret_files_of

_Line = tuple[str | int, ...]
Stamp = tuple[_Line, ...]
"""Each file with what a change of it changes: time, size, inode, mode. A symbolic link is followed."""


def take_stamp(place: Place) -> Stamp:
    """Look at all configuration files and at the secret files that the settings name."""
    folders = [(place.config_dir / name, ".toml") for name in ("profiles", "homes", "words")]
    folders.append((place.jobs_dir, ".py"))
    files = [place.settings_file, *place.secret_files, *_iter_secrets_of_homes(place)]
    listed = [line for folder, ending in folders for line in _iter_folder(str(folder), ending)]
    return (*listed, *(_stamp_file(str(file)) for file in files))


@dataclass
class Watch:
    """Decides when to read: once two looks in a row agree, and only what was not read yet."""

    read: Stamp
    seen: Stamp | None = None

    def look(self, stamp: Stamp) -> bool:
        """Return whether to read the files now. A half-saved file changes from one look to the next."""
        settled, self.seen = stamp == self.seen, stamp
        if not settled or stamp == self.read:
            return False
        self.read = stamp
        return True


def _iter_folder(folder: str, ending: str) -> Iterator[_Line]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(ending) and name[0] != ".")
    except OSError as error:
        yield folder, type(error).__name__
        return
    for name in names:
        yield _stamp_file(f"{folder}/{name}")


def _iter_secrets_of_homes(place: Place) -> Iterator[Path]:
    with suppress(BadInputError):  # of a folder that cannot be read; its stamp says so
        for file in list_homes(place.config_dir):
            yield from _read_secret_files(file, place.folder, _stamp_file(str(file)))


@lru_cache(maxsize=100)
def _read_secret_files(file: Path, folder: Path, _stamp: _Line) -> tuple[Path, ...]:
    return secret_files_of(file, folder)


def _stamp_file(path: str) -> _Line:
    try:
        found = os.stat(path)
    except OSError as error:
        return path, type(error).__name__
    return path, found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode
