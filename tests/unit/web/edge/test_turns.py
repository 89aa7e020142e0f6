"""Turns: a network never has to wait for all the requests of another."""

import asyncio

import pytest

from zoom_ops.web.edge.turns import NoTurnError, Turns


class Scene:
    """Requests that take turns; each is worked on until `end` is called."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[str] = []
        self.refused: list[str] = []

    async def ask(self, *names: str) -> dict[str, asyncio.Task[None]]:
        """Let requests come, named by their network and a number; `-` is one without a network."""
        tasks = {name: asyncio.create_task(self._wait(name)) for name in names}
        await asyncio.sleep(0)
        return tasks

    async def end(self, name: str) -> None:
        """End a request that has had its turn."""
        self.turns.give(_network(name))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _wait(self, name: str) -> None:
        try:
            await self.turns.take(_network(name))
            self.begun.append(name)
        except NoTurnError:
            self.refused.append(name)


def _network(name: str) -> str | None:
    return name[0] if name[0] != "-" else None


def test_networks_take_turns() -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(2, 2))
        await scene.ask("a1", "a2", "a3", "a4", "a5", "b1", "c1")
        for name in ("a1", "a2", "a3", "b1"):
            await scene.end(name)
        return scene.begun

    assert asyncio.run(play()) == ["a1", "a2", "a3", "b1", "c1", "a4"]


def test_network_has_no_more_turns_at_once_than_its_own() -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(4, 2))
        await scene.ask("a1", "a2", "a3", "b1", "-1", "-2")
        await scene.end("a1")
        return scene.begun

    assert asyncio.run(play()) == ["a1", "a2", "b1", "-1", "a3"]


@pytest.mark.parametrize("newcomer", ["b1", "a5"])
def test_oldest_of_the_network_with_most_that_wait_is_turned_away(newcomer: str) -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(1, 1, waiting=3))
        await scene.ask("a1", "a2", "a3", "a4", newcomer)
        await asyncio.sleep(0)
        return scene.refused

    assert asyncio.run(play()) == ["a2"]


def test_request_that_is_turned_away_or_given_up_as_a_turn_ends_takes_none() -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(1, 1, waiting=2))
        tasks = await scene.ask("a1", "b1", "b2", "d1")
        scene.turns.give("a")  # while b1 is turned away, and b2 given up
        tasks["b2"].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return [*scene.begun, *scene.refused]

    assert asyncio.run(play()) == ["a1", "d1", "b1"]


def test_request_that_is_given_up_takes_no_turn() -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(1, 1))
        tasks = await scene.ask("a1", "b1", "c1")
        tasks["b1"].cancel()
        await asyncio.sleep(0)
        await scene.end("a1")
        await scene.end("c1")
        await scene.ask("d1")
        return scene.begun

    assert asyncio.run(play()) == ["a1", "c1", "d1"]


def test_request_that_is_given_up_as_its_turn_comes_passes_it_on() -> None:
    async def play() -> list[str]:
        scene = Scene(Turns(1, 1))
        tasks = await scene.ask("a1", "b1", "c1")
        scene.turns.give("a")
        tasks["b1"].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return scene.begun

    assert asyncio.run(play()) == ["a1", "c1"]
