"""Ask an advisory source whether a pinned package has a known hole; where none can be reached, say so plainly."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.root import ROOT

PINS = ROOT / "requirements-dev.txt"  # those of the product are among them
PATIENCE_S = 30
NOT_RUN = "pip-audit: not run: no advisory source"
_NO_SOURCE = re.compile(r"connect|time.?out|network|unreachable|proxy|resolve|HTTP|SSL|service", re.IGNORECASE)


def main() -> int:
    """Audit the pins; 1 where one is known to be vulnerable."""
    program = Path(sys.executable).with_name("pip-audit")
    options = ("--requirement", PINS, "--require-hashes", "--disable-pip", "--timeout", "5", "--format", "json",
               "--progress-spinner", "off")  # fmt: skip
    try:
        ended = subprocess.run(
            [program, *options],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return tell(NOT_RUN, 0)
    return tell(*judge(ended.stdout, ended.stderr))


def judge(report: str, complaint: str = "") -> tuple[str, int]:
    """Judge what pip-audit reports: a sentence, and the exit code; what it skipped was not audited.

    Without a report, its complaint tells whether no source could be reached or it broke.
    """
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = complaint.strip().splitlines() or ["it said nothing"]
        return (NOT_RUN, 0) if _NO_SOURCE.search(complaint) else (f"pip-audit: broke: {lines[-1][:200]}", 1)
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return NOT_RUN, 0
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {_mended_in(hole)}"
        for package in audited
        for hole in package["vulns"]
    ]
    skipped = len(packages) - len(audited)
    unaudited = f"; {skipped} could not be audited" if skipped else ""
    found = "\n".join(["pip-audit: known holes", *holes]) if holes else "pip-audit: no known hole"
    return f"{found} ({len(audited)} packages audited{unaudited})", 1 if holes else 0


def _mended_in(hole: Mapping[str, Any]) -> str:
    return ", ".join(hole["fix_versions"]) or "no version"


def tell(sentence: str, code: int) -> int:
    """Print a sentence; hand the code on."""
    sys.stdout.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
