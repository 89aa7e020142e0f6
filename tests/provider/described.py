"""A provider that only publishes what it is and its keys, in a thread of the test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.loopback import Served


@contextmanager
def serve_description(described: dict[str, Any], keys: list[Any] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve the description of a provider, and its public keys; yield its address and the list of requested paths."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            document = {"issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint":
                        f"{issuer}/token", "jwks_uri": f"{issuer}/keys", **described}  # fmt: skip
            published = {"keys": [key.as_dict(private=False) for key in keys or ()]}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(published if self.path == "/keys" else document).encode())

        def log_message(self, *_: object) -> None:
            """Do nothing."""

    served = Served(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    issuer = served.url
    with served:
        yield f"{issuer}/.well-known/openid-configuration", paths
