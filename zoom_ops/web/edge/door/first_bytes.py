"""What a newcomer has sent already, looked at before anything is made for it."""

import re
import socket
from dataclasses import dataclass

_MOST = 16_384  # bytes of a head
_LINE = re.compile(rb"([A-Z]{3,7}) ([^ ?\r\n]{1,300}+)(?:\?([^ \r\n]{0,300}+))?+[^\r\n]*+\r?\n")
_END = re.compile(rb"\n\r?\n")
_NOTIFICATIONS, _SIGNATURE = "/webhooks/", b"\nx-zm-signature:"


@dataclass(frozen=True, kw_only=True)
class FirstBytes:
    """The beginning of what a newcomer sends."""

    is_whole: bool = True  # the head of its request has come
    method: str = ""
    path: str = ""
    query: bytes = b""  # the beginning
    has_gone: bool = False  # its client closed the connection already
    is_silent: bool = False  # nothing has come yet
    is_signed: bool = False  # it looks like a notification of Zoom


UNSEEN = FirstBytes()
"""Of a newcomer in a room with many places: nobody looks."""
_GONE = FirstBytes(is_whole=False, has_gone=True)
_STATE, _CLOSED = getattr(socket, "TCP_INFO", 0), 7  # the first byte of the former is the state: TCP_CLOSE of Linux


def look_at(accepted: socket.socket) -> FirstBytes:
    """Look at what came, and leave it there. The socket does not block."""
    try:
        if _has_gone(accepted):
            return _GONE
        return read_first(accepted.recv(_MOST, socket.MSG_PEEK))
    except BlockingIOError:
        return FirstBytes(is_whole=False, is_silent=True)
    except OSError:
        return FirstBytes(is_whole=False)


def receive(accepted: socket.socket) -> bytes | None:
    """Take what came, nothing if nothing did; None if the client has gone. The socket does not block."""
    try:
        return accepted.recv(_MOST)
    except BlockingIOError:
        return b""
    except OSError:
        return None


def send(accepted: socket.socket, sent: bytes) -> int:
    """Send what the system takes at once, and return how many bytes that are: all of them to a client that has gone."""
    try:
        return accepted.send(sent)
    except BlockingIOError:
        return 0
    except OSError:
        return len(sent)


def head_of(came: bytes) -> bytes | None:
    """Return the head of a request, up to the end of its last line; None if it is not whole. h11 reads it so, too."""
    end = _END.search(came)
    return came[: end.start()] if end else None


def _has_gone(accepted: socket.socket) -> bool:
    """Return whether the client closed a connection at once, without the courtesies, so that nobody waits there."""
    if not _STATE:
        return False
    try:
        return accepted.getsockopt(socket.IPPROTO_TCP, _STATE, 1)[0] == _CLOSED
    except OSError:  # it is no connection of TCP
        return False


def read_first(came: bytes) -> FirstBytes:
    """Read the first line of a request, and whether its head is whole."""
    line, head = _LINE.match(came), head_of(came)
    if not (line and head):
        return FirstBytes(is_whole=False)
    method, path = line[1].decode(), line[2].decode("latin-1")
    is_signed = method == "POST" and path.startswith(_NOTIFICATIONS) and _SIGNATURE in head.lower()
    return FirstBytes(method=method, path=path, query=line[3] or b"", is_signed=is_signed)
