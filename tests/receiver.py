"""A webhook receiver: a real HTTP server that records requests and answers as a test tells it to."""

import json
import threading
from base64 import b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from tests.loopback import Served

SECRET = f"whsec_{b64encode(b'tidewater-tidewater-tide').decode()}"
OTHER_SECRET = f"whsec_{b64encode(b'lighthouse-lighthouse-li').decode()}"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One received attempt."""

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
        """Return whether the message has exactly the signatures of these secrets."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        signatures = [Webhook(secret).sign(self.id, at, self.body) for secret in secrets]
        return self.headers["webhook-signature"].split(" ") == signatures


class Receiver(Served):
    """Answers 204 unless a test has set the next answers."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.next: deque[tuple[int, dict[str, str], bytes]] = deque()
        self.patience = threading.Event()  # while it is cleared, the receiver does not answer
        self.patience.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(path=self.path, headers=headers, body=body))
                receiver.patience.wait(20)
                status, extra_headers, content = receiver.next.popleft() if receiver.next else (204, {}, b"")
                self.send_response(status)
                for name, value in {"content-length": str(len(content)), **extra_headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self) -> None:  # a client that follows a redirect
                receiver.heard.append(Heard(path=self.path, headers={}, body=""))

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        super().__init__(server, "/told")

    def __exit__(self, *failure: object) -> None:
        self.patience.set()
        super().__exit__(*failure)

    def say(self, status: int, content: bytes = b"", *, times: int = 1, **headers: str) -> None:
        """Set the answer to the next attempts."""
        written = {name.replace("_", "-"): value for name, value in headers.items()}
        self.next.extend([(status, written, content)] * times)

    @property
    def kinds(self) -> list[str]:
        """The types of the received messages, in order."""
        return [attempt.kind for attempt in self.heard]

    def settings(self, name: str = "partner", **further: str) -> dict[str, str]:
        """Build the environment variables that configure it as a webhook."""
        values = {"URL": self.url, "SECRET": SECRET, **further}
        return {f"ZOOM_OPS_WEBHOOKS__{name.upper()}__{key}": value for key, value in values.items()}
