"""Performers, organizers and attachments as people write them: a word, a list, keys and values."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ...events import maxima
from ...linear import split_url
from ...phrases.names import names_a_body, split_honorific
from .keys import (
    ATTACHMENT_KEYS,
    DISPLAY_TIME_KEYS,
    KINDS,
    NOTE_KEYS,
    ORGANIZER_KEYS,
    PEOPLE_KINDS,
    PERFORMER_KEYS,
    fold_key,
)
from .moments import shown
from .record import Record, take_keys, take_one
from .trees import Path

_WITH_EMAIL = re.compile(r"([^<>]*\S)\s*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>")  # RFC 5322, 3.4: name-addr
_WITH_BRACKET = re.compile(r"([^()]*\S)\s*\(([^()]+)\)")
_WITH_ADDRESS = re.compile(r"(?i)(?:(.*\S)\s*[:\N{EN DASH}-]\s+|\[(.*)\]\()?(https?://[^\s)]+)\)?")
_SEVERAL = re.compile(r",|\s(?:and|&|et|und|y|e)\s")
_NOBODY = ("tbc", "tba", "tbd", "n.n.", "nn", "to be confirmed", "to be announced")

MOST_ENTRIES = {
    "performers": maxima.PERFORMERS,
    "organizers": maxima.ORGANIZERS,
    "attachments": maxima.ATTACHMENTS,
    "display_times": maxima.DISPLAY_TIMES,
    "needs_review": maxima.NOTES,
}
_MOST_INSIDE = {"groups": maxima.GROUPS, "choices": maxima.CHOICES}  # of a list in an entry
LONGEST_ENTRY = 2_000  # characters of an entry that is one text
Entry = tuple[dict[str, Any], dict[str, Path]]  # values in the model, and the place in the file of each
Take = Callable[[Record, Any, Path, str], Iterator[Entry]]


def take_performers(record: Record, given: Mapping[str, Any], keys: Mapping[str, list[str]]) -> None:
    """Take performers, moderators and the like of an event, in the order of the file."""
    names = [*keys.get("performers", ()), *(key for kind in PEOPLE_KINDS for key in keys.get(kind, ()))]
    kinds = {key: kind for kind in PEOPLE_KINDS for key in keys.get(kind, ())}
    kept = [key for key in given if key in names and given[key] is not None]
    lists = [key for key in kept if key not in kinds]
    if lists:
        take_one(record, given, lists, ())  # refuses lists that differ
    sources = [(key, kinds.get(key, "")) for key in kept if key in kinds or key == lists[0]]
    _take(record, "performers", [(given[key], (key,), kind) for key, kind in sources], _performers_of)


def take_organizers(record: Record, given: Mapping[str, Any], keys: list[str]) -> None:
    """Take the organizers of an event."""
    value, place = take_one(record, given, keys, ())
    _take(record, "organizers", [(value, place, "")], _organizers_of)


def take_attachments(record: Record, given: Mapping[str, Any], keys: list[str]) -> None:
    """Take the attachments of an event."""
    value, place = take_one(record, given, keys, ())
    _take(record, "attachments", [(value, place, "")], _attachments_of)


def take_rows(record: Record, name: str, given: Mapping[str, Any], keys: list[str]) -> None:
    """Take the display times or review notes of an event."""
    table = {"display_times": DISPLAY_TIME_KEYS, "needs_review": NOTE_KEYS}[name]

    def rows_of(record: Record, value: Any, place: Path, _: str) -> Iterator[Entry]:
        if isinstance(value, Mapping):
            yield _take_mapping(record, value, table, place)
        else:
            record.refuse(place, f"expected keys and values, found {shown(value)}")

    value, place = take_one(record, given, keys, ())
    _take(record, name, [(value, place, "")], rows_of)


def _take(record: Record, name: str, sources: list[tuple[Any, Path, str]], take: Take) -> None:
    """Take the entries of lists; a single value is a list of one."""
    entries: list[Entry] = []
    for value, place, kind in sources:
        if isinstance(value, list):
            if len(value) > MOST_ENTRIES[name]:
                record.refuse(place, f"expected at most {MOST_ENTRIES[name]:,} entries, found {len(value):,}")
                continue
            for number, each in enumerate(value):
                entries.extend(_each(record, each, (*place, number), kind, take))
        elif value is not None:
            entries.extend(_each(record, value, place, kind, take))
        record.written.setdefault((name,), place)
    for number, (_, places) in enumerate(entries):
        record.written.update({(name, number, key) if key else (name, number): at for key, at in places.items()})
    if any(value is not None for value, _, _ in sources):
        record.values[name] = tuple(values for values, _ in entries)


def _each(record: Record, value: Any, place: Path, kind: str, take: Take) -> Iterator[Entry]:
    if isinstance(value, str) and len(value) > LONGEST_ENTRY:
        record.refuse(place, f"expected at most {LONGEST_ENTRY:,} characters, found {len(value):,}")
    else:
        yield from take(record, value, place, kind)


def _take_mapping(record: Record, given: Mapping[str, Any], table: Mapping[str, str], at: Path) -> Entry:
    values: dict[str, Any] = {}
    places: dict[str, Path] = {"": at}
    for name, keys in take_keys(record, given, table, at, {}).items():
        value, place = take_one(record, given, keys, at)
        most_entries = _MOST_INSIDE.get(name)
        if most_entries and isinstance(value, list) and len(value) > most_entries:  # pydantic would name each
            record.refuse(place, f"expected at most {most_entries:,} entries, found {len(value):,}")
            continue
        values[name], places[name] = value, place
    return values, places


def _performers_of(record: Record, value: Any, place: Path, kind: str) -> Iterator[Entry]:
    if isinstance(value, Mapping):
        yield _person_of(record, value, place, kind)
    elif isinstance(value, str) and value.strip():
        for text in _parts(value):
            if text.casefold().strip("() ") in _NOBODY:
                record.doubt("performers", place, text, "a person who is not named yet is left out")
            elif values := _read_person(record, text, place):
                yield {**({"kind": kind} if kind else {}), **values}, {"": place}
    else:
        record.refuse(place, f"expected a name, or keys such as name and organization, found {shown(value)}")


def _person_of(record: Record, given: Mapping[str, Any], place: Path, kind: str) -> Entry:
    values, places = _take_mapping(record, given, PERFORMER_KEYS, place)
    title = values.pop("title", None)
    names = [values.pop(part, None) for part in ("first_name", "last_name")]
    if any(names) and not values.get("name"):
        values["name"] = " ".join(name for name in names if isinstance(name, str))
        places["name"] = places.get("first_name", place)
    if isinstance(title, str) and title.strip():
        name = "role" if split_honorific(f"{title.strip()} X")[1] != "X" else "honorific"
        if values.setdefault(name, title.strip()) != title.strip():
            record.refuse(places["title"], f"{name!r} says the same differently: keep one of them")
    if "kind" in values and isinstance(values["kind"], str):
        values["kind"] = KINDS.get(fold_key(values["kind"]), values["kind"])
    elif "kind" not in values and isinstance(values.get("role"), str) and fold_key(values["role"]) in KINDS:
        values["kind"] = KINDS[fold_key(values.pop("role"))]
    if kind and values.setdefault("kind", kind) != kind:
        record.refuse(places["kind"], f"this person stands under {place[0]!r} and has another kind")
    if isinstance(values.get("name"), str) and "," in values["name"] and not record.is_ours:
        last, first = map(str.strip, values["name"].split(",", 1))
        values["name"] = f"{first} {last}" if first and "," not in first and len(last.split()) == 1 else values["name"]
        record.doubt("performers", places["name"], "", f"the name has a comma; it is read as {values['name']}")
    if "honorific" not in values and isinstance(values.get("name"), str):
        honorific, values["name"] = split_honorific(values["name"])
        values.update({"honorific": honorific} if honorific else {})
    return values, places


def _read_person(record: Record, text: str, place: Path) -> dict[str, Any] | None:
    """Read "Dr. Ada Lovelace (Radio Club) <ada@example.org>". Refuse what may be several people, or a role."""
    values: dict[str, Any] = {}
    rest = text
    if found := _WITH_EMAIL.fullmatch(rest):
        rest, values["email"] = found[1].strip(" \"'"), found[2]
    if found := _WITH_BRACKET.fullmatch(rest):
        rest, inside = found[1], found[2].strip()
        if kind := KINDS.get(fold_key(inside)):
            values["kind"] = kind
        else:
            values["organization"] = inside
            record.doubt("performers", place, text, f"{inside!r} is taken for the organization of {rest!r}")
    if _SEVERAL.search(rest) or set("@<(") & set(rest) or not any(map(str.isalpha, rest)):
        advice = "write one entry a person: [Ada Lovelace, Alan Turing], or keys such as name, role and organization"
        record.refuse(place, f"expected the name of one person, found {shown(text)}; {advice}")
        return None
    honorific, values["name"] = split_honorific(rest)
    if not honorific and names_a_body(rest):
        record.doubt("performers", place, text, "this is perhaps not a person")
    return values | ({"honorific": honorific} if honorific else {})


def _organizers_of(record: Record, value: Any, place: Path, _: str) -> Iterator[Entry]:
    if isinstance(value, Mapping):
        yield _take_mapping(record, value, ORGANIZER_KEYS, place)
    elif isinstance(value, str) and value.strip():
        for text in _parts(value):
            found = _WITH_BRACKET.fullmatch(text)
            acronym = found[2].strip() if found and found[2].strip().isupper() else None
            yield {"name": found[1] if found and acronym else text, "acronym": acronym}, {"": place}
    else:
        record.refuse(place, f"expected the name of an organization, found {shown(value)}")


def _attachments_of(record: Record, value: Any, place: Path, _: str) -> Iterator[Entry]:
    if isinstance(value, Mapping):
        addresses = [isinstance(each, str) and bool(_WITH_ADDRESS.fullmatch(each.strip())) for each in value.values()]
        if value and all(addresses) and not any(fold_key(key) in ATTACHMENT_KEYS for key in value):
            for title, address in value.items():  # {Slides: https://…, Programme: https://…}
                yield {"title": title, "url": address}, {"": (*place, title)}
            return
        values, places = _take_mapping(record, value, ATTACHMENT_KEYS, place)
        if "title" not in values and isinstance(values.get("url"), str):
            values["title"] = _title_of(values["url"])
        if isinstance(values.get("groups"), str):
            values["groups"] = (values["groups"],)
        yield values, places
    elif isinstance(value, str) and (found := _WITH_ADDRESS.fullmatch(value.strip())):
        yield {"title": found[1] or found[2] or _title_of(found[3]), "url": found[3]}, {"": place}
    else:
        advice = "or keys such as title and url"
        record.refuse(
            place, f"expected an address that begins with https:// or http://, {advice}, found {shown(value)}"
        )


def _parts(value: str) -> Iterator[str]:
    """Yield the entries of a text, which semicolons or lines part."""
    return filter(None, (part.strip() for part in re.split(r"[;\n]", value)))


def _title_of(address: str) -> str:
    """Return the last part of an address, or its host: the title of an attachment that has none."""
    try:
        parts = split_url(address)
    except ValueError:
        return address
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or address
