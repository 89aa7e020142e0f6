"""The servers beside which pages are measured: bare uvicorn, and a function of Starlette, with the same bytes.

`python -m tests.bench.public.peers KIND PORT` reads the answers from standard input, and serves them until it ends.
"""

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KINDS = ("bare uvicorn", "a Starlette function")
Headers = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Served:
    """An answer that a peer gives."""

    status: int
    headers: Headers
    body: bytes

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON."""
        return {"status": self.status, "headers": self.headers, "body": base64.b64encode(self.body).decode()}


def _served(document: Mapping[str, Any]) -> Served:
    headers = [(name, value) for name, value in document["headers"]]
    return Served(status=document["status"], headers=headers, body=base64.b64decode(document["body"]))


def bare(answers: Mapping[str, Served]) -> Any:
    """Build an application that does nothing but send."""
    ready = {
        path: (
            {"type": "http.response.start", "status": answer.status, "headers": _encoded(answer.headers)},
            {"type": "http.response.body", "body": answer.body},
        )
        for path, answer in answers.items()
    }

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        for message in ready[scope["path"]]:
            await send(message)

    return app


def a_function(answers: Mapping[str, Served]) -> Any:
    """Build an application of Starlette with a function for each address."""

    async def give(request: Request) -> Response:
        answer = answers[request.url.path]
        return Response(answer.body, answer.status, dict(answer.headers))

    return Starlette(routes=[Route(path, give) for path in answers])


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers]


if __name__ == "__main__":
    answers = {path: _served(document) for path, document in json.loads(sys.stdin.readline()).items()}
    app = bare(answers) if sys.argv[1] == KINDS[0] else a_function(answers)
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[2]), http="h11", loop="asyncio", ws="none", lifespan="off",
        access_log=False, log_level="warning", server_header=False, date_header=False,
    )  # fmt: skip
