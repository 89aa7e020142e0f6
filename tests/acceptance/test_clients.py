"""Clients that are generated from the description drive a running service."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.installation import Installation
from tests.clients.generators import HERE, PROGRAMS, TYPESCRIPT, has_generators

PROBLEM = "timezone: there is no time zone 'Mars/Olympus': expected one such as Europe/Zurich or UTC."
SEEN = {
    "created": "created",
    "sent": "unchanged",
    "patched": "Pier 4",
    "run": ["create_webinars", "done"],
    "refused": [422, PROBLEM],
}


@pytest.fixture
def folder(tmp_path: Path, pytestconfig: pytest.Config) -> Path:
    """A folder for generated code; without the generators the test is skipped, or fails with --complete."""
    if not has_generators():
        fail = pytest.fail if pytestconfig.getoption("--complete") else pytest.skip
        fail("What generates clients is missing: python -m tests.setup.machine")
    made = tmp_path / "clients"
    made.mkdir()
    return made


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_generated_clients_drive_the_service(installation: Installation, folder: Path) -> None:
    scopes = [f"--scope={scope}" for scope in ("events:write", "jobs:run", "people:write", "runs:read")]
    token = installation.run("tokens", "add", "clients", *scopes)
    with installation.daemon() as daemon:
        description = folder / "openapi.json"
        description.write_bytes(daemon.fetch("/api/v1/openapi.json").content)
        secret = next(word for word in token.said.split() if word.startswith("zops_"))

        python = drive_python(folder, description, daemon.url, secret)
        typescript = drive_typescript(folder, description, daemon.url, secret)

    assert python == {"before": [], "people": ["created"], **SEEN}
    assert typescript == {"before": ["Deep Water"], **SEEN}


def drive_python(folder: Path, description: Path, *arguments: str) -> Any:
    """Generate the Python client and drive the service with it."""
    package = folder / "zoom_ops_client"
    options = ("--meta", "none", "--config", HERE / "python.yaml", "--output-path", package)
    call(PROGRAMS / "openapi-python-client", "generate", "--path", description, *options)
    shutil.copy(HERE / "drive.py", folder)
    return json.loads(call(PROGRAMS / "python", folder / "drive.py", *arguments))


def drive_typescript(folder: Path, description: Path, *arguments: str) -> Any:
    """Generate the types, check the program against them, and drive the service with it."""
    for name in ("drive.mts", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    modules = TYPESCRIPT / "node_modules"
    node = PROGRAMS / "node"
    call(node, modules / "openapi-typescript" / "bin" / "cli.js", description, "--output", folder / "api.d.ts")
    call(node, modules / "typescript" / "bin" / "tsc", "--project", folder)
    return json.loads(call(node, folder / "drive.mts", *arguments))


def call(*command: str | Path) -> str:
    """Run a program that must succeed, and return its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
