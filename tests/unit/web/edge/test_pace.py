"""Who sends much waits; who sends a little, or from where nobody else does, does not wait long."""

import asyncio
from collections.abc import Callable

from zoom_ops.web.edge.pace import Pace


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
