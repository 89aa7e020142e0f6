"""Memory to write to, rather than a disk that is waited for at each commit: nothing is kept of what tests write."""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
WANTED = 4 << 30  # bytes: the databases of all tests that one run keeps, several times over


def write_to_memory() -> None:
    """Have temporary files made in memory, here and in what is started from here, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # to be looked up anew


def _has_room(folder: Path) -> bool:
    """Tell whether there is much room, where programs may be run from, too."""
    try:
        told = os.statvfs(folder)
    except OSError:
        return False
    return told.f_bavail * told.f_frsize >= WANTED and not told.f_flag & os.ST_NOEXEC and os.access(folder, os.W_OK)
