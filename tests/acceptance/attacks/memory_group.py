"""A memory control group around a process, as a container of that size has. It takes root on Linux."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.waiting import wait_until

_V1, _V2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")


class MemoryGroup:
    """A control group that may take this many bytes; beyond that the system kills its processes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._is_v1 = folder, (folder / "memory.limit_in_bytes").exists()
        self._write("memory.limit_in_bytes" if self._is_v1 else "memory.max", limit)
        if not self._is_v1:
            with suppress(OSError):  # a system without swap
                self._write("memory.swap.max", 0)

    def add(self, process: int) -> None:
        """Put a process into the group."""
        self._write("cgroup.procs", process)

    @property
    def peak(self) -> int:
        """The most that it ever took, in bytes: also what the system keeps of files and sockets for it."""
        return int((self._folder / ("memory.max_usage_in_bytes" if self._is_v1 else "memory.peak")).read_text("utf-8"))

    @property
    def kills(self) -> int:
        """How often the system killed a process for want of memory."""
        lines = (
            (self._folder / ("memory.oom_control" if self._is_v1 else "memory.events")).read_text("utf-8").splitlines()
        )
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    def _write(self, name: str, value: int) -> None:
        (self._folder / name).write_text(str(value), "utf-8")


@contextmanager
def memory_group(limit: int) -> Iterator[MemoryGroup]:
    """Make a group for the block. Skip the test where the system has none to give."""
    parent = _V1 if (_V1 / "memory.limit_in_bytes").exists() else _V2
    folder = parent / f"zoom-ops-attacks-{os.getpid()}"
    try:
        if parent == _V2:
            (parent / "cgroup.subtree_control").write_text("+memory", "utf-8")
        folder.mkdir()
        group = MemoryGroup(folder, limit)
    except OSError as error:
        with suppress(OSError):
            folder.rmdir()
        pytest.skip(f"no memory control group can be made here: {error}")
    try:
        yield group
    finally:
        wait_until(lambda: not (folder / "cgroup.procs").read_text("utf-8"), "the end of the processes of the group")
        folder.rmdir()
