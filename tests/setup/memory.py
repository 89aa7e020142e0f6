"""Temporary files of tests in memory, which spares a wait for the disk at each commit."""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
WANTED = 4 << 30  # bytes: several times the size of all databases that one run keeps


def write_to_memory() -> None:
    """Create temporary files in memory, in this process and in those that it starts, unless TMPDIR is set."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # so that it is looked up again


def _has_room(folder: Path) -> bool:
    """Return whether a folder is writable, has WANTED bytes free and may hold programs that are run."""
    try:
        system = os.statvfs(folder)
    except OSError:
        return False
    has_space, runs_programs = system.f_bavail * system.f_frsize >= WANTED, not system.f_flag & os.ST_NOEXEC
    return has_space and runs_programs and os.access(folder, os.W_OK)
