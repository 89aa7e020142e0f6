"""A relay between a process and a server that can be cut silently: a half-open connection."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Forwards bytes to a server and back, on its own port. While it is cut it drops them and closes nothing."""

    def __init__(self, host: str, port: int, at: str = "127.0.0.1") -> None:
        self._server = (host, port)
        self._listener = socket.create_server((at, 0))
        self.port = int(self._listener.getsockname()[1])
        self._cut = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Drop all bytes, in both directions."""
        self._cut.set()

    def mend(self) -> None:
        """Forward bytes again; dropped bytes stay lost."""
        self._cut.clear()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._cut.is_set():
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(host: str, port: int, at: str = "127.0.0.1") -> Iterator[Relay]:
    """Run a relay to a server during the block."""
    relay = Relay(host, port, at)
    try:
        yield relay
    finally:
        relay.close()
