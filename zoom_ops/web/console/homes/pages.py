"""Homes in the console: how far each was read, what is missing, pull now; links that people changed there."""

from fastapi import Request, Response

from ....operations.homes.admin import ask_for_pull, check_home, show_homes
from ....operations.reconcile.link_decisions import leave_links, restore_links
from ....store.home_entries import HomeEntry
from ...dependencies import TheOperations, TheSlug
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


@router.post("/events/{slug}/homes/restore")
def restore(slug: TheSlug, operations: TheOperations, by: TheActor) -> Response:
    """Write the links of an event again where people changed or removed them in a home."""
    links = restore_links(operations.context, slug, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#homes", f"Our links are written again in {_names_of(links)}.")


@router.post("/events/{slug}/homes/leave")
def leave(slug: TheSlug, operations: TheOperations, by: TheActor) -> Response:
    """Leave the links of an event as people changed them in a home."""
    links = leave_links(operations.context, slug, by)
    operations.wake()
    return go_on(f"/-/events/{slug}#homes", f"The links stay as people changed them in {_names_of(links)}.")


def _names_of(links: tuple[HomeEntry, ...]) -> str:
    return ", ".join(sorted({link.home for link in links}))
