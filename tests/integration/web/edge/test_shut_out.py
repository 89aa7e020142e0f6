"""Networks that the system itself turns away, at real listeners: theirs do not arrive, and others do."""

import errno
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

import pytest
from structlog.testing import capture_logs

from zoom_ops.operations.metrics import networks_shut_out
from zoom_ops.web.edge.door import shut_out as shut_out_module
from zoom_ops.web.edge.door.shut_out import ShutOut, build_program, source_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a program at a socket is Linux's")

CROWD = [f"127.{10 + number // 250}.0.{1 + number % 250}" for number in range(600)]
GUEST = "127.9.9.9"
SO_DETACH_FILTER = 27


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listen, and never wait."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def arrive(listener: socket.socket, *addresses: str) -> list[str]:
    """Connect from each of the addresses; return those whose connections arrive."""
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})  # packets of one processor arrive one after the other
    try:
        return _arrive(listener, addresses)
    finally:
        os.sched_setaffinity(0, processors)


def _arrive(listener: socket.socket, addresses: Sequence[str]) -> list[str]:
    with ExitStack() as stack:
        for address in addresses:
            line = stack.enter_context(socket.socket(listener.family))
            line.setblocking(False)
            line.bind((address, 0))
            assert line.connect_ex(listener.getsockname()) == errno.EINPROGRESS
        with socket.create_server(("127.0.0.1", 0)) as last, socket.create_connection(last.getsockname(), timeout=60):
            pass  # now whatever was sent before has come, or was dropped
        return list(_accept(listener))


def _accept(listener: socket.socket) -> Iterator[str]:
    """Accept all who have come; yield their addresses."""
    with suppress(BlockingIOError):
        while True:
            accepted, peer = listener.accept()
            accepted.close()
            yield peer[0]


def test_networks_that_are_shut_out_do_not_arrive_until_their_time_is_over(listener: socket.socket) -> None:
    shut_out = ShutOut(listener)
    for address in CROWD:
        shut_out.add(address, 10)
    asked = [CROWD[place] for place in (0, 249, 250, 251, 599)]
    before = arrive(listener, *asked, GUEST)

    shut_out.renew(10)
    during = arrive(listener, *asked, GUEST)
    shut_out.renew(39.9)
    still = arrive(listener, *asked, GUEST)
    shut_out.renew(40)
    after = arrive(listener, *asked, GUEST)

    assert (before, during, still, after) == ([*asked, GUEST], [GUEST], [GUEST], [*asked, GUEST])
    assert len(shut_out) == 0


def test_network_that_proves_to_be_known_is_let_in_again_at_once(listener: socket.socket) -> None:
    """Zoom is a stranger until its first notification is taken; some of its first connections may have been refused."""
    shut_out = ShutOut(listener)
    for address in (CROWD[0], GUEST):
        shut_out.add(address, 10)
    shut_out.renew(10)
    during = arrive(listener, CROWD[0], GUEST)
    came = []
    for second, network in enumerate((GUEST, CROWD[0]), start=11):
        shut_out.forgive(network)
        shut_out.renew(second)
        came.append(arrive(listener, CROWD[0], GUEST))

    assert (during, came) == ([], [[GUEST], [CROWD[0], GUEST]])


def test_connection_that_came_in_and_listener_keep_no_program(listener: socket.socket) -> None:
    shut_out = ShutOut(listener)
    shut_out.add(CROWD[0], 10)
    shut_out.renew(10)
    shown = networks_shut_out.collect()[0].samples[0].value
    with socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        shut_out.release(accepted)
    shut_out.renew(40)

    assert shown == 1
    assert networks_shut_out.collect()[0].samples[0].value == 0
    with accepted:
        assert [_has_program(line) for line in (accepted, listener)] == [False, False]


def _has_program(line: socket.socket) -> bool:
    try:
        line.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
    except FileNotFoundError:
        return False
    return True


