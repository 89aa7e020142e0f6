"""Our links among the resources of a session of pretalx."""

import pytest

from zoom_ops.homes import Entry, Shown
from zoom_ops.homes.pretalx.client import Links, Resource
from zoom_ops.homes.pretalx.entries import build_link, own_links, record_id, split_id

ENTRY = Entry(
    key="4444AAA+iAAAAA/iAiAiiAii==",
    part=2,
    title="Recording, part 2",
    url="https://webinars.example.org/events/wsis/recording?part=2",
    visibility="members",
)
MORNING, EVENING = "2027-01-31T08:30:00-05:00", "2027-01-31T18:00:00-05:00"


def links_with(*resources: Resource, starts: tuple[str, ...] = (MORNING,)) -> Links:
    return Links(is_refused=False, starts=starts, resources=resources)


def as_resource(built: tuple[str, str]) -> Resource:
    return Resource(id=7, address=built[0], description=built[1], is_public=False)


@pytest.mark.parametrize("starts", [(MORNING,), (MORNING, EVENING)])
@pytest.mark.parametrize("url", [ENTRY.url, "https://webinars.example.org/recording#t=30"])
def test_link_is_read_as_it_was_built(url: str, starts: tuple[str, ...]) -> None:
    entry = Entry(key=ENTRY.key, part=2, title=ENTRY.title, url=url, visibility="members")

    built = build_link(entry, links_with(starts=starts), 1)

    expected = Shown(key=entry.key, title=entry.title, url=url, visibility="members", external_id="7")
    assert own_links(links_with(as_resource(built), starts=starts).resources, 1) == [expected]
    assert own_links(links_with(as_resource(built), starts=starts).resources, 2) == []


@pytest.mark.parametrize(
    ("starts", "slot", "title"),
    [
        ((MORNING,), 1, "Recording, part 2"),
        ((MORNING, EVENING), 2, "Recording, part 2 (2027-01-31 18:00)"),
        ((MORNING,), 2, "Recording, part 2 (2)"),  # pretalx no longer has the time
        (("soon", "later"), 1, "Recording, part 2 (1)"),
    ],
)
def test_title_says_which_slot_where_there_are_several(starts: tuple[str, ...], slot: int, title: str) -> None:
    address, description = build_link(ENTRY, links_with(starts=starts), slot)

    assert description == title
    assert own_links(links_with(as_resource((address, description))).resources, slot)[0].title == ENTRY.title


def test_links_of_people_are_none_of_ours() -> None:
    theirs = [
        Resource(id=number, address=address, description="Recording (2027-01-31 08:30)", is_public=True)
        for number, address in enumerate((ENTRY.url, f"{ENTRY.url}#part", f"{ENTRY.url}#zoom-ops=a&b", "/media/a.pdf"))
    ]

    assert own_links(links_with(*theirs).resources, 1) == []


def test_ids_name_session_and_slot() -> None:
    assert [split_id(record_id("ABCDEF", slot)) for slot in (1, 2, 10)] == [
        ("ABCDEF", 1),
        ("ABCDEF", 2),
        ("ABCDEF", 10),
    ]
    assert [split_id(text) for text in ("ABCDEF/1", "A/../B", "A?b")] == [("ABCDEF/1", 1), ("A/../B", 1), ("A?b", 1)]
