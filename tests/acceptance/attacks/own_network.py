"""A network for one test, in which nothing listens yet. It takes root on Linux; elsewhere the test does without.

A flood of thousands of connections a second fills the table that the system's firewall keeps of connections, for two
minutes each. Once it is full the system drops the packets of everybody, on the loopback, too: the next test would
measure that. A network of its own has a table of its own, or none, as it has no rules.
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

_NETWORK = 0x40000000  # CLONE_NEWNET of <linux/sched.h>
_SET_FLAGS, _UP = 0x8914, 1  # SIOCSIFFLAGS of <linux/sockios.h>, IFF_UP of <linux/if.h>


@contextmanager
def own_network() -> Iterator[None]:
    """Give this thread, and what it starts, a network of their own for the block.

    What listened before is out of reach for the block, except on sockets of Unix.
    """
    system = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY) if hasattr(system, "unshare") else -1
    if before < 0 or system.unshare(_NETWORK):
        yield
        return
    try:
        _begin_loopback()
        yield
    finally:
        if system.setns(before, _NETWORK):
            raise OSError(ctypes.get_errno(), "this thread stays in the network of the test")
        os.close(before)


def _begin_loopback() -> None:
    with socket.socket() as line:
        fcntl.ioctl(line, _SET_FLAGS, struct.pack("16sh22x", b"lo", _UP))
