"""The demo's processes: a practice Zoom, and a daemon with an empty database.

Their settings are apart from those of any real installation.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...errors import ZoomOpsError
from ...linear import split_url
from ...settings import shipped_folder

ACCOUNT = "demo"
_HOST = "webinars@example.org"
_PREFIX = "ZOOM_OPS_"
_ACCOUNT = f"{_PREFIX}ACCOUNTS__{ACCOUNT.upper()}__"
_WEBHOOK_SECRET = f"{_ACCOUNT}WEBHOOK_SECRET"  # the practice Zoom signs notifications with its value
PREPARED = (f"{_PREFIX}LISTEN", f"{_PREFIX}BASE_URL", f"{_PREFIX}ALLOWED_HOSTS", _WEBHOOK_SECRET)
_START_S = 30.0
_STOP_S = 12.0
_PORT = 8000
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it uses no proxy
_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stage:
    """Start the processes and stop them again. With the address of a running `sandbox`, use that one."""

    def __init__(self, *, sandbox: str | None, once: bool) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._given, self._once = sandbox, once
        self._left = contextlib.ExitStack()

    def __enter__(self) -> Stage:
        """Start the daemon, then the practice Zoom. Wait until the practice Zoom has validated the daemon's webhook."""
        try:
            with _uninterrupted():
                folder = tempfile.TemporaryDirectory(prefix="zoom_ops-demo-", ignore_cleanup_errors=True)
                self._folder = Path(self._left.enter_context(folder))
            self.sandbox = (self._given or f"http://127.0.0.1:{_free_port()}").rstrip("/")
            self._settle(_free_port() if self._once else _free_port(_PORT))
            self._start_daemon()
            if self._given is None:
                listen, secret = self.sandbox.removeprefix("http://"), self.environ[_WEBHOOK_SECRET]
                self._start("sandbox", "--listen", listen, "--webhook", self._hook, "--webhook-secret", secret)
            unheard = (
                f"The practice Zoom at {self.sandbox} does not tell this demo what happens: "
                f"it needs --webhook {self._hook} and --webhook-secret with the secret of that account."
            )
            self._wait("sandbox", self._is_subscribed, unheard)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the processes, and remove their folder."""
        for process in reversed(self._processes.values()):
            process.terminate()
        for process in self._processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_STOP_S)
            process.kill()
        self._left.close()

    def keep_serving(self) -> None:
        """Keep serving until Ctrl-C. Raise ZoomOpsError if one of the processes ends by itself."""
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(0.5)  # noqa: TID251  # real time
                self._check("The demo ended")

    def fetch(self, address: str, body: Any = None) -> tuple[int, bytes]:
        """Fetch an address of these processes. Return status and body, or status 0 if no server answers."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data=content)  # noqa: S310  # our own addresses only
        try:
            with _OPENER.open(request, timeout=10) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def follow(self, address: str) -> int:
        """Follow one redirect of the daemon to the practice Zoom, as reached from this process. Return the status."""
        page = split_url(self.local(address))
        with contextlib.closing(http.client.HTTPConnection(page.netloc, timeout=10)) as connection:
            connection.request("GET", page.path)
            response = connection.getresponse()
        target = split_url(response.headers.get("Location", ""))
        return self.fetch(f"{self.sandbox}{target.path}?{target.query}")[0] if target.path else response.status

    def ask(self, path: str, body: Any = None) -> Any:
        """Call the control API of the practice Zoom. Raise ZoomOpsError unless it answers 200."""
        status, content = self.fetch(f"{self.sandbox}/_sandbox/{path}", body)
        if status != 200:
            raise ZoomOpsError(f"The practice Zoom answered {status} to {path}.")
        return json.loads(content)

    def local(self, address: str) -> str:
        """Return an address of the pages at the host and port that this process can reach."""
        return address.replace(self.base_url, self._local, 1)

    def _settle(self, port: int) -> None:
        outer = dict(os.environ)  # noqa: TID251  # passed on, not read
        self.environ = _make_environment(outer, self._folder, self.sandbox, port, prepared=self._given is not None)
        self.base_url = self.environ["ZOOM_OPS_BASE_URL"].rstrip("/")
        self._local = "http://" + self.environ["ZOOM_OPS_LISTEN"].replace("0.0.0.0", "127.0.0.1", 1)  # noqa: S104 - not bound
        self._hook = f"{self._local}/webhooks/zoom/{ACCOUNT}"

    def _start_daemon(self) -> None:
        for attempts_left in (1, 0):
            self._start("serve")
            try:
                return self._wait("serve", self._is_served)
            except ZoomOpsError as error:  # another demo may have taken the port first
                if not attempts_left or self._given or "Address already in use" not in str(error):
                    raise
                self._settle(_free_port())
        return None

    def _is_served(self) -> bool:
        """Return whether our own daemon is ready. The log shows that it has the port: another demo may answer there."""
        log = (self._folder / "serve.log").read_bytes()
        return b'"daemon_started"' in log and self.fetch(f"{self._local}/ready")[0] == 200

    def _start(self, *command: str) -> None:
        program = [sys.executable, "-c", "from zoom_ops.cli.demo.child import run; run()", *command]
        with (self._folder / f"{command[0]}.log").open("wb") as log, _uninterrupted():
            self._processes[command[0]] = subprocess.Popen(  # noqa: S603  # our own program
                program, env=self.environ, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.PIPE
            )

    def _wait(self, what: str, is_there: Callable[[], bool], why_not: str | None = None) -> None:
        until = time.monotonic() + _START_S  # noqa: TID251  # real time
        while not is_there():
            self._check("The demo could not start")
            if time.monotonic() > until:  # noqa: TID251  # real time
                raise ZoomOpsError(why_not or f"{what} took too long to start: {self._last_words(what)}")
            time.sleep(0.05)  # noqa: TID251  # real time

    def _check(self, what: str) -> None:
        """Raise ZoomOpsError if one of the processes has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise ZoomOpsError(f"{what}: {self._last_words(name)}")

    def _is_subscribed(self) -> bool:
        status, content = self.fetch(f"{self.sandbox}/_sandbox/state")
        if status == 0 and self._given:
            raise ZoomOpsError(f"No practice Zoom answers at {self._given}: start it with zoom-ops sandbox.")
        if status != 200:
            return False
        return any(
            notification["event"] == "endpoint.url_validation"
            and any(attempt["status"] == 200 for attempt in notification["attempts"])
            for notification in json.loads(content)["notifications"]
        )

    def _last_words(self, name: str) -> str:
        lines = (self._folder / f"{name}.log").read_text("utf-8", "replace").splitlines()
        return lines[-1] if lines else f"{name} said nothing."


def _make_environment(
    outer: Mapping[str, str], folder: Path, sandbox: str, port: int, *, prepared: bool
) -> dict[str, str]:
    """Build the environment of the demo's processes: the `outer` one, without its settings of this service.

    If `prepared`, the sandbox runs already, as in a container: then address and webhook secret come from `outer`.
    """
    shutil.copytree(shipped_folder("config") / "profiles", folder / "config" / "profiles", dirs_exist_ok=True)
    kept = {name: outer[name] for name in PREPARED if prepared and name in outer}
    listen = kept.get(f"{_PREFIX}LISTEN", f"127.0.0.1:{port}")
    general = {
        "LISTEN": listen,
        "BASE_URL": f"http://{listen}".replace("0.0.0.0", "127.0.0.1", 1),  # noqa: S104  # not bound
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'zoom_ops.db'}",
        "CONFIG_DIR": str(folder / "config"),
        "JOBS_DIR": str(shipped_folder("jobs")),
        "LOG_FORMAT": "json",
    }
    account = {
        "ACCOUNT_ID": "practice",
        "CLIENT_ID": "practice",
        "CLIENT_SECRET": secrets.token_hex(16),
        "WEBHOOK_SECRET": secrets.token_hex(16),
        "HOSTS": json.dumps([_HOST]),
        "API_URL": f"{sandbox}/v2",
        "OAUTH_URL": f"{sandbox}/oauth/token",
    }
    # exclude this machine from any proxy in the environment
    past_proxies = [outer.get("no_proxy") or outer.get("NO_PROXY"), "127.0.0.1", "localhost"]
    plain = {name: value for name, value in outer.items() if not name.upper().startswith(_PREFIX)}
    plain |= dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(filter(None, past_proxies)))
    plain |= {f"{_PREFIX}{name}": value for name, value in general.items()}
    return plain | {f"{_ACCOUNT}{name}": value for name, value in account.items()} | kept


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Delay interrupting signals until the end of the block, so that a new resource is registered for removal first."""
    received: list[int] = []
    delayed = [number for number in _INTERRUPTIONS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda number, _: received.append(number)) for number in delayed}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for signal_number in received:
            signal.raise_signal(signal_number)


def _free_port(preferred: int = 0) -> int:
    for port in (preferred, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            port = int(probe.getsockname()[1])
            return port
    raise ZoomOpsError("No port is free on this machine.")
