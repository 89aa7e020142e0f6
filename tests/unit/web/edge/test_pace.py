"""Who sends much waits; who sends a little, or from where nobody else does, does not wait long."""

import asyncio
import socket
import sys
from collections.abc import Callable

from zoom_ops.web.edge.flag import Flag, Pieces, hold_little
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


def test_flag_of_a_connection_is_small_and_wakes_all_who_wait() -> None:
    async def about() -> None:
        flag = Flag()
        waiting = [asyncio.create_task(flag.wait()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        flag.set()

        assert await asyncio.gather(*waiting[1:]) == [True, True]
        assert sys.getsizeof(flag) + sys.getsizeof(vars(flag)["_waiters"]) < 300

    asyncio.run(about())


def test_connection_holds_nothing_for_answers_and_sends_long_ones_in_their_order() -> None:
    async def about() -> None:
        near, far = socket.socketpair()
        with near, far:
            _, writer = await asyncio.open_connection(sock=near)
            hold_little(writer.transport)
            sent = [bytes([number]) * 300_000 for number in range(9)]
            for piece in sent:
                writer.write(piece)
            held = vars(writer.transport)["_buffer"]
            other, _ = await asyncio.open_connection(sock=far)
            taken = await asyncio.gather(other.readexactly(2_700_000), writer.drain())

            assert taken[0] == b"".join(sent)
            assert isinstance(held, Pieces) == (sys.version_info >= (3, 12))
            assert not writer.transport.get_write_buffer_size()
            assert sys.getsizeof(Pieces()) < 100

    asyncio.run(about())
