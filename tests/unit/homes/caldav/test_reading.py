"""An entry of a calendar as a record."""

from typing import cast

import pytest

from zoom_ops.homes import Record, settings_of
from zoom_ops.homes.caldav.reading import iter_raws, read_record
from zoom_ops.homes.caldav.settings import Settings

_SETTINGS = cast(
    Settings,
    settings_of("caldav").model_validate(
        {
            "kind": "caldav", "url": "https://dav.example.org", "calendar": "/un/", "user": "bot", "password": "x",
            "readers": "everybody",
        }
    ),
)  # fmt: skip
_EVENT = "BEGIN:VEVENT\nUID:tea\nSUMMARY:Tea\nDTSTART:20270403T140000Z\nDTEND:20270403T150000Z\n{}END:VEVENT\n"
_MOVED = "RECURRENCE-ID:20270404T140000Z\n"


def _read(*events: str) -> Record:
    content = "BEGIN:VCALENDAR\nVERSION:2.0\n" + "".join(map(_EVENT.format, events)) + "END:VCALENDAR\n"
    return read_record(next(iter_raws("tea.ics", content.encode())), _SETTINGS)


@pytest.mark.parametrize(
    ("events", "is_public"),
    [
        (("",), True),
        (("CLASS:public\n",), True),
        (("CLASS:PRIVATE\n",), False),
        (("CLASS:X-STAFF\n",), False),
        (("CLASS:PRIVATE\nRRULE:FREQ=DAILY;COUNT=2\n", f"{_MOVED}CLASS:PUBLIC\n"), False),
    ],
)
def test_entry_is_public_only_where_all_its_dates_are(events: tuple[str, ...], is_public: bool) -> None:
    assert _read(*events).is_public is is_public


def test_categories_of_all_lines_are_labels() -> None:
    assert _read("CATEGORIES:Talks,Food\\, drink\nCATEGORIES:Tea\n").labels == ("Talks", "Food, drink", "Tea")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "/tea"])
def test_page_of_an_entry_is_one_of_the_web(url: str) -> None:
    assert _read(f"URL:{url}\n").url == "https://dav.example.org/un/tea.ics"
