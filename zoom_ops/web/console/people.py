"""The address book in the console."""

import csv
import io

from fastapi import Request, Response

from ...announcements import Contact, parse_lines, parse_people
from ...operations.events.address_book import filter_people, forget_person, import_people
from ...operations.services import Operations
from ...operations.views.impact import impact_of_addresses, impact_of_forgetting
from ...store.audit import Actor
from ..dependencies import TheOperations, check_slug
from ..edge.bodies import Form
from .confirming import Question, ask_first, name_effects
from .frame import TheActor, TheForm, TheLongForm, go_on, make_router, show
from .paging import PAGE_SIZE, Pager, read_number

router = make_router()
_HEADER = "name,organization,email\n"


@router.get("/people")
def show_people(request: Request, operations: TheOperations, q: str = "", page: str = "1") -> Response:
    """List the entries of the address book that contain the words."""
    number = max(1, read_number(page, "page"))
    rows, total = filter_people(operations.context.database, q[:200], limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return show(request, "people.html", {"rows": rows, "pager": Pager(number=number, total=total), "q": q[:200]})


@router.post("/people")
def add_people(request: Request, operations: TheOperations, by: TheActor, form: TheLongForm) -> Response:
    """Import lines into the address book; speakers of upcoming events get their addresses from it."""
    return _take(request, operations, by, form, parse_lines(form.get("lines", ""), "lines"), "/-/people")


@router.post("/events/{slug}/address")
def add_address(request: Request, slug: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Import the address of a person on an event."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow(form.get(name, "") for name in ("name", "organization", "email"))
    contacts = parse_people((_HEADER + line.getvalue()).encode(), "address")
    return _take(request, operations, by, form, contacts, f"/-/events/{check_slug(slug)}#people")


def _take(
    request: Request, operations: Operations, by: Actor, form: Form, contacts: tuple[Contact, ...], back: str
) -> Response:
    """Import contacts, after the operator has confirmed whom this mails."""
    question = Question(title="Add to the address book?", button="Add", back=back)
    effects = name_effects(operations.context.database, impact_of_addresses(operations.context, contacts))
    if confirmation := ask_first(request, form, effects, question):
        return confirmation
    imported = import_people(operations.context, contacts, by)
    operations.wake()
    changed = sum(contact.action != "unchanged" for contact in imported.contacts)
    events = "1 event" if len(imported.events) == 1 else f"{len(imported.events)} events"
    return go_on(back, f"New or changed: {changed} of {len(imported.contacts)}. {events} got addresses.")


@router.post("/people/forget")
def forget(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Remove a person from the address book; their seats in webinars stay."""
    email = form.get("email", "")
    question = Question(title=f"Remove {email} from the address book?", button="Remove", back="/-/people")
    if confirmation := ask_first(request, form, impact_of_forgetting(operations.context, email), question):
        return confirmation
    forget_person(operations.context, email, by)
    return go_on("/-/people", "The address is removed from the address book.")
