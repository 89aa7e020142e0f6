"""The socket on which a process listens, with pages and without."""

import os
import socket

from ..errors import ConfigurationError


def open_listener(host: str, port: int, backlog: int = 128) -> socket.socket:
    """Bind a port, and listen on it; 0 is any free one. Raise ConfigurationError if it is not available.

    `backlog`: how many connections the system holds until they are accepted.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=backlog)
    except (OSError, OverflowError) as error:
        # above 0: an error of the system, whose text asyncio and socket extend
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {reason}. Change LISTEN, or stop what uses the port."
        ) from error
