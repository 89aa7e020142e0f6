"""Audit of the pinned packages for known vulnerabilities; without an advisory source it reports that it did not run."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.root import ROOT

PINS = ROOT / "requirements-dev.txt"  # includes those of the product
PATIENCE_S = 30
NOT_RUN = "pip-audit: not run: no advisory source"
_NO_SOURCE = re.compile(r"connect|time.?out|network|unreachable|proxy|resolve|HTTP|SSL|service", re.IGNORECASE)


def main() -> int:
    """Audit the pins; return 1 where one is known to be vulnerable."""
    program = Path(sys.executable).with_name("pip-audit")
    options = ("--requirement", PINS, "--require-hashes", "--disable-pip", "--timeout", "5", "--format", "json",
               "--progress-spinner", "off")  # fmt: skip
    try:
        completed = subprocess.run(
            [program, *options],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return tell(NOT_RUN, 0)
    return tell(*judge(completed.stdout, completed.stderr))


def judge(report: str, complaint: str = "") -> tuple[str, int]:
    """Return a sentence and the exit code for the output of pip-audit. Skipped packages count as not audited.

    Without a report, the error output shows whether pip-audit reached no source or broke.
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
        f"{package['name']} {package['version']}: {hole['id']}, "
        f"mended in {', '.join(hole['fix_versions']) or 'no version'}"
        for package in audited
        for hole in package["vulns"]
    ]
    skipped = len(packages) - len(audited)
    unaudited = f"; {skipped} could not be audited" if skipped else ""
    result = "\n".join(["pip-audit: known holes", *holes]) if holes else "pip-audit: no known hole"
    return f"{result} ({len(audited)} packages audited{unaudited})", 1 if holes else 0


def tell(sentence: str, code: int) -> int:
    """Print a sentence and return the code."""
    sys.stdout.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
