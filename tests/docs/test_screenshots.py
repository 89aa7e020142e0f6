"""docs/screenshots has exactly the pictures that it lists, and they are small enough."""

from tests.docs.pages import iter_links, read
from tests.pictures.catalogue import CONSOLE, FOLDER, PUBLIC, RESTORED, write_index

MOST = 6_000_000  # bytes in all, 256 colours each: 101 pictures and 5.9 MB, with those of other systems


def test_index_lists_every_picture_that_is_there() -> None:
    index = read(FOLDER / "README.md")

    assert index == write_index(), "run `make screenshots`"
    assert sorted(iter_links(index)) == sorted(file.name for file in FOLDER.glob("*.png"))


def test_pictures_have_names_of_their_own() -> None:
    names = [picture.name for picture in (*PUBLIC, *CONSOLE, *RESTORED)]

    assert len(set(names)) == len(names)


def test_pictures_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.glob("*.png")) < MOST
