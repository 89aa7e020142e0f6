"""The cursor: the version of each file that was read last, and the day on which all were."""

import json
from collections.abc import Sequence
from dataclasses import astuple, replace

from ..port import LONGEST_CURSOR
from .client import Version, digest


def write_cursor(day: str, paths: Sequence[str], versions: Sequence[Version]) -> str:
    """Write a cursor. Where it would be too long, the longest validators are left out: then the digests have to do."""
    kept = list(versions)
    while len(cursor := _write(day, paths, kept)) > LONGEST_CURSOR:
        place = max(range(len(kept)), key=lambda place: _length(kept[place]))
        if not _length(kept[place]):
            return ""
        kept[place] = replace(kept[place], etag="", modified="")
    return cursor


def read_cursor(cursor: str, day: str, paths: Sequence[str]) -> tuple[Version, ...] | None:
    """Read the versions of the files; None where all are to be read: for another day or other files."""
    try:
        written_on, of_paths, versions = json.loads(cursor)
        known = tuple(Version(etag=etag, modified=modified, digest=said) for etag, modified, said in versions)
    except (ValueError, TypeError):
        return None
    return known if (written_on, of_paths, len(known)) == (day, _of(paths), len(paths)) else None


def _write(day: str, paths: Sequence[str], versions: Sequence[Version]) -> str:
    return json.dumps([day, _of(paths), [astuple(version) for version in versions]], separators=(",", ":"))


def _of(paths: Sequence[str]) -> str:
    return digest("\n".join(paths).encode())


def _length(version: Version) -> int:
    return len(version.etag) + len(version.modified)
