"""Homes in the console: how far each was read, what is missing, read now."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request, Response

from ....homes import list_kinds
from ....operations.context import Context
from ....operations.homes.admin import ask_for_pull, check_home, find_home, show_homes
from ...dependencies import TheOperations
from ..frame import TheActor, go_on, make_router, show

_LONGEST_NAME = 100
_TROUBLED = ("failing", "late")

router = make_router()


@router.get("/homes")
def list_homes(request: Request, operations: TheOperations) -> Response:
    """Show the homes, with when they were read last and what came of it."""
    return _show(request, operations.context)


@router.post("/homes/{name}/check")
def check(request: Request, name: str, operations: TheOperations, _by: TheActor) -> Response:
    """Try what a home needs now, and show what was found."""
    known = find_home(operations.context, name[:_LONGEST_NAME]).name
    return _show(request, operations.context, known, check_home(operations.context, known))


@router.post("/homes/{name}/pull")
def pull(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Read what changed in a home now; its run shows how it goes."""
    known = find_home(operations.context, name[:_LONGEST_NAME]).name
    runs = ask_for_pull(operations.context, known, by)
    operations.wake()
    return go_on(f"/-/runs/{runs[0]}" if runs else "/-/homes", f"The home {known} is read now.")


def _show(request: Request, context: Context, checked: str = "", findings: Iterable[Any] = ()) -> Response:
    """Show the homes, those with trouble first, and what was found at the one that was checked."""
    rows = sorted(show_homes(context), key=lambda row: row["state"] not in _TROUBLED)
    values = {"homes": rows, "kinds": list_kinds(), "checked": checked, "findings": tuple(findings)}
    return show(request, "homes.html", values)
