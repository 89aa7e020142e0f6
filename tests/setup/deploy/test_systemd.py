"""The units of systemd are valid, have least rights, and are started again and again."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.root import ROOT

NAMES = ["zoom_ops.service", "zoom_ops@.service"]
MOST_EXPOSED = 20  # tenths of what systemd-analyze counts; 0 is none, 100 all
pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here"),
]


@pytest.mark.parametrize("name", NAMES)
def test_unit_is_what_systemd_takes_and_is_started_again_and_again(name: str, tmp_path: Path) -> None:
    text = (ROOT / "deploy/systemd" / name).read_text("utf-8")
    copy = tmp_path / name.replace("@.", "@worker-2.")
    copy.write_text(re.sub(r"ExecStart=/srv\S+", "ExecStart=/bin/true", text), "utf-8")

    completed = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)

    assert "\nStartLimitIntervalSec=0\n" in text.partition("[Service]")[0]  # it waits for a database that is away
    assert "\nRestartSec=5\n" in text
    assert "\nReadWritePaths=-" in text  # it starts also without an optional folder
    complaints = [line for line in completed.stderr.splitlines() if name.partition(".")[0] in line]
    assert (completed.returncode, complaints) == (0, [])


@pytest.mark.parametrize("name", NAMES)
def test_unit_exposes_little(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager"]
    completed = subprocess.run([*command, ROOT / "deploy/systemd" / name], capture_output=True, text=True, check=False)

    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_units_have_the_same_rights() -> None:
    texts = [(ROOT / "deploy/systemd" / name).read_text("utf-8") for name in NAMES]

    alone, one_of_many = (text[text.index("NoNewPrivileges=") :] for text in texts)
    assert alone == one_of_many
