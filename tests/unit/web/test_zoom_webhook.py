"""Requests that arrive while others are being answered wait, and are then answered together."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from zoom_ops.web.zoom_webhook import Batcher


class Answering:
    """Answers each number with its double once it is released, and keeps the batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may = threading.Event()

    def answer(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(numbers))
        assert self.may.wait(60)
        return [2 * number if number >= 0 else ValueError(str(number)) for number in numbers]


def ask(answering: Answering, numbers: Sequence[int], most: int = 50) -> list[int | BaseException]:
    """Submit the first number, the others while it is being answered, and then release the answer."""

    async def ask_all() -> list[int | BaseException]:
        batcher = Batcher(answering.answer, most)
        answers = [asyncio.ensure_future(batcher.ask(numbers[0]))]
        while not answering.batches:
            await asyncio.sleep(0.001)
        answers += [asyncio.ensure_future(batcher.ask(number)) for number in numbers[1:]]
        await asyncio.sleep(0.01)
        answering.may.set()
        return await asyncio.gather(*answers, return_exceptions=True)

    return asyncio.run(ask_all())


def test_who_comes_meanwhile_is_answered_together() -> None:
    answering = Answering()

    assert ask(answering, range(6)) == [0, 2, 4, 6, 8, 10]
    assert answering.batches == [[0], [1, 2, 3, 4, 5]]


def test_no_more_than_so_many_are_answered_at_once() -> None:
    answering = Answering()

    ask(answering, range(6), most=2)

    assert answering.batches == [[0], [1, 2], [3, 4], [5]]


def test_error_is_told_to_who_asked_for_it_alone() -> None:
    answers = ask(Answering(), [1, -2, 3])

    assert (answers[0], answers[2]) == (2, 6)
    assert isinstance(answers[1], ValueError)


def test_failure_of_all_is_told_to_each_and_the_next_one_is_answered() -> None:
    async def ask_twice() -> tuple[list[BaseException | int], int]:
        failing = [True]

        def answer(numbers: Sequence[int]) -> list[int]:
            if failing[0]:
                raise OSError("gone")
            return [2 * number for number in numbers]

        batcher = Batcher[int, int](answer, 50)
        first = await asyncio.gather(batcher.ask(1), batcher.ask(2), return_exceptions=True)
        failing[0] = False
        return first, await batcher.ask(3)

    first, then = asyncio.run(ask_twice())

    assert [type(error) for error in first] == [OSError, OSError]
    assert then == 6


def test_who_has_gone_keeps_nobody() -> None:
    async def ask_and_go() -> int:
        answering = Answering()
        batcher = Batcher[int, int](answering.answer, 50)
        cancelled = asyncio.ensure_future(batcher.ask(1))
        while not answering.batches:
            await asyncio.sleep(0.001)
        cancelled.cancel()
        stays = asyncio.ensure_future(batcher.ask(2))
        await asyncio.sleep(0)
        answering.may.set()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        return await stays

    assert asyncio.run(ask_and_go()) == 4
