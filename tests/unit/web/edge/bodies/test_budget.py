"""The memory of all bodies: one that is too much gives way, and none waits for a client."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from anyio import CancelScope

from zoom_ops.web.edge.bodies.budget import Budget, HeldBody, Reserved


def play(scene: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(scene, 10))


def test_body_within_the_budget_is_counted_until_it_leaves() -> None:
    async def scene() -> list[int]:
        budget, body = Budget(100), HeldBody("a")
        assert await budget.take(body, 60)
        assert await budget.take(body, 40)
        held = [budget.held]
        budget.leave(body)
        budget.leave(body)
        return [*held, budget.held]

    assert play(scene()) == [100, 0]


def test_larger_body_of_another_network_gives_way_while_it_waits() -> None:
    async def scene() -> tuple[bool, bool, bool, int]:
        budget, large, small = Budget(100), HeldBody("a"), HeldBody("b")
        await budget.take(large, 98)
        with CancelScope() as large.waiting:
            taken = await budget.take(small, 5)
            await asyncio.sleep(60)
        return taken, large.waiting.cancelled_caught, large.gave_way, budget.held

    assert play(scene()) == (True, True, True, 5)


def test_body_that_gave_way_is_not_counted_again() -> None:
    async def scene() -> tuple[bool, int]:
        budget, large = Budget(100), HeldBody("a")
        await budget.take(large, 98)
        await budget.take(HeldBody("b"), 5)
        return await budget.take(large, 1), budget.held

    assert play(scene()) == (False, 5)


def test_body_that_is_itself_the_largest_is_refused() -> None:
    async def scene() -> bool:
        budget, body = Budget(100), HeldBody("a")
        await budget.take(HeldBody("b"), 10)
        return await budget.take(body, 95)

    assert play(scene()) is False


def test_body_waits_for_those_that_are_worked_on() -> None:
    async def scene() -> tuple[bool, bool, int]:
        budget, worked_on, small = Budget(100), HeldBody("a"), HeldBody("b")
        await budget.take(worked_on, 99)
        worked_on.whole = True
        task = asyncio.create_task(budget.take(small, 5))
        await asyncio.sleep(0)
        waited = not task.done()
        budget.leave(worked_on)
        return waited, await task, budget.held

    assert play(scene()) == (True, True, 5)


def test_large_body_waits_until_all_of_it_has_a_place() -> None:
    async def scene() -> tuple[bool, bool]:
        reserved = Reserved(100)
        await reserved.take(60)
        second, third = (asyncio.create_task(reserved.take(60)) for _ in range(2))
        await asyncio.sleep(0)
        waited = not second.done()
        reserved.give(60)
        await second
        return waited, not third.done()

    assert play(scene()) == (True, True)


def test_body_larger_than_all_places_has_them_alone() -> None:
    async def scene() -> None:
        await Reserved(100).take(120)

    play(scene())
