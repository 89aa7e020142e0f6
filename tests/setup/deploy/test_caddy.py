"""deploy/caddy is what Caddy takes. tests/setup/deploy/test_nginx.py runs a proxy before the service."""

import subprocess
from pathlib import Path

import pytest

from tests.root import ROOT

pytestmark = pytest.mark.process
CADDYFILE = ROOT / "deploy/caddy/Caddyfile"


def test_configuration_is_what_caddy_takes(caddy: Path, tmp_path: Path) -> None:
    command = [caddy / "caddy", "validate", "--config", CADDYFILE]
    tried = subprocess.run(command, env={"HOME": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert (tried.returncode, '"level":"warn"' in tried.stderr) == (0, False), tried.stderr
