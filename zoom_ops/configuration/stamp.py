"""Notice that a configuration file has changed: by looks at it, for no system tells of changes in a mounted folder."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInputError
from ..settings import Place, list_homes, secret_files_of

Stamp = tuple[tuple[str, ...], ...]
"""Each file with what a change of it changes: time, size, inode, mode. A symbolic link is followed."""


def take_stamp(place: Place) -> Stamp:
    """Look at all configuration files and at the secret files that the settings name."""
    folders = [(place.config_dir / name, ".toml") for name in ("profiles", "homes", "words")]
    folders.append((place.jobs_dir, ".py"))
    files = [place.settings_file, *place.secret_files, *_iter_secrets_of_homes(place)]
    listed = [line for folder, ending in folders for line in _iter_folder(folder, ending)]
    return (*listed, *map(_stamp_file, files))


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


def _iter_folder(folder: Path, ending: str) -> Iterator[tuple[str, ...]]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ending and path.name[0] != ".")
    except OSError as error:
        yield str(folder), type(error).__name__
        return
    yield from map(_stamp_file, files)


def _iter_secrets_of_homes(place: Place) -> Iterator[Path]:
    with suppress(BadInputError):  # of a folder that cannot be read; its stamp says so
        for file in list_homes(place.config_dir):
            yield from secret_files_of(file, place.folder)


def _stamp_file(path: Path) -> tuple[str, ...]:
    try:
        found = path.stat()
    except OSError as error:
        return str(path), type(error).__name__
    return str(path), *map(str, (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode))
