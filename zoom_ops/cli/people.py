"""`zoom-ops people`: the address book."""

from pathlib import Path
from typing import Annotated

import typer

from .grammar.groups import Noun
from .opening import As, actor, opened, opened_storage
from .output import AsJson, print_list, print_result

app = Noun(name="people", help="List the address book, which says who has which e-mail address; import it.")

File = Annotated[
    Path, typer.Argument(metavar="FILE", readable=False, help="CSV with the header name,organization,email.")
]


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
