"""A small JSON API as a home of event records, which takes its time to answer, and notes what it was asked."""

import json
import shutil
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.loopback import Served
from tests.root import ROOT

HOME = "slow"
_FIRST = datetime(2040, 1, 1, 13, 30, tzinfo=UTC)
_PAGE = 250
_FILE = """kind = "json_api"
url = "{url}"
record = "/records/{{id}}"
item = "data"

[auth]
scheme = "none"

[list]
path = "/records"
items = "data"
next = "header"
next_at = "Next-Page"
{since}

[fields]
title = "name"
start = "start"
end = "end"
timezone = "timezone"
speakers = "speakers"
attachments = "links"
public = "`true`"

[write]
body = "merge-patch"
at = "links"
key = "key"
visibility = "visibility"
"""
_SINCE = 'since = "_since"\ncursor_header = "ETag"'

Document = dict[str, Any]


class SlowHome(Served):
    """Records that differ by number, one a day. Each answer takes `answer_s` seconds.

    `written`: when the home had the first link of a record, by `time.perf_counter`. `asked`: requests. `writes`: those
    that change something.
    """

    def __init__(self, records: int, *, answer_s: float) -> None:
        self.records = {str(number): _record(number) for number in range(1, records + 1)}
        self.written: dict[str, float] = {}
        self.asked = self.writes = 0
        self._versions = dict.fromkeys(self.records, 1)
        self._latest, self._lock = 1, threading.Lock()
        home = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                with suppress(OSError):
                    content = self.rfile.read(int(self.headers.get("content-length") or 0))
                    time.sleep(answer_s)
                    status, answer, headers = home._answer(self.command, self.path, self.headers, content)
                    body = json.dumps(answer).encode()
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            do_PATCH = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128

        super().__init__(Server(("127.0.0.1", 0), Handler))

    def _answer(self, method: str, path: str, head: Mapping[str, str], content: bytes) -> tuple[int, Any, Document]:
        parts = urlsplit(path)
        with self._lock:
            self.asked += 1
            if parts.path == "/records":
                return self._list({name: values[0] for name, values in parse_qs(parts.query).items()})
            record_id = parts.path.rpartition("/")[2]
            if method == "PATCH":
                if head["If-Match"] != f'"{self._versions[record_id]}"':
                    return 412, {}, {}
                self._write(record_id, json.loads(content))
            return 200, {"data": self.records[record_id]}, {"ETag": f'"{self._versions[record_id]}"'}

    def _write(self, record_id: str, patch: Document) -> None:
        self.writes += 1
        self._latest += 1
        self._versions[record_id] = self._latest
        self.records[record_id] |= patch["data"]
        self.written.setdefault(record_id, time.perf_counter())

    def _list(self, asked: Mapping[str, str]) -> tuple[int, Any, Document]:
        since, first = int(asked.get("_since", '"0"').strip('"')), int(asked.get("first", "0"))
        changed = [record for record_id, record in self.records.items() if self._versions[record_id] > since]
        page, following = changed[first : first + _PAGE], first + _PAGE
        more = {"Next-Page": f"{self.url}/records?first={following}"} if following < len(changed) else {}
        return 200, {"data": page}, {"ETag": f'"{self._latest}"', **more}


def file_of(url: str, *, lists_changes: bool = True) -> str:
    """Write the file of such a home."""
    return _FILE.format(url=url, since=_SINCE if lists_changes else "")


def write_homes(folder: Path, files: Mapping[str, str]) -> None:
    """Give an installation homes, by name, and the profiles that are delivered."""
    shutil.copytree(ROOT / "config" / "profiles", folder / "config" / "profiles")
    for name, file in files.items():
        path = folder / "config" / "homes" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(file, "utf-8")


def name_of(number: int) -> str:
    """Return the title of a record."""
    return f"Tides of Tomorrow, part {number}"


def _record(number: int) -> Document:
    start = _FIRST + timedelta(days=number - 1)
    return {
        "id": str(number),
        "name": name_of(number),
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=75)).isoformat(),
        "timezone": "UTC",
        "speakers": ["Amara Diallo"],
        "links": [],
    }
