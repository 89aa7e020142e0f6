"""Who sends much waits; who sends a little, or from where nobody else does, does not wait long."""

import asyncio
import socket
import sys
from collections.abc import Callable

from zoom_ops.web.edge.flag import Flag, read_little
from zoom_ops.web.edge.pace import Pace, retained_by


class Loop(asyncio.AbstractEventLoop):
    """A loop whose time passes when the test says so."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def call_later(self, _delay: float, callback: Callable[[], None]) -> None:  # type: ignore[override]
        self.due.append(callback)

    def pass_slice(self) -> None:
        """Let a slice of time pass."""
        due, self.due = self.due, []
        for callback in due:
            callback()


def test_steps_beyond_a_slice_wait_and_addresses_take_turns() -> None:
    loop, done = Loop(), list[str]()
    pace = Pace(loop)
    for _ in range(100):
        pace.take("attacker", lambda: done.append("attacker"))
    at_once = len(done)
    for _ in range(2):
        pace.take("guest", lambda: done.append("guest"))

    loop.pass_slice()
    second = done[at_once:]
    for _ in range(10):
        loop.pass_slice()

    assert 0 < at_once < 100
    assert second[:4] == ["attacker", "guest", "attacker", "guest"]
    assert len(second) == at_once
    assert len(done) == 102
    assert loop.due == []  # nobody is woken while nobody sends much


def test_answer_whose_end_is_unread_counts_as_a_whole() -> None:
    async def act() -> tuple[int, int, int]:
        ours, theirs = socket.socketpair()
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
        with theirs:
            before = retained_by(transport)
            transport.write(b"x" * 4_000_000)
            transport.write(b"y" * 1_000)  # which waits as it is, behind a part
            unread, retained = transport.get_write_buffer_size(), retained_by(transport)
            transport.abort()
        return before, unread, retained

    before, unread, retained = asyncio.run(act())

    assert (before, unread < 4_001_000) == (0, True)
    assert retained == (4_001_000 if sys.version_info >= (3, 12) else unread)


def test_transport_that_hides_what_it_keeps_is_counted_by_what_it_says() -> None:
    class Transport(asyncio.Transport):
        def get_write_buffer_size(self) -> int:
            return 5_000

    assert retained_by(Transport()) == 5_000


def test_flag_of_a_connection_is_small_and_wakes_all_who_wait() -> None:
    async def about() -> None:
        flag = Flag()
        waiting = [asyncio.create_task(flag.wait()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        flag.set()
        flag.clear()  # whoever waited goes on all the same
        later = asyncio.create_task(flag.wait())

        assert await asyncio.gather(*waiting[1:]) == [True, True]
        assert (waiting[0].cancelled(), later.done()) == (True, False)
        flag.set()
        assert (await later, await flag.wait()) == (True, True)
        assert sys.getsizeof(flag) < 100
        assert not hasattr(flag, "__dict__")

    asyncio.run(about())


def test_connection_reads_little_at_once() -> None:
    async def about() -> None:
        near, far = socket.socketpair()
        with near, far:
            reader, writer = await asyncio.open_connection(sock=near)
            read_little(writer.transport)
            far.sendall(bytes(50_000))

            assert 0 < len(await reader.read(50_000)) <= 16_384
            writer.transport.abort()

    asyncio.run(about())
