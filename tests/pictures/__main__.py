"""Take all pictures: `python -m tests.pictures`."""

import sys

from tests.pictures.camera import photograph
from tests.pictures.catalogue import CONSOLE, FOLDER, PUBLIC, RESTORED, write_index
from tests.pictures.places import keep_logs_quiet, open_console, open_restored, open_site
from tests.setup.chromium import run_browser


def main() -> int:
    """Take every picture again and list them."""
    keep_logs_quiet()
    with run_browser() as browser:
        if browser is None:
            sys.stderr.write("Chromium is not installed; `make test` installs it.\n")
            return 1
        for old in FOLDER.glob("*.png"):
            old.unlink()
        for pictures, opened in ((PUBLIC, open_site()), (CONSOLE, open_console()), (RESTORED, open_restored())):
            with opened as place:
                for picture in pictures:
                    photograph(browser, picture, place, FOLDER)
    (FOLDER / "README.md").write_text(write_index(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
