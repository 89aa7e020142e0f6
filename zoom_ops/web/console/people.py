"""The address book in the console."""

from fastapi import Request, Response

from ...announcements.people import parse_people
from ...operations.people import forget_person, import_people, list_people_wanted
from .frame import TheActor, TheDesk, TheForm, go_on, make_router, show
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
def add_people(desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Take lines of an address book; speakers still to come get their addresses by it."""
    text = form.get("lines", "").lstrip()
    header = _HEADER.replace(",", ";") if ";" in text else _HEADER
    content = text if text.lower().startswith("name") else header + text
    imported = import_people(desk.context, parse_people(content.encode(), "lines"), by)
    desk.wake()
    changed = sum(one.action != "unchanged" for one in imported.contacts)
    return go_on(
        "/-/people",
        f"{changed} of {len(imported.contacts)} are new or changed; {len(imported.events)} events got addresses.",
    )


@router.post("/people/forget")
def forget(desk: TheDesk, by: TheActor, form: TheForm) -> Response:
    """Take somebody out of the address book; what he is seated in stays as it is."""
    forget_person(desk.context, form.get("email", ""), by)
    return go_on("/-/people", "The address is taken out of the address book.")
