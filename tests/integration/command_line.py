"""The command line in the process of the test, on the service of the test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from tests.integration.service import Service
from zoom_ops.app import App
from zoom_ops.cli.main import app
from zoom_ops.cli.opening import Peek
from zoom_ops.errors import ZoomOpsError
from zoom_ops.storage import Storage


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise AssertionError(f"this is no JSON: {self}") from error


class CommandLine:
    """The command line of a service. Each command gets the service of the test instead of opening one."""

    def __init__(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

        @contextmanager
        def open_app(*_: object) -> Iterator[App]:
            yield service.app

        @contextmanager
        def open_storage(_settings: object) -> Iterator[Storage]:
            yield Storage(settings=service.app.settings, database=service.app.database)

        monkeypatch.setattr("zoom_ops.app.open_app", open_app)
        monkeypatch.setattr("zoom_ops.storage.open_storage", open_storage)

        @contextmanager
        def peeked() -> Iterator[Peek]:
            with service.app.database.read() as connection:
                yield Peek(service.app.settings, connection)

        monkeypatch.setattr("zoom_ops.cli.opening.peeked", peeked)
        monkeypatch.setattr("zoom_ops.cli.opening.place", lambda: service.app.place)
        monkeypatch.setattr("zoom_ops.cli.opening._load_settings", lambda quiet: None)

    def run(self, *arguments: str, code: int = 0, answer: str | None = None) -> Ended:
        """Run a command that must end with this exit code. An error of ours ends it as `main` does.

        With an `answer`, somebody is at a terminal and types it.
        """
        self._monkeypatch.setattr("zoom_ops.cli.asking.at_terminal", lambda: answer is not None)
        with capture_logs():  # a command prints none
            result = CliRunner().invoke(app, list(arguments), input=f"{answer}\n", prog_name="zoom-ops")
        error = result.exception
        if error and not isinstance(error, SystemExit | ZoomOpsError):
            raise error
        ours = isinstance(error, ZoomOpsError)
        ended = Ended(
            code=error.exit_code if isinstance(error, ZoomOpsError) else result.exit_code,
            out=result.stdout,
            err=str(error) if ours else result.stderr,
        )
        assert ended.code == code, ended
        return ended
