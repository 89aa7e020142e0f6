"""Addresses of people that whoever writes an event does not see, and so cannot send back. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from ...access import hide_note
from ...announcements import name_key
from ...events import Event, Performer, ReviewNote

Origins = Sequence[int | None]  # for each entry of a list: the number of the same entry in another one


def keep_addresses(
    event: Event, known: Sequence[Performer], origins: Origins | None = None, in_book: Collection[str] = ()
) -> Event:
    """Give those of an event's people who have no address the one that its record has for them.

    `known`: the people of the record. `origins`: from which of them each of the event's people was made in a form;
    None: nobody knows, so the names say it. Somebody whose name is corrected keeps the address; who takes the place
    of another has none of theirs. `in_book`: the keys of the names for which the address book has an address.
    """
    names, known_names = [person.name for person in event.performers], [person.name for person in known]
    found: list[int | None] = list(origins) if origins is not None else [None] * len(names)
    taken = set(in_book).union(map(name_key, known_names))
    for row, number in enumerate(found):
        if number is None or number in found[:row] or not _is_same(names[row], known_names[number], taken):
            found[row] = None
    rows = [row for row, number in enumerate(found) if number is None]
    left = [number for number in range(len(known)) if number not in found]
    pairs = pair_names([names[row] for row in rows], [known_names[number] for number in left])
    for row, pair in zip(rows, pairs, strict=True):
        found[row] = None if pair is None else left[pair]
    performers = tuple(
        person if person.email or number is None else person.model_copy(update={"email": known[number].email})
        for person, number in zip(event.performers, found, strict=True)
    )
    return event.model_copy(update={"performers": performers})


def pair_names(names: Sequence[str], others: Sequence[str]) -> tuple[int | None, ...]:
    """Find each name in another list; None where it is not there.

    Namesakes are told apart by their order; where there are not as many of them, none is found.
    """
    keys, passed = [name_key(name) for name in names], Counter[str]()
    places: dict[str, list[int]] = {}
    for number, other in enumerate(others):
        places.setdefault(name_key(other), []).append(number)
    counts, found = Counter(keys), []
    for key in keys:
        same = places.get(key, ())
        found.append(same[passed[key]] if len(same) == counts[key] else None)
        passed[key] += 1
    return tuple(found)


def _is_same(name: str, before: str, taken: Collection[str]) -> bool:
    """Return whether a name is the one before, or that one corrected: it shares a word, and is nobody else's."""
    key, old = name_key(name), name_key(before)
    return key == old or (key not in taken and bool(set(key.split()) & set(old.split())))


def restore_notes(notes: Iterable[ReviewNote], known: Iterable[ReviewNote]) -> tuple[ReviewNote, ...]:
    """Return notes that come back as `hide_note` shows them as the record has them, and the others as they are."""
    shown = {hide_note(note): note for note in known}
    return tuple(shown.get(note, note) for note in notes)
