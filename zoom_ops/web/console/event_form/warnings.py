"""What an operator should know about an event before it is saved: whose an address is, and why it stays a draft."""

from collections.abc import Sequence

from ....announcements import name_key
from ....events import Event
from ....store.address_book import ContactRow, find_contacts
from ....store.db.connect import Database
from ...i18n.language import Language
from .fields import Values
from .wording import label_of, name_option


def warn_of_addresses(database: Database, event: Event, language: Language) -> tuple[str, ...]:
    """Say which addresses of an event's people are those of somebody else in the address book."""
    emails = {person.email for person in event.performers if person.email}
    with database.read() as connection:
        contacts = find_contacts(connection, emails) if emails else ()
    others = ((contact, _called_otherwise(event, contact)) for contact in contacts)
    return tuple(
        language.say(
            "%(email)s is %(name)s in the address book, and %(others)s here.",
            email=contact.email,
            name=contact.name,
            others=language.write_list(names),
        )
        for contact, names in others
        if names
    )


def _called_otherwise(event: Event, contact: ContactRow) -> tuple[str, ...]:
    with_address = (person.name for person in event.performers if person.email == contact.email)
    return tuple(name for name in with_address if name_key(name) != contact.name_key)


def say_unseated(event: Event, language: Language) -> str:
    """Say who gets no seat because nobody knows their address; empty if nobody."""
    names = [person.name for person in event.without_address()] if event.status != "cancelled" else []
    return language.say("No address, so no seat: %(names)s.", names=language.write_list(names)) if names else ""


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
