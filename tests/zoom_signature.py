"""Notifications, signed as Zoom signs them.

Nothing of the product is imported: a guest of an attack is a process that has to start quickly.
"""

import hashlib
import hmac
import json
import time
from typing import Any


def sign(body: bytes, secret: str, stamp: str, request_id: str = "") -> dict[str, str]:
    """Return the headers of a body that Zoom signed at `stamp`, in Unix seconds."""
    signature = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={signature}"}
    return headers | ({"x-zm-request-id": request_id} if request_id else {})


def signed(kind: str, thing: dict[str, Any], secret: str, request_id: str = "") -> tuple[dict[str, str], bytes]:
    """Write a notification of this kind about this object, signed now. Return its headers and its body."""
    now = time.time()
    body = json.dumps({"event": kind, "event_ts": int(now * 1000), "payload": {"object": thing}}).encode()
    return {"content-type": "application/json", **sign(body, secret, str(int(now)), request_id)}, body
