"""The provider as a process, controlled by a test."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.root import ROOT


class RunningProvider:
    """A provider that accepts requests."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.discovery_url = f"{address}/o/.well-known/openid-configuration"

    def be(self, **wishes: Any) -> None:
        """Change its settings for a test; settings that are not named get their defaults."""
        requests.post(f"{self.address}/tests/settings", json=wishes, timeout=60).raise_for_status()

    def tell_sign_out(self, login: str, **wishes: Any) -> str:
        """Return a logout token about a user; with `to`, send it there and return the status of the answer.

        `claims` and `header` replace what is right; None leaves it out.
        """
        answer = requests.post(f"{self.address}/tests/logout", json={"login": login, **wishes}, timeout=60)
        answer.raise_for_status()
        return answer.text


@contextmanager
def run_provider(folder: Path) -> Iterator[RunningProvider]:
    """Run a new provider during the block."""
    command = [sys.executable, "-m", "tests.provider", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address, "the provider did not start"
            yield RunningProvider(address)
        finally:
            process.kill()
