"""Three states of an event become one: as its home said it last, as the home says it now, and as it is here. Pure.

What the home did not change keeps what operators made of it here. Where the home changed it, the home wins; but no home
allows a recording that somebody here forbade.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ...announcements import name_key
from ...events import Attachment, Event, Performer, ReviewNote
from ..events.unseen import stricter

Key = tuple[object, ...]
T = TypeVar("T", Performer, Attachment)
_TIMES = ("start", "end", "timezone", "display_times")  # they stay together
_ALONE = (
    "series", "description", "language", "status", "previous_start", "organizers", "venue", "attachments_note",
    "image", "consent",
)  # fmt: skip
_NAME = ("name",)
_PERSON = ("name", "kind", "honorific", "role", "organization", "email", "image")
_ENTRY = ("title", "kind", "url", "visibility", "state", "groups", "title_shown", "size", "dated")


def merge(base: Event | None, theirs: Event, ours: Event, *, unsaid: Sequence[str] = (), own: str = "") -> Event:
    """Return the event as it is to be here.

    `base`: what the home said last; None: nobody knows, so all that it says counts, and nothing here is taken out.
    `unsaid`: fields about which the home says nothing. `own`: our address of its recording, which is no entry of the
    home's. The review notes are those of the home, and those about what another source says of the name or the times,
    while the home does not change these. It asks for no visibility: that is decided here.
    """
    values: dict[str, Any] = {}
    for group in (_TIMES, _NAME, *((name,) for name in _ALONE)):
        said = {name: getattr(theirs, name) for name in group}
        is_news = base is None or any(getattr(base, name) != value for name, value in said.items())
        if is_news or _is_held(group, theirs.needs_review, ours.needs_review):
            values |= said
    if base is None:  # a default says nothing
        values = {name: value for name, value in values.items() if name in theirs.model_fields_set}
    if "consent" in values and (base is None or base.consent != ours.consent):
        values["consent"] = stricter(ours.consent, theirs.consent)
    notes = (*theirs.needs_review, *_notes_of_others(base, theirs, ours, values))
    values["performers"] = _merge_people(base.performers if base else None, theirs.performers, ours.performers)
    values["attachments"] = _merge_entries(base, theirs, ours, own)
    kept = {name: value for name, value in values.items() if name not in unsaid}
    all_fields = {name: getattr(ours, name) for name in Event.model_fields} | kept | {"needs_review": notes}
    return Event.model_construct({*all_fields} - {"visibility"}, **all_fields)


def merge_first(elsewhere: Event, theirs: Event, ours: Event, *, unsaid: Sequence[str] = (), own: str = "") -> Event:
    """Return an event as it is to be here that is read for the first time in this home, and is known from another.

    `elsewhere`: what the other home said last. Only where this home says something else does it change what is here.
    """
    both = merge(None, theirs, elsewhere, unsaid=unsaid, own=own)
    return merge(elsewhere, both, ours, own=own)


def _notes_of_others(base: Event | None, theirs: Event, ours: Event, news: Mapping[str, Any]) -> Iterator[ReviewNote]:
    """Yield the open doubts about name and times that are not the home's, and that the home does not settle."""
    for group in (_NAME, _TIMES) if base else ():
        of_home = any(note.field in group for event in (base, theirs) if event for note in event.needs_review)
        if not of_home and not any(name in news for name in group):
            yield from (note for note in ours.needs_review if note.field in group)


def _is_held(group: Sequence[str], said: Sequence[ReviewNote], open_here: Sequence[ReviewNote]) -> bool:
    """Return whether a doubt of the home about these fields is open here: what it says is offered again."""
    return all(any(note.field in group for note in notes) for notes in (said, open_here))


def _merge_people(
    base: Sequence[Performer] | None, theirs: Sequence[Performer], ours: Sequence[Performer]
) -> tuple[Performer, ...]:
    """Merge the people, who are known by their names. One whose name is completed in the home is the same person."""

    def is_same(before: Performer, now: Performer) -> bool:
        some, others = sorted((_words(before), _words(now)), key=len)
        return len(some) > 1 and some <= others

    return _merge_lists(base, theirs, ours, lambda person: (name_key(person.name),), is_same, _PERSON)


