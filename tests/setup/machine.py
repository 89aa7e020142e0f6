"""Installation of what tests need beside .venv: PostgreSQL, libfaketime, iproute2, Chromium, servers, generators."""

import ctypes
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.clients.generators import install_generators
from tests.setup.chromium import SHELL, find_installed, run_browser
from tests.setup.postgres import find_programs
from tests.setup.unpacked import CADDY, NGINX, PROMETHEUS

APT = Path(__file__).with_name("apt")
FETCH_CHROMIUM = (sys.executable, "-m", "playwright", "install", "--with-deps", "--only-shell", "chromium")


def main() -> int:
    """Install what is missing; where that needs root, print the command to run and return 1."""
    packages = tuple(_missing_packages())
    if packages and (code := subprocess.run([APT, *packages], check=False).returncode):
        return code
    if not _has_chromium() and (code := subprocess.run(FETCH_CHROMIUM, check=False).returncode):
        return code
    return PROMETHEUS.install() or NGINX.install() or CADDY.install() or install_generators()


def find_faketime() -> Path | None:
    """Find the library that gives a process another time than the machine's, or None."""
    return min(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), default=None)


def _missing_packages() -> Iterator[str]:
    if find_programs() is None:
        yield "postgresql"
    if not _has_library("libatomic.so.1"):  # Playwright's own Node links it
        yield "libatomic1"
    if sys.platform == "linux" and find_faketime() is None:
        yield "libfaketime"
    if sys.platform == "linux" and shutil.which("ip") is None:
        yield "iproute2"
    if find_installed() is None and not _is_ubuntu():  # Ubuntu's package only points to a snap
        yield SHELL


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _is_ubuntu() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "ubuntu"
    except OSError:
        return False


def _has_chromium() -> bool:
    if find_installed() is not None:
        return True
    with run_browser() as browser:
        return browser is not None


if __name__ == "__main__":
    sys.exit(main())
