"""The API as an ASGI application, with the ordered faults applied."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

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
        try:
            call = _parse_call(scope, await Request(scope, receive).body())
        except ClientDisconnect:
            return
        with self._account.settled():
            path = without_root(call.path)
            fault = self._faults.match_call(call.method, path)
            entry: Json = {
                "at": self._account.now().timestamp(),
                "method": call.method,
                "path": path,
                "status": None,
                "label": label_of(call),
                "host": host_of(self._account, call),
                "fault": fault.do if fault else None,
            }
            self._account.requests.append(entry)
            carried_out = fault is None or fault.commits
            reply = answer(self._account, call) if carried_out and not is_download(call.path) else None
        if fault:
            entry["status"], response = await self._fail(fault, call, reply)
        else:
            entry["status"], response = self._response(reply) if reply else self._download(call)
        await response(scope, receive, send)

    async def _fail(self, fault: Fault, call: Call, reply: Reply | None) -> tuple[int | None, ASGIApp]:
        """Let the call fail as ordered, and return the status of the answer, if there is one, and what sends it.

        `reply` is the normal reply, None if the call was not carried out.
        """
        if fault.do == "drop_response":
            return None, connection_faults.drop
        if fault.do == "reset":
            return None, connection_faults.reset
        if fault.do == "html":
            headers = {"content-type": "text/html;charset=utf-8", "x-zm-trackingid": self._tracking_id()}
            status = fault.status or 200
            return status, Response(PAGE, status, headers)
        if fault.do in ("delay", "late"):
            await asyncio.sleep(fault.seconds)
        if fault.do in ("delay", "late", "drip") and is_download(call.path):
            return self._download(call)
        with self._account.settled():
            if fault.do == "late":
                reply = answer(self._account, call)
            elif reply is None or fault.do in ("http", "429"):
                reply = faulty_reply(self._account, fault, label_of(call) or "LIGHT")
        status, response = self._response(reply)
        return status, connection_faults.drip(response, fault.bytes_per_s) if fault.do == "drip" else response

    def _response(self, reply: Reply) -> tuple[int, Response]:
        content_type = {"content-type": JSON_TYPE} if reply.body is not None else {}
        headers = {**content_type, **dict(reply.headers), "x-zm-trackingid": self._tracking_id()}
        return reply.status, Response(reply.content(), reply.status, headers)

    def _download(self, call: Call) -> tuple[int, Response]:
        with self._account.settled():
            response = download(self._account, self._folder, call)
        response.headers["x-zm-trackingid"] = self._tracking_id()
        return response.status_code, response

    def _tracking_id(self) -> str:
        with self._account.lock:
            return f"v=2.0;clid=us02;rid=WEB_{self._account.names.file_id().replace('-', '')}"


def _parse_call(scope: Scope, body: bytes) -> Call:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Call(
        method=scope["method"],
        path=scope["raw_path"].decode("ascii", "replace").partition("?")[0],
        query=dict(parse_qsl(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)),
        headers=headers,
        body=body,
        address=(scope.get("client") or ("127.0.0.1", 0))[0],
        base=f"{headers.get('x-forwarded-proto', scope['scheme'])}://{headers.get('host', '')}",
    )
