"""The guests: Zoom and a reader, while somebody attacks. They run in a process of their own, each from an address.

It sends genuine notifications of the usual size, each on a connection of its own, and looks at pages. It does so until
its standard input ends; then it prints what it met.
"""

import http.client
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.zoom_signature import signed

PATIENCE_S = 30.0
_SENDERS = 40  # at once: so many notifications wait for their answer before the next one is late by our doing
_KINDS = ("webinar.updated", "webinar.started", "recording.completed")


@dataclass(kw_only=True)
class Met:
    """What one kind of request met."""

    delays: list[float] = field(default_factory=list)  # seconds from the due time to the answer
    statuses: Counter[str] = field(default_factory=Counter)


class Guest:
    """Asks at fixed times, whether or not earlier requests are answered."""

    def __init__(
        self,
        *,
        port: int,
        zoom: str,
        reader: str,
        hook: str,
        secret: str,
        rate: int,
        size: int,
        pages: list[str],
        forwarded: bool = False,
    ) -> None:
        """`forwarded`: all come from this machine, as through a proxy that says who asks."""
        self._forwarded = forwarded
        self._port, self._zoom, self._reader, self._hook, self._secret = port, zoom, reader, hook, secret
        self._rate, self._size, self._pages = rate, size, pages
        self._met: dict[str, Met] = {kind: Met() for kind in ("notification", *pages)}
        self._lock, self._ended = threading.Lock(), threading.Event()

    def run(self) -> dict[str, Any]:
        """Ask until standard input ends, wait for the answers, and return what each kind of request met."""
        self._began = time.monotonic()
        lanes = [(self._notify, "notification", self._rate / _SENDERS, number) for number in range(_SENDERS)]
        lanes += [(self._look, page, 2.0, 0) for page in self._pages]
        threads = [threading.Thread(target=self._repeat, args=lane, daemon=True) for lane in lanes]
        for thread in threads:
            thread.start()
        sys.stdin.read()
        self._ended.set()
        for thread in threads:
            thread.join(timeout=2 * PATIENCE_S)
        return {kind: {"delays": sorted(met.delays), "statuses": dict(met.statuses)} for kind, met in self._met.items()}

    def _repeat(self, ask: Any, kind: str, rate: float, number: int) -> None:
        turn = 0
        while True:
            due = self._began + (turn + number / _SENDERS) / rate
            if self._ended.wait(max(0.0, due - time.monotonic())):
                return
            status = ask(kind, turn * _SENDERS + number)
            with self._lock:
                self._met[kind].delays.append(time.monotonic() - due)
                self._met[kind].statuses[status] += 1
            turn += 1

    def _notify(self, _kind: str, place: int) -> str:
        return self._ask(self._zoom, "POST", self._hook, *write_notification(place, self._secret, self._size))

    def _look(self, page: str, _place: int) -> str:
        return self._ask(self._reader, "GET", page, {}, None)

    def _ask(self, address: str, method: str, path: str, headers: dict[str, str], body: bytes | None) -> str:
        source = address
        if self._forwarded:
            headers, source = headers | {"X-Forwarded-For": address}, "127.0.0.1"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S, source_address=(source, 0))
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()


def write_notification(place: int, secret: str, size: int) -> tuple[dict[str, str], bytes]:
    """Write a notification of a webinar that is not ours, of about this size. Return its headers and its body."""
    subject = {
        "id": 90_000_000_000 + place,
        "uuid": f"guest-{place}==",
        "type": 5,
        "topic": "Tides",
        "agenda": "x" * size,
    }
    return signed(_KINDS[place % len(_KINDS)], subject, secret, f"guest_{place}")


if __name__ == "__main__":
    order = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps(Guest(**order).run()))
