"""As many files are read at once as there are slots; others wait shortly."""

import asyncio

import pytest

from zoom_ops.errors import TemporaryError
from zoom_ops.web.reading_slots import ReadingSlots


def test_slot_is_free_again_after_a_request_that_failed() -> None:
    async def ask() -> list[str]:
        slots, seen = ReadingSlots(at_once=1, patience_s=0), []
        async with slots.take():
            with pytest.raises(TemporaryError, match="Other files are being read"):
                async with slots.take():
                    seen.append("a second one")
        with pytest.raises(ZeroDivisionError):
            async with slots.take():
                raise ZeroDivisionError
        async with slots.take():
            seen.append("the next one")
        return seen

    assert asyncio.run(ask()) == ["the next one"]


def test_request_waits_for_a_slot() -> None:
    async def ask() -> list[int]:
        slots, order = ReadingSlots(at_once=1, patience_s=60), list[int]()

        async def read(number: int) -> None:
            async with slots.take():
                await asyncio.sleep(0)
                order.append(number)

        await asyncio.gather(*(read(number) for number in range(5)))
        return order

    assert asyncio.run(ask()) == [0, 1, 2, 3, 4]
