"""Install what the tests need and only apt can give: Chromium and PostgreSQL."""

import platform
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.setup.chromium import find_chromium
from tests.setup.postgres import find_programs

APT = Path(__file__).with_name("apt")
FETCH_CHROMIUM = (sys.executable, "-m", "playwright", "install", "--with-deps", "chromium")


def main() -> int:
    """Install what is missing; where that needs root, print the line to run and return 1."""
    packages = [] if find_programs() else ["postgresql"]
    commands = []
    if not _has_chromium():
        if platform.freedesktop_os_release().get("ID") == "ubuntu":
            commands.append(FETCH_CHROMIUM)  # Ubuntu's own package only points to a snap
        else:
            packages.append("chromium")
    if packages:
        commands.insert(0, (str(APT), *packages))
    return max((subprocess.run(command, check=False).returncode for command in commands), default=0)


def _has_chromium() -> bool:
    with sync_playwright() as playwright:
        return find_chromium(playwright) is not None


if __name__ == "__main__":
    sys.exit(main())