def test_network_of_ipv6_is_shut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shut_out_module, "_NEVER", ())
    source_of.cache_clear()
    try:
        listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listening as listener:
        listener.setblocking(False)
        shut_out = ShutOut(listener)
        for number, network in enumerate(("2001:db8::/64", "2001:db8:0:1::/64", "127.0.0.1", "no network")):
            shut_out.add(network, number)
        shut_out.renew(10)
        others = arrive(listener, "::1")
        shut_out.add("::/64", 10)
        shut_out.renew(11)
        own = arrive(listener, "::1")
    source_of.cache_clear()

    assert (others, own) == (["::1"], [])


@pytest.mark.parametrize(
    "network",
    [
        "127.0.0.1", "10.1.2.3", "172.17.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1",
        "::/64", "fd00:1::/64", "fe80::/64", "64:ff9b::/64",
    ],
)  # fmt: skip
def test_what_may_be_a_proxy_is_never_shut_out(network: str) -> None:
    assert source_of(network) is None


def test_latest_networks_are_shut_out_where_a_program_has_no_room_for_all(listener: socket.socket) -> None:
    shut_out = ShutOut(Narrow(listener))
    for address in CROWD:
        shut_out.add(address, 0)
    for now in range(1, 5):
        shut_out.renew(now)

    assert arrive(listener, CROWD[0], CROWD[-1], GUEST) == [CROWD[0], GUEST]
    assert 0 < len(shut_out) <= Narrow.ROOM


def test_networks_are_shut_out_again_when_the_system_has_memory_again(listener: socket.socket) -> None:
    line = Narrow(listener, room=0)
    shut_out = ShutOut(line)
    for now in range(3):
        shut_out.add(CROWD[0], now)
        shut_out.renew(now)
    line.room = Narrow.ROOM
    shut_out.add(CROWD[0], 4)
    shut_out.renew(4)

    assert arrive(listener, CROWD[0], GUEST) == [GUEST]


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOPROTOOPT, errno.EINVAL])
def test_nobody_is_shut_out_where_the_system_takes_no_program(listener: socket.socket, error: int) -> None:
    shut_out = ShutOut(Narrow(listener, room=0, error=error))
    with capture_logs() as logs:
        for now in range(5):
            shut_out.add(CROWD[now], now)
            shut_out.renew(now)

    assert arrive(listener, *CROWD[:5]) == CROWD[:5]
    assert len(shut_out) == 0
    assert [(line["event"], line["reason"]) for line in logs] == [("networks_not_shut_out", os.strerror(error))]


def test_line_of_the_log_names_the_latest_networks(listener: socket.socket) -> None:
    shut_out = ShutOut(listener)
    with capture_logs() as logs:
        for network in ("192.0.2.1", "2001:db8::/64"):
            shut_out.add(network, 1)
        for now in range(1, 90):  # nothing is said when they are let in again
            shut_out.renew(now)

    assert [(line["networks"], line["latest"]) for line in logs] == [(2, "192.0.2.1 2001:db8::/64")]


class Narrow(socket.socket):
    """The same listener, of a system that has room for short programs only."""

    ROOM = 200

    def __init__(self, listener: socket.socket, room: int = ROOM, error: int = errno.ENOMEM) -> None:
        super().__init__(fileno=listener.dup().detach())
        self.room, self._error = room, error

    def setsockopt(self, level: int, name: int, value: int | bytes) -> None:  # type: ignore[override]
        """Refuse what is too long."""
        if isinstance(value, bytes) and int.from_bytes(value[:2], sys.byteorder) > self.room:
            raise OSError(self._error, os.strerror(self._error))
        super().setsockopt(level, name, value)


def test_program_is_never_longer_than_a_system_takes() -> None:
    of_4 = [(4, number) for number in range(10_000)]
    of_6 = [(6, number << 32) for number in range(10_000)]  # each costs most

    assert len(build_program(of_4 + of_6)) <= 4096
