"""The unit of systemd starts the service with all its restrictions: on a real systemd, over a copy of this machine."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.root import ROOT

_HERE = Path(__file__).parent
_VENV = Path(sys.prefix).resolve()
_HIDDEN = ("/tmp", "/home", "/root")  # from the unit, by PrivateTmp and ProtectHome
_PATIENCE_S = 300


@pytest.mark.long
@pytest.mark.crash
@pytest.mark.process
@pytest.mark.timeout(_PATIENCE_S + 30)
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("systemd-analyze") is None, reason="it takes root and systemd")
@pytest.mark.skipif(str(_VENV).startswith(_HIDDEN), reason="the unit does not see this .venv")
def test_service_makes_a_webinar_with_the_rights_of_its_unit(tmp_path: Path) -> None:
    printed = _boot([_HERE / "boot", tmp_path, ROOT, _VENV, _HERE / "booted.sh"])

    files = [tmp_path / "result" / name for name in ("out", "err", "log")]
    said, errors, log = (file.read_text("utf-8") if file.exists() else "" for file in files)
    assert [re.sub(r"\s+", " ", line) for line in said.splitlines()] == [
        "practice-town-hall: created",
        "a webinar was made",
        "200 text/html; charset=utf-8",
        "200 image/png",
        "CapEff: 0000000000000000",
        "NoNewPrivs: 1",
        "Seccomp: 2",
        "it writes to var alone",
        "it is started again",
        "success",
    ], printed[-2000:] + errors + log
    assert "Traceback" not in log


def _boot(command: Sequence[str | Path]) -> str:
    """Run until the machine is off, or kill all of it; return what was printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        return process.communicate(timeout=_PATIENCE_S)[0]
    finally:
        process.kill()
        process.wait()
        for folder in Path("/sys/fs/cgroup").glob(f"**/zoom-ops-boot-{process.pid}"):
            for inner, _, _ in os.walk(folder, topdown=False):
                with suppress(OSError):  # its processes are still ending
                    Path(inner).rmdir()
