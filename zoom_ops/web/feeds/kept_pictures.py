"""Drawn pictures on the disk, by their names; those that nobody asked for the longest go first.

It is a cache: whoever deletes it loses nothing. Several processes may share the folder. A disk that is full or
cannot be written keeps no pictures.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_MOST, _MOST_BYTES = 2_000, 60_000_000
_ENDING, _UNDER_WAY = ".png", ".part"


class KeptPictures:
    """Pictures in a folder. Without a folder none is kept."""

    def __init__(self, folder: Path | None, *, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._folder, self._most, self._most_bytes = folder, most, most_bytes

    def find(self, name: str) -> bytes | None:
        """Return the picture with this name, or None; empty bytes for one that cannot be drawn."""
        if self._folder is None:
            return None
        path = self._folder / f"{name}{_ENDING}"
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)  # it was used just now
        return content

    def keep(self, name: str, content: bytes) -> None:
        """Keep a picture whole or not at all, and delete the oldest where there are too many."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number, part = tempfile.mkstemp(suffix=_UNDER_WAY, dir=self._folder)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(content)
                Path(part).replace(self._folder / f"{name}{_ENDING}")
            except OSError:
                Path(part).unlink(missing_ok=True)
                raise
            self._delete_oldest()

    def _delete_oldest(self) -> None:
        count = size = 0
        for path, length in self._newest_first():
            count, size = count + 1, size + length
            if count > self._most or size > self._most_bytes:
                path.unlink(missing_ok=True)

    def _newest_first(self) -> Iterator[tuple[Path, int]]:
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # another process deleted it
                    known = entry.stat(follow_symlinks=False)
                    if entry.name.endswith((_ENDING, _UNDER_WAY)):  # the latter: of a killed process
                        found.append((known.st_mtime, Path(entry.path), known.st_size))
        return ((path, size) for _, path, size in sorted(found, reverse=True))
