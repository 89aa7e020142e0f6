"""What an operator should know about an event before it is saved: whose an address is, and why it stays a draft."""

from collections.abc import Sequence

from ....announcements import name_key
from ....events import Event
from ....store.address_book import ContactRow, find_contacts
from ....store.db.connect import Database
from ...i18n.language import Language
from .fields import Values
from .wording import label_of, name_option


def warn_of_addresses(database: Database, event: Event) -> tuple[str, ...]:
    """Say which addresses of an event's people are those of somebody else in the address book."""
    emails = {person.email for person in event.performers if person.email}
    with database.read() as connection:
        contacts = find_contacts(connection, emails) if emails else ()
    return tuple(sentence for sentence in (_whose(event, contact) for contact in contacts) if sentence)


def _whose(event: Event, contact: ContactRow) -> str:
    names = [person.name for person in event.performers if person.email == contact.email]
    others = [name for name in names if name_key(name) != contact.name_key]
    if not others:
        return ""
    return f"{contact.email} is {contact.name} in the address book, and {' and '.join(others)} here."


def say_why_draft(event: Event, values: Values, language: Language) -> tuple[str, ...]:
    """Say which doubts keep an event a draft, and what becomes of the visibility that was chosen."""
    held: Sequence[str] = [label_of(note.field, language) for note in event.blocking_notes()]
    if event.visibility != "draft" or not held:
        return ()
    fields = language.write_list(dict.fromkeys(held))
    why = language.say("It stays a draft while this is in doubt: %(fields)s.", fields=fields)
    chosen = values.get("visibility", "")
    if chosen in ("", "draft"):
        return (why,)
    then = language.say(
        "What you chose, “%(visibility)s”, holds once that is settled.", visibility=language.say(name_option(chosen))
    )
    return why, then
