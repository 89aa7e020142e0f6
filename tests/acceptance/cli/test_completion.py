"""The script for bash completes commands and names where there is no installation yet, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

from tests.acceptance.installation import a_clean_environment
from tests.root import ROOT

ASK = """
source <(zoom-ops completion bash)
complete_line() {
    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
    _zoom_ops_completion zoom-ops "${1##* }" ""
    echo "${COMPREPLY[@]}"
}
complete_line "zoom-ops events mo"
complete_line "zoom-ops jobs pause create_"
complete_line "zoom-ops events show "
"""


def test_bash_completes_before_anything_is_set_up(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "zoom-ops"
    program.parent.mkdir()
    program.write_text(f'#!{sys.executable}\nimport sys\nsys.path.insert(0, "{ROOT}")\n'
                       "from zoom_ops.cli.main import main\nmain()\n")  # fmt: skip
    program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    environment = a_clean_environment()
    environment |= {"PATH": f"{program.parent}:{environment['PATH']}", "ZOOM_OPS_DATA_DIR": str(home / "var")}

    ended = subprocess.run(
        ["bash", "--norc", "-c", ASK], cwd=home, env=environment, capture_output=True, text=True, check=True
    )

    assert ended.stdout.splitlines() == ["move", "create_webinars", ""]
    assert ended.stderr == ""
    assert list(home.iterdir()) == []
