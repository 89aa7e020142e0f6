"""The front door: HTTP in, the API's answers out, with the faults that were ordered."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from . import connection_faults
from .account import Account
from .api.downloads import Shelf, download, is_download
from .api.router import answer, host_of, label_of, without_root
from .calls import Call, Json, Reply
from .control.faults import PAGE, Fault, Faults, faulty_reply

JSON_TYPE = "application/json;charset=UTF-8"


class ApiApp:
    """The API as an ASGI application."""

    def __init__(self, account: Account, faults: Faults, shelf: Shelf) -> None:
        self._account = account
        self._faults = faults
        self._shelf = shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read(receive)
        if body is None:
            return
        call = _call(scope, body)
        with self._account.settled():
            entry = self._log(call)
            fault = self._faults.strike(call.method, without_root(call.path))
            entry["fault"] = fault.do if fault else None
            carried_out = fault is None or fault.commits
            reply = self._carry_out(call) if carried_out and not is_download(call.path) else None
        line = _Line(scope, receive, send)
        if fault:
            await self._fail(fault, call, reply, entry, line)
        elif reply is None:
            await self._download(call, entry, line)
        else:
            entry["status"] = reply.status
            await _send(send, reply.status, self._headers(reply), reply.content())

    async def _download(self, call: Call, entry: Json, line: "_Line") -> None:
        with self._account.settled():
            response = download(self._account, self._shelf, call)
        entry["status"] = response.status_code
        response.headers["x-zm-trackingid"] = self._tracking_id()
        await response(line.scope, line.receive, line.send)

    def _carry_out(self, call: Call) -> Reply:
        return answer(self._account, call)

    def _log(self, call: Call) -> Json:
        entry: Json = {
            "at": self._account.now().timestamp(),
            "method": call.method,
            "path": without_root(call.path),
            "status": None,
            "label": label_of(call),
            "host": host_of(self._account, call),
            "fault": None,
        }
        self._account.requests.append(entry)
        return entry

    def _headers(self, reply: Reply) -> list[tuple[str, str]]:
        kind = [("content-type", JSON_TYPE)] if reply.body is not None else []
        return [*kind, *reply.headers, ("x-zm-trackingid", self._tracking_id())]

    def _tracking_id(self) -> str:
        with self._account.lock:
            return f"v=2.0;clid=us02;rid=WEB_{self._account.names.file_id().replace('-', '')}"

    async def _fail(self, fault: Fault, call: Call, reply: Reply | None, entry: Json, line: "_Line") -> None:
        """Let the call fail as ordered; `reply` is what it would have been answered, if it was carried out."""
        if fault.do == "drop_response":
            return await connection_faults.drop(line.scope, line.receive)
        if fault.do == "reset":
            return await connection_faults.reset(line.scope, line.receive)
        if fault.do in ("delay", "late"):
            await asyncio.sleep(fault.seconds)
        if fault.do in ("delay", "late", "drip") and is_download(call.path):
            return await self._download(call, entry, line)
        said = self._said(fault, call, reply)
        entry["status"] = said.status
        headers = self._headers(said)
        if fault.do == "drip":
            answered = connection_faults.http_answer(said.status, headers, said.content())
            return await connection_faults.drip(line.scope, line.receive, answered, fault.bytes_per_s)
        if fault.do == "html":
            entry["status"] = fault.status or 200
            page = [("content-type", "text/html;charset=utf-8"), ("x-zm-trackingid", self._tracking_id())]
            return await _send(line.send, entry["status"], page, PAGE.encode())
        await _send(line.send, said.status, headers, said.content())
        return None

    def _said(self, fault: Fault, call: Call, reply: Reply | None) -> Reply:
        with self._account.settled():
            if fault.do == "late":
                return self._carry_out(call)
            if reply is not None and fault.do not in ("http", "429"):
                return reply
            return faulty_reply(self._account, fault, label_of(call), "registrant@example.org")


class _Line:
    """The three ends of an ASGI conversation."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send


def _call(scope: Scope, body: bytes) -> Call:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "")
    return Call(
        method=scope["method"],
        path=scope["raw_path"].decode("ascii", "replace").partition("?")[0],
        query=dict(parse_qsl(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)),
        headers=headers,
        body=body,
        base=f"{headers.get('x-forwarded-proto', scope['scheme'])}://{host}",
    )


async def _read(receive: Receive) -> bytes | None:
    """Read the body, or None where the caller has gone before it was all there: then nothing is carried out."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _send(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    lines = [*headers] if status == 204 else [*headers, ("content-length", str(len(body)))]
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": status,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in lines],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
