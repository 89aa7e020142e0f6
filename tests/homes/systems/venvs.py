"""The Python environment of each system, kept in `homes/` beside the packages of the tests and shared by all checkouts.

The pins of a system are not ours. A folder is named after its pins and its Python, so that another version of either
gets another folder. The stamp is written last: a folder without it is not whole and is made again.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.homes.systems.system import LackError, System

FOLDER = Path(sys.prefix).resolve() / "homes"
_CANDIDATES = ("/usr/bin/python3", "python3.13", "python3.14", "python3.12", "python3.11", sys.executable)
_TAIL = 2_000


def ensure_venv(system: System) -> Path:
    """Install a system where that has not been done; return its Python. Raise LackError with the system's name."""
    if system.requirements is None:
        return Path(sys.executable)
    base = _choose_python(system)
    folder = FOLDER / f"{system.name}-{_digest(system, base)}"
    python = folder / "bin/python"
    with _locked(FOLDER / f"{system.name}.lock"):
        if not (folder / "stamp").exists():
            _make(system, base, folder)
            (folder / "stamp").touch()
    return python


def _make(system: System, base: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
    steps: tuple[tuple[str | Path, ...], ...] = (
        (base, "-m", "venv", "--without-pip", folder),
        (*pip, "--python", folder / "bin/python", "install", *system.pip, "--requirement", system.requirements or ""),
    )
    for step in steps:
        ended = subprocess.run(step, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise LackError(f"{system.title} cannot be installed: {(ended.stderr or ended.stdout)[-_TAIL:]}")


def _choose_python(system: System) -> Path:
    oldest, newest = system.pythons
    for name in _CANDIDATES:
        path = shutil.which(name)
        if path and (version := _version(path)) and oldest <= version <= newest:
            return Path(path)
    wanted = " to ".join(".".join(map(str, version)) for version in system.pythons)
    raise LackError(f"{system.title} cannot be installed: it needs Python {wanted}.")


def _version(path: str) -> tuple[int, int] | None:
    code = "import sys, venv; print(*sys.version_info[:2])"
    ended = subprocess.run((path, "-c", code), capture_output=True, text=True, check=False)
    if ended.returncode:
        return None
    major, minor = ended.stdout.split()
    return int(major), int(minor)


def _digest(system: System, base: Path) -> str:
    pins = system.requirements.read_bytes() if system.requirements else b""
    python = f"{os.path.realpath(base)} {_version(str(base))} {system.pip}"
    return sha256(pins + python.encode()).hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
