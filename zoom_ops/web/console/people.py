"""The address book in the console."""

import csv
import io

from fastapi import Request, Response

from ...announcements import Contact, parse_lines, parse_people
from ...operations.events.address_book import forget_person, import_people, list_people_wanted
from ...operations.services import Desk
from ...operations.views.impact import foresee_addresses
from ...store.audit import Actor
from ..body_limit import Form
from ..dependencies import TheDesk, check_slug
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, show
from .paging import PAGE_SIZE, Pager, read_number

router = make_router()
_HEADER = "name,organization,email\n"


@router.get("/people")
def show_people(request: Request, desk: TheDesk, q: str = "", page: str = "1") -> Response:
    """List the address book, those with some words in them."""
    number = max(1, read_number(page, "page"))
    rows, total = list_people_wanted(desk.context, q[:200], limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return show(request, "people.html", {"rows": rows, "pager": Pager(number=number, total=total), "q": q[:200]})


@router.post("/people")
def add_people(request: Request, desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Take lines of an address book; speakers still to come get their addresses by it."""
    return _take(request, desk, by, form, parse_lines(form.get("lines", ""), "lines"), "/-/people")


@router.post("/events/{slug}/address")
def add_address(request: Request, slug: str, desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Take the address of somebody whom an event names."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow(form.get(name, "") for name in ("name", "organization", "email"))
    contacts = parse_people((_HEADER + line.getvalue()).encode(), "address")
    return _take(request, desk, by, form, contacts, f"/-/events/{check_slug(slug)}#people")


def _take(request: Request, desk: Desk, by: Actor, form: Form, contacts: tuple[Contact, ...], back: str) -> Response:
    """Write addresses into the book, once it is said whom that mails."""
    question = Question(title="Take into the address book?", button="Take it", back=back)
    if asked := ask_first(request, form, foresee_addresses(desk.context, contacts).sentences, question):
        return asked
    imported = import_people(desk.context, contacts, by)
    desk.wake()
    changed = sum(one.action != "unchanged" for one in imported.contacts)
    events = "1 event" if len(imported.events) == 1 else f"{len(imported.events)} events"
    return go_on(back, f"{changed} of {len(imported.contacts)} are new or changed; {events} got addresses.")


@router.post("/people/forget")
def forget(desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Take somebody out of the address book; what he is seated in stays as it is."""
    forget_person(desk.context, form.get("email", ""), by)
    return go_on("/-/people", "The address is taken out of the address book.")
