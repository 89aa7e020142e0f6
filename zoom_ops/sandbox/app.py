"""The API as an ASGI application, with the ordered faults applied."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from . import connection_faults
from .account import Account
from .api.downloads import MediaFolder, download, is_download
from .api.router import answer, host_of, label_of, without_root
from .calls import Call, Json, Reply
from .control.faults import PAGE, Fault, Faults, faulty_reply

JSON_TYPE = "application/json;charset=UTF-8"


class ApiApp:
    """Answers requests to the API and to the downloads, and logs each one in the account."""

    def __init__(self, account: Account, faults: Faults, folder: MediaFolder) -> None:
        self._account = account
        self._faults = faults
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. A request whose body is incomplete is neither logged nor carried out."""
        body = await _read(receive)
        if body is None:
            return
        call = _parse_call(scope, body)
        with self._account.settled():
            entry = self._log(call)
            fault = self._faults.match_call(call.method, without_root(call.path))
            entry["fault"] = fault.do if fault else None
            carried_out = fault is None or fault.commits
            reply = answer(self._account, call) if carried_out and not is_download(call.path) else None
        connection = _Connection(scope, receive, send)
        if fault:
            await self._fail(fault, call, reply, entry, connection)
        elif reply is None:
            await self._download(call, entry, connection)
        else:
            entry["status"] = reply.status
            await _send(send, reply.status, self._headers(reply), reply.content())

    async def _download(self, call: Call, entry: Json, connection: "_Connection") -> None:
        with self._account.settled():
            response = download(self._account, self._folder, call)
        entry["status"] = response.status_code
        response.headers["x-zm-trackingid"] = self._tracking_id()
        await response(connection.scope, connection.receive, connection.send)

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
        content_type = [("content-type", JSON_TYPE)] if reply.body is not None else []
        return [*content_type, *reply.headers, ("x-zm-trackingid", self._tracking_id())]

    def _tracking_id(self) -> str:
        with self._account.lock:
            return f"v=2.0;clid=us02;rid=WEB_{self._account.names.file_id().replace('-', '')}"

    async def _fail(
        self, fault: Fault, call: Call, reply: Reply | None, entry: Json, connection: "_Connection"
    ) -> None:
        """Let the call fail as ordered. `reply` is the normal reply, None if the call was not carried out."""
        if fault.do == "drop_response":
            return await connection_faults.drop(connection.scope, connection.receive)
        if fault.do == "reset":
            return await connection_faults.reset(connection.scope, connection.receive)
        if fault.do in ("delay", "late"):
            await asyncio.sleep(fault.seconds)
        if fault.do in ("delay", "late", "drip") and is_download(call.path):
            return await self._download(call, entry, connection)
        sent = self._reply_to_fault(fault, call, reply)
        entry["status"] = sent.status
        headers = self._headers(sent)
        if fault.do == "drip":
            answered = connection_faults.http_answer(sent.status, headers, sent.content())
            return await connection_faults.drip(connection.scope, connection.receive, answered, fault.bytes_per_s)
        if fault.do == "html":
            entry["status"] = fault.status or 200
            page = [("content-type", "text/html;charset=utf-8"), ("x-zm-trackingid", self._tracking_id())]
            return await _send(connection.send, entry["status"], page, PAGE.encode())
        await _send(connection.send, sent.status, headers, sent.content())
        return None

    def _reply_to_fault(self, fault: Fault, call: Call, reply: Reply | None) -> Reply:
        with self._account.settled():
            if fault.do == "late":
                return answer(self._account, call)
            if reply is not None and fault.do not in ("http", "429"):
                return reply
            return faulty_reply(self._account, fault, label_of(call), "registrant@example.org")


class _Connection:
    """The three arguments of an ASGI application."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.send = scope, receive, send


def _parse_call(scope: Scope, body: bytes) -> Call:
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
    """Read the body. Return None if the caller disconnects before the body is complete."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _send(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    all_headers = [*headers] if status == 204 else [*headers, ("content-length", str(len(body)))]
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": status,
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in all_headers],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