def _words(person: Performer) -> frozenset[str]:
    return frozenset(name_key(person.name).split())


def _merge_entries(base: Event | None, theirs: Event, ours: Event, own: str) -> tuple[Attachment, ...]:
    """Merge the links and attachments, which are known by their addresses, or else by kind and title.

    An entry that stands for recordings says who may see them: it stays where the home takes it out.
    """

    def is_own(entry: Attachment) -> bool:
        return bool(own) and (entry.url or "").partition("?")[0] == own

    def key_of(entry: Attachment) -> Key:
        if entry.kind == "recording" and (entry.url is None or is_own(entry)):
            return ("recording",)
        return (entry.url,) if entry.url else (entry.kind, entry.title)

    def is_same(before: Attachment, now: Attachment) -> bool:
        return (before.kind, before.title) == (now.kind, now.title)

    before = None if base is None else [entry for entry in base.attachments if not is_own(entry)]
    said = [entry for entry in theirs.attachments if not is_own(entry)]
    merged = _merge_lists(before, said, ours.attachments, key_of, is_same, _ENTRY)
    kept = [entry for entry in ours.attachments if entry.kind == "recording"]
    return (*merged, *(entry for entry in kept if key_of(entry) not in map(key_of, merged)))


def _merge_lists(
    base: Sequence[T] | None,
    theirs: Sequence[T],
    ours: Sequence[T],
    key_of: Callable[[T], Key],
    is_same: Callable[[T, T], bool],
    fields: Sequence[str],
) -> tuple[T, ...]:
    """Merge lists of entries with keys. `is_same` tells whether an entry is one of before under another key.

    What the home added is added, what it took out is taken out. What was added here stays; what was taken out here
    stays out unless the home changed it. The order is the home's where the home changed it.
    """
    known: dict[Key, T] = _by_key(base or (), key_of)
    here: dict[Key, T] = _by_key(ours, key_of)
    said: dict[Key, T] = _with_keys_of_before(known, _by_key(theirs, key_of), is_same)
    merged: dict[Key, T] = {}
    for key, entry in said.items():
        if key in here:
            merged[key] = _merge_entry(known.get(key), entry, here[key], fields)
        elif key not in known or entry != known[key]:
            merged[key] = entry
    merged |= {key: entry for key, entry in here.items() if key not in said and key not in known}
    order = [*here, *said] if [*known] == [*said] else [*said, *here]
    return tuple(merged[key] for key in dict.fromkeys(order) if key in merged)


def _with_keys_of_before(
    known: Mapping[Key, T], said: Mapping[Key, T], is_same: Callable[[T, T], bool]
) -> dict[Key, T]:
    """Return what the home says under the keys of before."""
    left = {key: entry for key, entry in known.items() if key not in said}
    found: dict[Key, T] = {}
    for key, entry in said.items():
        same = None if key in known else next((old for old, before in left.items() if is_same(before, entry)), None)
        if same is not None:
            del left[same]
        found[key if same is None else same] = entry
    return found


def _merge_entry(before: T | None, said: T, here: T, fields: Sequence[str]) -> T:
    """Merge the fields of an entry. Where nobody knows what it was before, what the home leaves empty stays as here."""
    values = {name: getattr(said, name) for name in fields}
    if before is not None:
        return here.model_copy(update={name: new for name, new in values.items() if new != getattr(before, name)})
    given = {name: new for name, new in values.items() if name in said.model_fields_set and new not in (None, "", ())}
    if getattr(here, "visibility", None) == "members":  # nothing is shown to more people for a default
        given.pop("visibility", None)
    return here.model_copy(update=given)


def _by_key(entries: Sequence[T], key_of: Callable[[T], Key]) -> dict[Key, T]:
    """Map the entries by key; of namesakes also by their number."""
    passed = Counter[Key]()
    found: dict[Key, T] = {}
    for entry in entries:
        key: Key = key_of(entry)
        number = passed[key]
        found[(*key, number)] = entry
        passed[key] = number + 1
    return found
