"""Debian's packages that the systems need."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterable, Sequence

from tests.homes.systems.system import LackError, System
from tests.homes.systems.venvs import FOLDER
from tests.setup.machine import APT


def ensure_packages(systems: Sequence[System]) -> None:
    """Install the missing packages of these systems at once; raise LackError that names each system that lacks one."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "packages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _install(_missing(package for system in systems for package in system.packages)):
            return
        lacking = [system for system in systems if not _install(_missing(system.packages))]
    if lacking:
        reasons = [f"{system.title} cannot be installed: {', '.join(_missing(system.packages))}" for system in lacking]
        raise LackError("\n".join(reasons))


def _missing(packages: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(packages))
    if not wanted or not shutil.which("dpkg-query"):
        return wanted
    command = ("dpkg-query", "--show", "--showformat=${binary:Package} ${db:Status-Status}\n", *wanted)
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    installed = {line.split()[0].partition(":")[0] for line in lines if line.endswith(" installed")}
    return [package for package in wanted if package not in installed]


def _install(packages: Sequence[str]) -> bool:
    return not packages or subprocess.run((APT, *packages), check=False).returncode == 0
