"""Pictures as people write them: an address, keys such as url and alt, or one that this service keeps already."""

from collections.abc import Mapping
from typing import Any

from ..read import PictureAt
from .keys import PICTURE_KEYS
from .moments import shown
from .record import Record, take_keys, take_one
from .trees import Path

LONGEST_ADDRESS = 4_000
_EXPECTED = "expected an address that begins with https://, or keys such as url and alt"


def take_image(record: Record, given: Mapping[str, Any], keys: list[str]) -> None:
    """Take the picture of an event."""
    value, place = take_one(record, given, keys, ())
    record.written["image",] = place
    _take(record, record.values, value, place, None)


def take_portraits(record: Record) -> None:
    """Take the pictures of the people of an event, whose other values are read."""
    for number, person in enumerate(record.values.get("performers", ())):
        if "image" in person:
            place = record.place(("performers", number, "image"))
            _take(record, person, person.pop("image"), place, number)


def _take(record: Record, values: dict[str, Any], value: Any, place: Path, person: int | None) -> None:
    """Put what names a kept picture, or null, into the values; remember an address, as its picture is fetched later."""
    value, place = (value[0], (*place, 0)) if isinstance(value, list) and value else (value, place)
    if value is None:
        values["image"] = None
        return
    said = {"url": value} if isinstance(value, str) else _take_mapping(record, value, place)
    if said is None:
        return
    if "digest" in said and "url" not in said:
        kept = ("digest", "width", "height", "alt") if person is None else ("digest",)
        values["image"] = {name: each for name, each in said.items() if name in kept}
        return
    url, text = said.get("url"), said.get("alt") or ""
    is_address = isinstance(url, str) and url.strip().lower().startswith(("https://", "http://"))
    if not is_address or len(str(url)) > LONGEST_ADDRESS or not isinstance(text, str):
        record.refuse(place, f"{_EXPECTED}, found {shown(value)}")
        return
    record.pictures.append(PictureAt(url=str(url).strip(), text=" ".join(text.split())[:500], person=person))


def _take_mapping(record: Record, value: Any, place: Path) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        record.refuse(place, f"{_EXPECTED}, found {shown(value)}")
        return None
    keys = take_keys(record, value, PICTURE_KEYS, place, {})
    return {name: take_one(record, value, spelled, place)[0] for name, spelled in keys.items() if name}
