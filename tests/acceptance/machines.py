"""A separate machine for a process: a network namespace whose wires to this machine can be pulled.

It needs root and Debian's iproute2. A pulled wire is silent for both ends: what is sent on it is lost, and nobody
acknowledges it.
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.acceptance.relay import Relay, relayed

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_NET = "198.51.100"  # reserved for documentation; nothing leaves this machine


@dataclass(frozen=True, kw_only=True)
class Session:
    """A wire to a server of this machine, which the process reaches at the relay's port."""

    address: str
    port: int
    interface: str

    def pull(self) -> None:
        """Pull it out."""
        _ip("link", "set", self.interface, "down")

    def plug_in(self) -> None:
        """Plug it in again."""
        _ip("link", "set", self.interface, "up")


def can_be_had() -> bool:
    """Return whether such machines can be made here."""
    return os.geteuid() == 0 and shutil.which("ip") is not None


@contextmanager
def machine(*servers: tuple[str, int]) -> Iterator[tuple[str, list[Session]]]:
    """Make a machine with a wire to each of these servers; yield its name, for `enter`, and the wires."""
    name = f"zoom-ops-{os.getpid()}"
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        with ExitStack() as stack:
            yield name, [_lay(stack, name, number, *server) for number, server in enumerate(servers)]
    finally:
        _ip("netns", "delete", name)


def enter(name: str) -> None:
    """Move this process to that machine, with all threads that it starts later."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = os.open(f"/run/netns/{name}", os.O_RDONLY)
    if libc.setns(place, _NEW_NETWORK):
        raise OSError(ctypes.get_errno(), f"no way into {name}")
    os.close(place)


def _lay(stack: ExitStack, name: str, number: int, host: str, port: int) -> Session:
    near, far = f"zo{os.getpid()}n{number}", f"zo{os.getpid()}f{number}"
    here, there = f"{_NET}.{4 * number + 1}", f"{_NET}.{4 * number + 2}"
    _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
    _ip("address", "add", f"{here}/30", "dev", near)
    _ip("-n", name, "address", "add", f"{there}/30", "dev", far)
    _ip("link", "set", near, "up")
    _ip("-n", name, "link", "set", far, "up")
    relay: Relay = stack.enter_context(relayed(host, port, at=here))
    return Session(address=here, port=relay.port, interface=near)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
