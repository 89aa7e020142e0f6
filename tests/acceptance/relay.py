"""A wire between a process and a server that can be cut without either of them being told: a half-open connection."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Carries bytes to a server and back, on a port of its own; while it is cut it swallows them and closes nothing."""

    def __init__(self, host: str, port: int, at: str = "127.0.0.1") -> None:
        self._server = (host, port)
        self._listener = socket.create_server((at, 0))
        self.port = int(self._listener.getsockname()[1])
        self._cut = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more, in either direction."""
        self._cut.set()

    def mend(self) -> None:
        """Let everything through again; what was swallowed is lost."""
        self._cut.clear()

    def close(self) -> None:
        """End it."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if not self._cut.is_set():
                    other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(host: str, port: int, at: str = "127.0.0.1") -> Iterator[Relay]:
    """Have a wire to a server for the block."""
    relay = Relay(host, port, at)
    try:
        yield relay
    finally:
        relay.close()
