"""Homes in the console: how far each was read, what is missing, read now, take a record."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from fastapi import Request, Response

from ....homes import list_kinds
from ....operations.context import Context
from ....operations.homes.admin import ask_for_pull, check_home, find_home, show_homes
from ....operations.homes.asked import foresee_taking
from ....operations.homes.renewing import (
    foresee_renewing_event,
    foresee_renewing_home,
    renew_keys_of_event,
    renew_keys_of_home,
    sum_up,
)
from ...dependencies import TheOperations, check_slug
from ..confirming import Question, ask_first
from ..frame import TheActor, TheForm, go_on, make_router, show
from ..options import quote_event

_LONGEST_NAME = 100
_LONGEST_RECORD = 300
_TRIES = (
    "The home is asked with our credentials. Where that proves our rights, something harmless is written there, such "
    "as a link that only managers see, and taken back at once."
)
_TROUBLED = ("failing", "late")

router = make_router()


@router.get("/homes")
def list_homes(request: Request, operations: TheOperations) -> Response:
    """Show the homes, with when they were read last and what came of it."""
    return _show(request, operations.context)


@router.post("/homes/{name}/check")
def check(request: Request, name: str, operations: TheOperations, _by: TheActor, form: TheForm) -> Response:
    """Try what a home needs now, and show what was found. It asks first where something is written for that."""
    home = find_home(operations.context, name[:_LONGEST_NAME])
    question = Question(title=f"Check the home {home.name}?", button="Check it", back=f"/-/homes#home-{home.name}")
    if home.capabilities.writes and (confirmation := ask_first(request, form, (_TRIES,), question)):
        return confirmation
    return _show(request, operations.context, home.name, check_home(operations.context, home.name))


@router.post("/homes/{name}/take")
def take(request: Request, name: str, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Take a record that was left out, or read one again that could not be read, once that is confirmed."""
    known, record = find_home(operations.context, name[:_LONGEST_NAME]).name, form.get("record", "").strip()
    title = f"Take record {record[:_LONGEST_NAME]} of {known}?"
    question = Question(title=title, button="Take it", back=f"/-/homes#home-{known}")
    consequences = foresee_taking(operations.context, known, record[:_LONGEST_RECORD])
    if confirmation := ask_first(request, form, consequences, question):
        return confirmation
    runs = ask_for_pull(operations.context, known, by, take=record)
    operations.wake()
    return go_on(f"/-/runs/{runs[0]}" if runs else "/-/homes", f"Record {record} of {known} is read now.")


@router.post("/homes/{name}/pull")
def pull(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Read what changed in a home now; its run shows how it goes."""
    known = find_home(operations.context, name[:_LONGEST_NAME]).name
    runs = ask_for_pull(operations.context, known, by)
    operations.wake()
    return go_on(f"/-/runs/{runs[0]}" if runs else "/-/homes", f"The home {known} is read now.")


@router.post("/homes/renew")
def renew(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Renew the keys of links for members: of a home, or of an event in all its homes."""
    context, event = operations.context, form.get("event", "")
    if event:
        named, back = quote_event(operations, check_slug(event)), f"/-/events/{event}#homes"
        foreseen, do = foresee_renewing_event(context, event), partial(renew_keys_of_event, context, event, by)
    else:
        named = find_home(context, form.get("home", "")[:_LONGEST_NAME]).name
        back = f"/-/homes#home-{named}"
        foreseen, do = foresee_renewing_home(context, named), partial(renew_keys_of_home, context, named, by)
    question = Question(
        title=f"Renew the keys of links for members of {named}?", button="Renew them", back=back, danger=True
    )
    if confirmation := ask_first(request, form, foreseen, question):
        return confirmation
    sentence = sum_up(do())
    operations.wake()
    return go_on(back, sentence)


def _show(request: Request, context: Context, checked: str = "", findings: Iterable[Any] = ()) -> Response:
    """Show the homes: first the one that was checked, with what was found, then those with trouble."""
    rows = sorted(show_homes(context), key=lambda row: (row["name"] != checked, row["state"] not in _TROUBLED))
    values = {"homes": rows, "kinds": list_kinds(), "checked": checked, "findings": tuple(findings)}
    return show(request, "homes.html", values)
