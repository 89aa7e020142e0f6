"""Homes in the console: how far each was read, what is missing, pull now."""

from fastapi import Request, Response

from ....operations.homes.admin import ask_for_pull, check_home, show_homes
from ...dependencies import TheOperations
from ..frame import TheActor, go_on, make_router, show

router = make_router()


@router.get("/homes")
def list_homes(request: Request, operations: TheOperations) -> Response:
    """Show the homes, with when they were read last and what came of it."""
    return show(request, "homes.html", {"homes": show_homes(operations.context), "checked": "", "findings": ()})


@router.post("/homes/{name}/check")
def check(request: Request, name: str, operations: TheOperations, _by: TheActor) -> Response:
    """Try what a home needs now, and show what was found."""
    findings = check_home(operations.context, name[:100])
    values = {"homes": show_homes(operations.context), "checked": name, "findings": findings}
    return show(request, "homes.html", values)


@router.post("/homes/{name}/pull")
def pull(name: str, operations: TheOperations, by: TheActor) -> Response:
    """Read what changed in a home now; its run shows how it goes."""
    runs = ask_for_pull(operations.context, name[:100], by)
    operations.wake()
    return go_on(f"/-/runs/{runs[0]}" if runs else "/-/homes", f"{name} is read now.")
