"""The people of a letter with their addresses: "Ada Lovelace <ada@example.org>"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ...events import Event, ReviewNote
from ..address_book import Contact, match_people
from ..lines import Line
from ..who.speakers import Entry

_CONTACT = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w'’-]*(?:\s[A-ZÀ-Þ][\w'’.-]*){1,3})[\"”*]?\s*[(<\[]\s*(?:mailto:)?"
    r"(?P<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})\s*[)>\]]"
)
_JOINTS = frozenset(("and", "et", "y", "und", "&"))
_ADDRESS_TAKEN = "the e-mail gives an address beside this name; it is taken for this person"


def contacts_in(sender: str, lines: Sequence[Line]) -> tuple[Contact, ...]:
    """List who sends a letter, and who is named in its lines with an address."""
    found = (match for text in (sender, *(line.text for line in lines)) for match in _CONTACT.finditer(text[:4_000]))
    return tuple(Contact(name=each["name"], organization=None, email=each["email"].lower()) for each in found)


def name_in_full(entry: Entry, contacts: Sequence[Contact]) -> Entry:
    """Write "Lena and Tom Reyes" as "Lena Okafor and Tom Reyes", where one contact has that first name."""
    words = entry.text.split()
    for place, word in enumerate(words):
        begins = place == 0 or words[place - 1] in _JOINTS or words[place - 1].endswith((",", ";"))
        ends = place == len(words) - 1 or words[place + 1] in _JOINTS or word.endswith((",", ";"))
        bare = word.strip(",;")
        full = {each.name for each in contacts if each.name.split()[0] == bare}
        if begins and ends and len(full) == 1:
            words[place] = word.replace(bare, full.pop())
    return replace(entry, text=" ".join(words))


def take_addresses(event: Event, contacts: Sequence[Contact]) -> Event:
    """Give each person of the very same name the address, with a note."""
    matched = match_people(event, contacts)
    notes = tuple(
        ReviewNote(field="performers", text=f"{new.name}, {new.email}", reason=_ADDRESS_TAKEN)
        for old, new in zip(event.performers, matched.performers, strict=True)
        if new.email and not old.email
    )
    return matched.model_copy(update={"needs_review": (*matched.needs_review, *notes)})
