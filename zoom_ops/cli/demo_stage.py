"""The demo's stage: a practice Zoom and a daemon as processes of their own, with an empty database."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from ..errors import ZoomOpsError

ACCOUNT = "demo"
HOST = "webinars@example.org"
_START_S = 30.0
_PREFIX = f"ZOOM_OPS_ACCOUNTS__{ACCOUNT.upper()}__"
_KEPT = ("ZOOM_OPS_LISTEN", "ZOOM_OPS_BASE_URL", "ZOOM_OPS_CONFIG_DIR", "ZOOM_OPS_JOBS_DIR")


class Stage:
    """Starts everything and stops it again; a sandbox that runs already is used where its address is given."""

    def __init__(self, *, sandbox: str | None, once: bool) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="zoom_ops-demo-"))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._own_sandbox = sandbox is None
        port = _free_port() if once else _free_port(preferred=8000)
        self.sandbox = (sandbox or f"http://127.0.0.1:{_free_port()}").rstrip("/")
        self.environ = self._environment(port)
        self.base_url = self.environ["ZOOM_OPS_BASE_URL"].rstrip("/")

    def __enter__(self) -> Stage:
        """Start the daemon, then the practice Zoom, and wait until they know each other."""
        try:
            self._start("serve")
            self._wait("the daemon", lambda: self.fetch(f"{self._local}/ready")[0] == 200)
            if self._own_sandbox:
                secret = self.environ[f"{_PREFIX}WEBHOOK_SECRET"]
                hook = f"{self._local}/webhooks/zoom/{ACCOUNT}"
                listen = self.sandbox.removeprefix("http://")
                self._start("sandbox", "--listen", listen, "--webhook", hook, "--webhook-secret", secret)
            self._wait("the practice Zoom", self._is_subscribed)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=12)
            process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def keep_serving(self) -> None:
        """Serve on until Ctrl-C, or until one of the processes ends."""
        with contextlib.suppress(KeyboardInterrupt):
            while all(process.poll() is None for process in self._processes):
                time.sleep(0.5)  # noqa: TID251  # real time

    def fetch(self, address: str, body: Any = None) -> tuple[int, bytes]:
        """Fetch an address of the stage itself: status and body; 0 where nobody answers."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data=content)  # noqa: S310  # our own addresses only
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # our own addresses only
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def follow(self, address: str) -> int:
        """Follow one redirect of ours to the practice Zoom, where this process reaches it; tell the status."""
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            opener.open(self.local(address), timeout=10).close()
        except urllib.error.HTTPError as answer:
            target = urllib.parse.urlsplit(answer.headers.get("Location", ""))
            return self.fetch(f"{self.sandbox}{target.path}?{target.query}")[0] if target.path else answer.code
        return 200

    def ask(self, path: str, body: Any = None) -> Any:
        """Ask the practice Zoom's control."""
        status, content = self.fetch(f"{self.sandbox}/_sandbox/{path}", body)
        if status != 200:
            raise ZoomOpsError(f"The practice Zoom answered {status} to {path}.")
        return json.loads(content)

    def local(self, address: str) -> str:
        """Turn an address of the pages to the one that this process reaches."""
        return address.replace(self.base_url, self._local, 1)

    def _environment(self, port: int) -> dict[str, str]:
        """Build the environment of the processes: the person's own, with the demo's settings instead of theirs."""
        outer = dict(os.environ)  # noqa: TID251  # handed on, not read
        kept = {name: outer[name] for name in _KEPT if name in outer}
        ours = {name: value for name, value in outer.items() if not name.startswith("ZOOM_OPS_")} | kept
        ours.setdefault("ZOOM_OPS_LISTEN", f"127.0.0.1:{port}")
        self._local = "http://" + ours["ZOOM_OPS_LISTEN"].replace("0.0.0.0", "127.0.0.1", 1)  # noqa: S104  # not bound
        ours.setdefault("ZOOM_OPS_BASE_URL", self._local)
        account = {
            "ACCOUNT_ID": "practice",
            "CLIENT_ID": "practice",
            "CLIENT_SECRET": secrets.token_hex(16),
            "WEBHOOK_SECRET": outer.get(f"{_PREFIX}WEBHOOK_SECRET") or secrets.token_hex(16),
            "HOSTS": json.dumps([HOST]),
            "API_URL": f"{self.sandbox}/v2",
            "OAUTH_URL": f"{self.sandbox}/oauth/token",
        }
        accounts = {f"{_PREFIX}{key}": value for key, value in account.items()}
        return ours | accounts | {"ZOOM_OPS_DATA_DIR": str(self._folder), "ZOOM_OPS_LOG_FORMAT": "json"}

    def _start(self, *command: str) -> None:
        log = (self._folder / f"{command[0]}.log").open("wb")
        program = [sys.executable, "-c", "from zoom_ops.cli import main; main()", *command]
        process = subprocess.Popen(  # noqa: S603  # our own program
            program, env=self.environ, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        self._processes.append(process)

    def _wait(self, what: str, is_there: Any) -> None:
        until = time.monotonic() + _START_S  # noqa: TID251  # real time
        while not is_there():
            ended = next((process for process in self._processes if process.poll() is not None), None)
            if ended is not None or time.monotonic() > until:  # noqa: TID251  # real time
                raise ZoomOpsError(f"{what} did not start: {self._last_words()}")
            time.sleep(0.05)  # noqa: TID251  # real time

    def _is_subscribed(self) -> bool:
        status, content = self.fetch(f"{self.sandbox}/_sandbox/state")
        if status != 200:
            return False
        return any(
            told["event"] == "endpoint.url_validation" and any(a["status"] == 200 for a in told["attempts"])
            for told in json.loads(content)["notifications"]
        )

    def _last_words(self) -> str:
        lines = [line for log in sorted(self._folder.glob("*.log")) for line in log.read_text().splitlines()[-1:]]
        return " ".join(lines) or "it said nothing"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Lets a redirect be seen instead of followed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""


def _free_port(preferred: int = 0) -> int:
    for port in (preferred, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            found: int = probe.getsockname()[1]
            return found
    raise ZoomOpsError("No port is free on this machine.")
