"""The wheel contains what the installed service needs, and no files of an operator."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.root import ROOT

FOLDERS = {"zoom_ops": "zoom_ops", "jobs": "zoom_ops/_installed/jobs", "config": "zoom_ops/_installed/config"}
FILES = ("pyproject.toml", "requirements.in", "README.md", "LICENSE")
OWN = (
    "config/settings.toml",
    "config/settings.toml.bak",
    "config/secrets/main-client-secret",
    "config/.init-abc",
    "config/homes/agenda.toml",
    "config/words/fr.toml",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy the sources of a wheel, together with an operator's own settings."""
    skipped = shutil.ignore_patterns("__pycache__", "settings.toml")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skipped)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    for name in OWN:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('client_secret = "one-that-must-not-leak"\n')
    return tmp_path


@pytest.mark.process
def test_wheel_carries_every_file_of_the_package_the_jobs_and_the_configuration(checkout: Path) -> None:
    expected = {
        f"{inside}/{path.relative_to(checkout / name)}"
        for name, inside in FOLDERS.items()
        for path in (checkout / name).rglob("*")
        if path.is_file() and str(path.relative_to(checkout)) not in OWN
    }

    with zipfile.ZipFile(_build_wheel(checkout)) as wheel:
        carried = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert carried == expected


def _build_wheel(checkout: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "dist"]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    return next((checkout / "dist").glob("*.whl"))
