"""Load: as many requests as a server answers, by `ab` of Apache."""

import re
import shutil
import subprocess
from collections.abc import Mapping

AT_ONCE = 8


def is_available() -> bool:
    """Return whether `ab` is installed (Debian: apache2-utils)."""
    return shutil.which("ab") is not None


def load(url: str, count: int, headers: Mapping[str, str], *, at_once: int = AT_ONCE) -> float:
    """Request an address so often, on connections that stay open; return how many were answered in a second."""
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    ended = subprocess.run(
        ["ab", "-q", "-k", "-l", "-n", str(count), "-c", str(at_once), *named, url],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    failed = re.search(r"Failed requests:\s+(\d+)", ended.stdout)
    rate = re.search(r"Requests per second:\s+([\d.]+)", ended.stdout)
    assert failed, ended.stdout
    assert rate, ended.stdout
    assert failed[1] == "0", ended.stdout
    refused = re.search(r"Non-2xx responses:\s+(\d+)", ended.stdout)
    assert not refused or "If-None-Match" in headers, ended.stdout
    return float(rate[1])
