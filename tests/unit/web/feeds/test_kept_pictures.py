"""Drawn pictures are kept on the disk: bounded, and a folder that cannot be written only keeps none."""

import asyncio
import os
from pathlib import Path
from threading import Event

import pytest

from zoom_ops.errors import TemporaryError
from zoom_ops.web.feeds import drawing
from zoom_ops.web.feeds.cards import Card
from zoom_ops.web.feeds.kept_pictures import KeptPictures
from zoom_ops.web.feeds.pictures import Pictures, draw_apart


def a_card(name: str = "Tides of Tomorrow") -> Card:
    return Card(name=name, organisation="Harbour Institute")


def names_in(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


def test_picture_is_drawn_once_and_found_by_every_process(tmp_path: Path) -> None:
    drawn, all_asked = [], Event()

    def draw(card: Card) -> bytes:
        assert all_asked.wait(60)
        drawn.append(card.name)
        return card.name.encode()

    async def make_all() -> list[bytes]:
        pictures = Pictures(KeptPictures(tmp_path / "pictures"), draw)
        asked = asyncio.gather(*(pictures.make(a_card(name)) for name in ("Tides", "Waves", "Tides", "Tides")))
        asyncio.get_running_loop().call_soon(all_asked.set)  # after the first step of each
        return await asked

    assert asyncio.run(make_all()) == [b"Tides", b"Waves", b"Tides", b"Tides"]
    assert drawn == ["Tides", "Waves"]
    assert Pictures(KeptPictures(tmp_path / "pictures")).find(a_card("Waves")) == b"Waves"


def test_picture_that_was_dropped_is_not_drawn_again(tmp_path: Path) -> None:
    pictures = Pictures(KeptPictures(tmp_path), lambda _: b"")

    assert pictures.find(a_card()) is None
    assert asyncio.run(pictures.make(a_card())) == b""
    assert pictures.find(a_card()) == b""


@pytest.mark.parametrize("outcome", [None, OSError("no")], ids=["not now", "broken"])
def test_picture_that_cannot_be_drawn_now_is_asked_for_again(tmp_path: Path, outcome: OSError | None) -> None:
    def draw(_: Card) -> None:
        if outcome:
            raise outcome

    pictures = Pictures(KeptPictures(tmp_path), draw)

    with pytest.raises(TemporaryError):
        asyncio.run(pictures.make(a_card()))
    assert pictures.find(a_card()) is None


def test_many_that_wait_are_refused_and_the_others_get_their_picture() -> None:
    free = Event()

    def draw(_: Card) -> bytes:
        assert free.wait(20)
        return b"picture"

    async def ask() -> tuple[int, int]:
        pictures = Pictures(KeptPictures(None), draw)
        asked = [asyncio.ensure_future(pictures.make(a_card(f"Part {number}"))) for number in range(60)]
        await asyncio.sleep(0)
        free.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return answers.count(b"picture"), sum(isinstance(answer, TemporaryError) for answer in answers)

    made, refused = asyncio.run(ask())

    assert made + refused == 60
    assert 20 <= made <= 22  # those that wait, and those that are taken meanwhile


def test_oldest_pictures_go_first(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, most=3, most_bytes=25)
    for age, name in enumerate(("new", "used", "old", "oldest")):
        (tmp_path / f"{name}.png").write_bytes(b"0123456789")
        os.utime(tmp_path / f"{name}.png", (1_000_000 - age, 1_000_000 - age))

    assert kept.find("old") == b"0123456789"  # used just now
    kept.keep("latest", b"0123456789")

    assert names_in(tmp_path) == {"latest", "old"}  # of 25 bytes


def test_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = KeptPictures(tmp_path / "file" / "pictures")

    kept.keep("name", b"picture")

    assert kept.find("name") is None


def test_picture_is_drawn_by_a_process_apart() -> None:
    assert draw_apart(a_card("م ب" * 40_000)) == drawing.draw(a_card("م ب" * 40_000))
