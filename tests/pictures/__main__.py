"""Take pictures.

python -m tests.pictures                      all but those of other systems
python -m tests.pictures --homes              those of other systems, which it installs and starts
python -m tests.pictures console-event card   these
"""

import argparse
import sys
from collections.abc import Collection

from playwright.sync_api import Browser

from tests.pictures.camera import photograph
from tests.pictures.catalogue import CONSOLE, FOLDER, HOMES, PUBLIC, RESTORED
from tests.pictures.homes import photograph_homes
from tests.pictures.places import keep_logs_quiet, open_console, open_restored, open_site
from tests.setup.chromium import run_browser

_OURS = ((PUBLIC, open_site), (CONSOLE, open_console), (RESTORED, open_restored))


def main() -> int:
    """Take the pictures that the command line names; those that no document shows stay out of git."""
    arguments = _parse()
    keep_logs_quiet()
    with run_browser() as browser:
        if browser is None:
            sys.stderr.write("Chromium is not installed; `make test` installs it.\n")
            return 1
        _take(browser, _choose(arguments.homes, arguments.names))
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--homes", action="store_true", help="those of other systems")
    return parser.parse_args()


def _choose(homes: bool, names: Collection[str]) -> set[str]:
    """Return the names of the pictures to take."""
    if names:
        return set(names)
    return {picture.name for picture in (HOMES if homes else (*PUBLIC, *CONSOLE, *RESTORED))}


def _take(browser: Browser, names: Collection[str]) -> None:
    for pictures, opened in _OURS:
        wanted = [picture for picture in pictures if picture.name in names]
        if wanted:
            with opened() as place:
                for picture in wanted:
                    photograph(browser, picture, place, FOLDER)
    photograph_homes(browser, [picture for picture in HOMES if picture.name in names])


if __name__ == "__main__":
    sys.exit(main())
