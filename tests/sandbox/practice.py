"""A client and a notification receiver for the sandbox's tests."""

import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import requests

from tests.loopback import Served
from tests.waiting import wait_until

HOST = "host@example.org"
START = "2031-01-31T13:30:00Z"


class Client:
    """A client of a sandbox that behaves like any client of Zoom. The controls are methods as well."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.renew()

    def renew(self) -> None:
        """Fetch a new token."""
        reply = self.fetch_token(auth=("client", "secret"))
        self.http.headers["authorization"] = f"Bearer {reply.json()['access_token']}"

    def fetch_token(self, **further: Any) -> requests.Response:
        """Request a token."""
        form = {"grant_type": "account_credentials", "account_id": "account"}
        return requests.post(f"{self.url}/oauth/token", **{"data": form, **further}, timeout=60)

    def call(self, method: str, path: str, body: Any = None, **further: Any) -> requests.Response:
        """Call the API."""
        return self.http.request(method, f"{self.url}/v2{path}", json=body, timeout=60, **further)

    def get(self, path: str, **params: Any) -> Any:
        """Send a GET, check that the status is 200, and return the JSON."""
        reply = self.call("GET", path, params=params)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def a_webinar(self, host: str = HOST, **fields: Any) -> Any:
        """Create a webinar with safe defaults."""
        draft = {"topic": "Briefing", "type": 5, "start_time": START, "duration": 75, "timezone": "UTC"}
        reply = self.call("POST", f"/users/{host}/webinars", {**draft, **fields})
        assert reply.status_code == 201, reply.text
        return reply.json()

    def control(self, method: str, path: str = "", body: Any = None) -> requests.Response:
        """Call a control of the sandbox."""
        return requests.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=60)

    def hold(self, webinar: Any, **how: Any) -> list[Any]:
        """Hold a webinar. Its recording is processed at once unless `how` says otherwise."""
        reply = self.control("POST", f"/webinars/{webinar['id']}/hold", {"processing_s": 0, **how})
        assert reply.status_code == 200, reply.text
        return list(reply.json()["instances"])

    def state(self) -> Any:
        """Fetch the state of the sandbox."""
        return self.control("GET", "/state").json()

    def requests(self) -> list[Any]:
        """Fetch the log of requests."""
        return list(self.control("GET", "/requests").json())

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward."""
        self.control("POST", "/clock", {"advance_s": seconds})

    def fault(self, match: str, do: str, **further: Any) -> None:
        """Order a fault."""
        reply = self.control("POST", "/faults", {"match": match, "do": do, **further})
        assert reply.status_code == 200, reply.text


class NotingClient(Client):
    """A client that keeps every reply with its request."""

    def __init__(self, url: str) -> None:
        self.replies: list[requests.Response] = []
        super().__init__(url)

    def call(self, method: str, path: str, body: Any = None, **further: Any) -> requests.Response:
        self.replies.append(super().call(method, path, body, **further))
        return self.replies[-1]


class Receiver(Served):
    """A real webhook address. `answers` are the statuses of its next answers; after them it answers 204."""

    secret = "webhook-secret"

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.pause_s = 0.0
        self.validates = True
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = receiver.take({k.lower(): v for k, v in self.headers.items()}, body)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                pass

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler), "/webhooks/zoom/main")

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.received.append((headers, body))
        parsed = json.loads(body)
        if parsed["event"] == "endpoint.url_validation":
            plain = parsed["payload"]["plainToken"]
            encrypted = self.hmac(plain.encode()) if self.validates else "wrong"
            return 200, json.dumps({"plainToken": plain, "encryptedToken": encrypted}).encode()
        time.sleep(self.pause_s)
        return (self.answers.pop(0) if self.answers else 204), b""

    def hmac(self, text: bytes) -> str:
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()

    def events(self) -> list[str]:
        return [json.loads(body)["event"] for _, body in list(self.received)]

    def bodies(self, event: str) -> list[Any]:
        parsed = [json.loads(body) for _, body in list(self.received)]
        return [body for body in parsed if body["event"] == event]

    def wait_for(self, event: str, count: int = 1) -> list[Any]:
        wait_until(lambda: len(self.bodies(event)) >= count, f"{count} × {event}, not {self.events()}")
        return self.bodies(event)


def part(text: str) -> str:
    """Encode a uuid twice for a path. Zoom requires it for a uuid with a slash that could count as the path's."""
    return quote(quote(text, safe=""), safe="")
