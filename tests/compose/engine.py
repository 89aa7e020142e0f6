"""The command that runs a compose project, and the one for single containers."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 600
_SAID = 2000  # characters of a command's error output


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Both commands, the project's folder, and their environment variables."""

    compose_command: tuple[str, ...]
    container_command: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str]

    def compose(self, *arguments: str) -> str:
        """Run `docker compose` in the project's folder; return its output."""
        return self._run(*self.compose_command, *arguments)

    def container(self, *arguments: str) -> str:
        """Run `docker`; return its output."""
        return self._run(*self.container_command, *arguments)

    def inspect(self, container: str) -> Any:
        """Inspect a container."""
        (state,) = json.loads(self.container("inspect", container))
        return state

    def log(self, container: str) -> str:
        """Return the log of a container so far."""
        return self._run(*self.container_command, "logs", container, together=True)

    def _run(self, *command: str, together: bool = False) -> str:
        ended = subprocess.run(
            command,
            cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if together else subprocess.PIPE,
            text=True, errors="replace", timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        output = (ended.stderr or ended.stdout)[-_SAID:]
        assert ended.returncode == 0, f"{' '.join(command)} ended with {ended.returncode}: {output}"
        return ended.stdout
