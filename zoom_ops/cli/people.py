"""`zoom-ops people`: the address book."""

from pathlib import Path
from typing import Annotated

import typer

from .asking import Yes, agreed, conclude
from .grammar.groups import Noun
from .opening import As, actor, opened, opened_storage
from .output import AsJson, print_list, print_result

app = Noun(name="people", help="List the address book, which says who has which e-mail address; add and remove people.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name, as events spell it.")]
Email = Annotated[str, typer.Option("--email", help="The e-mail address.")]
Affiliation = Annotated[str, typer.Option("--affiliation", help="The organization, to tell people of one name apart.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="The name or the address.")]

File = Annotated[
    Path, typer.Argument(metavar="FILE", readable=False, help="CSV with the header name,organization,email.")
]


@app.command()
def add(name: Name, email: Email, affiliation: Affiliation = "", as_name: As = None, as_json: AsJson = False) -> None:
    """Add a person to the address book, or change the entry of an address.

    Speakers of coming events who have no address get it, and are seated.
    """
    from dataclasses import asdict

    from ..announcements import make_contact
    from ..operations.events.address_book import import_people
    from ..operations.views.impact import impact_of_addresses

    contact = make_contact(name, affiliation, email)
    with opened() as service:
        effects = impact_of_addresses(service.context, (contact,)).sentences
        imported = import_people(service.context, (contact,), actor(as_name))
    document = {**asdict(imported.contacts[0]), "events": list(imported.events), "effects": effects}
    given = "".join(f" {event} has the address now." for event in imported.events)
    became = {"created": "is in the address book", "updated": "is changed in the address book"}
    outcome = became.get(imported.contacts[0].action, "was in the address book already")
    sentences = (f"{contact.name} <{contact.email}> {outcome}.{given}", *effects)
    return print_result(document, "\n".join(sentences), as_json=as_json)


@app.command()
def remove(person: Person, yes: Yes = False, as_name: As = None, as_json: AsJson = False) -> None:
    """Remove a person from the address book, once it is agreed to. Coming events keep the address and the seat."""
    from ..operations.events.address_book import find_person, forget_person
    from ..operations.views.impact import impact_of_forgetting

    with opened() as service:
        found = find_person(service.context.database, person)
        effects = impact_of_forgetting(service.context, found.email) or ("No coming event names the address.",)
        question = f"Remove {found.name} <{found.email}>?"
        agrees = agreed(effects, question, yes=yes, as_json=as_json)
        if agrees:
            forget_person(service.context, found.email, actor(as_name))
    document = {"name": found.name, "email": found.email, "removed": agrees, "effects": effects}
    sentence = f"{found.name} <{found.email}> is out of the address book."
    conclude(document, sentence, agreed=agrees, as_json=as_json)


@app.command("import")
def import_(file: File, as_name: As = None, as_json: AsJson = False) -> None:
    """Import an address book. Speakers of coming events get their addresses from it."""
    from collections import Counter
    from dataclasses import asdict

    from ..announcements import parse_people
    from ..operations.events.address_book import import_people
    from ..settings import read_input

    contacts = parse_people(read_input(file), str(file))
    with opened() as service:
        result = import_people(service.context, contacts, actor(as_name))
    counts = Counter(contact.action for contact in result.contacts)
    known = [f"{counts[action]} {action}" for action in ("created", "updated", "unchanged") if counts[action]]
    events = [f"\n{event}: speakers got their addresses" for event in result.events]
    sentences = (", ".join(known) or "The file names nobody.") + "".join(events)
    return print_result([asdict(contact) for contact in result.contacts], sentences, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the address book."""
    from ..operations.events.address_book import list_people

    with opened_storage() as storage:
        rows = list_people(storage.database)
    people = [{"name": row.name, "organization": row.organization, "email": row.email} for row in rows]
    columns = {"name": "name", "organization": "organization", "e-mail": "email"}
    empty = "The address book is empty: zoom-ops people import people.csv"
    return print_list(people, columns, as_json=as_json, empty=empty)
