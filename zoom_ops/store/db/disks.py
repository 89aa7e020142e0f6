"""The disks that hold what the service keeps."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A disk: what is on it, in which folder, and how many bytes it has."""

    holds: str
    folder: str
    free: int
    total: int


def measure_disks(data_dir: Path, database_url: str) -> tuple[Disk, ...]:
    """Measure the disk of a SQLite database and that of DATA_DIR, once where it is the same.

    What cannot be measured is left out: whatever needs it says so.
    """
    folders = {"what DATA_DIR keeps": data_dir}
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folders = {"the database": Path(url.database).absolute().parent, **folders}
    disks: dict[int, Disk] = {}
    for holds, folder in folders.items():
        try:
            device, size = os.stat(folder).st_dev, shutil.disk_usage(folder)
        except OSError:
            continue
        disks.setdefault(device, Disk(holds=holds, folder=str(folder), free=size.free, total=size.total))
    return tuple(disks.values())
