"""The programs that generate clients of the API, in an environment of their own beside the packages of the tests.

Their pins of other packages are not ours (openapi-python-client wants another Typer). Node and npm come as a Python
package, so no system package is needed. Both locks carry hashes.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.root import ROOT

HERE = Path(__file__).parent
PINS = ROOT / "requirements-clients.txt"
FOLDER = Path(sys.prefix) / "clients"
PROGRAMS = FOLDER / "bin"
TYPESCRIPT = FOLDER / "typescript"
_LOCKED = ("package.json", "package-lock.json")
_STAMP = FOLDER / "stamp"


def has_generators() -> bool:
    """Return whether the programs are installed as the locks say."""
    return _STAMP.exists() and _STAMP.read_text("utf-8") == _digest()


def install_generators() -> int:
    """Install the programs where that has not been done; return an exit code."""
    if has_generators():
        return 0
    sys.stdout.write("Installing what generates clients of the API (once)...\n")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
    steps: tuple[tuple[str | Path, ...], ...] = (
        (sys.executable, "-m", "venv", "--without-pip", "--clear", FOLDER),
        (*pip, "--python", PROGRAMS / "python", "install", "--require-hashes", "--requirement", PINS),
        (PROGRAMS / "npm", "ci", "--prefix", TYPESCRIPT, "--no-audit", "--no-fund", "--ignore-scripts", "--silent"),
    )
    for step in steps:
        if step[1] == "ci":  # npm installs beside the lock
            TYPESCRIPT.mkdir(exist_ok=True)
            for name in _LOCKED:
                (TYPESCRIPT / name).write_bytes((HERE / name).read_bytes())
        if code := subprocess.run(step, check=False).returncode:
            return code
    _STAMP.write_text(_digest(), "utf-8")
    return 0


def _digest() -> str:
    locks = (PINS, *(HERE / name for name in _LOCKED))
    return sha256(b"\0".join(lock.read_bytes() for lock in locks)).hexdigest()
