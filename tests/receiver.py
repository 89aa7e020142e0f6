"""Another system that is told what happens: a real HTTP server that answers as a test says, and keeps what it heard."""

import json
import threading
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook

SECRET = f"whsec_{b64encode(b'tidewater-tidewater-tide').decode()}"
OTHER_SECRET = f"whsec_{b64encode(b'lighthouse-lighthouse-li').decode()}"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One attempt, as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        """The message."""
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        """The message's type."""
        return str(self.told["type"])

    def is_signed_by(self, *secrets: str) -> bool:
        """Tell whether each secret has signed it, and none else."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        signatures = [Webhook(secret).sign(self.id, at, self.body) for secret in secrets]
        return self.headers["webhook-signature"].split(" ") == signatures


class Receiver:
    """Answers 204 unless it was told what to say next."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.next: deque[tuple[int, dict[str, str], bytes]] = deque()
        self.patience = threading.Event()  # while it is cleared, nobody gets an answer
        self.patience.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(path=self.path, headers=headers, body=body))
                receiver.patience.wait(20)
                status, told, said = receiver.next.popleft() if receiver.next else (204, {}, b"")
                self.send_response(status)
                for name, value in {"content-length": str(len(said)), **told}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            def do_GET(self) -> None:  # somebody who follows a redirect
                receiver.heard.append(Heard(path=self.path, headers={}, body=""))

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/told"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.patience.set()
        self._server.shutdown()
        self._server.server_close()

    def say(self, status: int, said: bytes = b"", *, times: int = 1, **headers: str) -> None:
        """Answer the next attempts like this."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.next.extend([(status, told, said)] * times)

    @property
    def kinds(self) -> list[str]:
        """What it heard, by type, in order."""
        return [one.kind for one in self.heard]

    def settings(self, name: str = "partner", **further: str) -> dict[str, str]:
        """Build the variables that make it a webhook."""
        told = {"URL": self.url, "SECRET": SECRET, **further}
        return {f"ZOOM_OPS_WEBHOOKS__{name.upper()}__{key}": value for key, value in told.items()}
