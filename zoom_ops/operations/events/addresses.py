"""Addresses of people that whoever writes an event does not see, and so cannot send back. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ...access import hide_note
from ...announcements import name_key
from ...events import Event, Performer, ReviewNote


def keep_addresses(event: Event, known: Iterable[Performer], called: Sequence[str] = ()) -> Event:
    """Give those of an event's people who have no address the one that its record has for them.

    `known`: the people of the record. `called`: what each of the event's people is called there, so that somebody
    whose name is corrected keeps the address; empty where the name is the same. Namesakes are told apart by their
    order as long as there are as many. Who is not on the event any more loses the address.
    """
    addresses: dict[str, list[str | None]] = {}
    for person in known:
        addresses.setdefault(name_key(person.name), []).append(person.email)
    before = [*called, *[""] * (len(event.performers) - len(called))]
    names = [name_key(name or person.name) for name, person in zip(before, event.performers, strict=True)]
    counts, passed = Counter(names), Counter[str]()
    performers = []
    for name, person in zip(names, event.performers, strict=True):
        same = addresses.get(name, [])
        found = same[passed[name]] if len(same) == counts[name] else next(filter(None, reversed(same)), None)
        performers.append(person if person.email else person.model_copy(update={"email": found}))
        passed[name] += 1
    return event.model_copy(update={"performers": tuple(performers)})


def restore_notes(notes: Iterable[ReviewNote], known: Iterable[ReviewNote]) -> tuple[ReviewNote, ...]:
    """Return notes that come back as `hide_note` shows them as the record has them, and the others as they are."""
    shown = {hide_note(note): note for note in known}
    return tuple(shown.get(note, note) for note in notes)
