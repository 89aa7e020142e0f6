"""Backups in the console, for admins: list, make, check, download; how to restore; what a restoration meant."""

from fastapi import Depends, Request, Response
from fastapi.responses import FileResponse

from ....operations.admin.backups import check_backup, dismiss_restoration, find_backup, hand_out_backup, list_checks
from ....operations.jobs.requests import request_job
from ....operations.views.backups.listing import JOB, load_backups
from ...dependencies import TheOperations, admin_of
from ...proof import proven_admin_of
from ...security_headers import SECRET
from ..confirming import Question, ask_first
from ..frame import TheActor, TheForm, go_on, make_router, show

router = make_router(admin_of)
_PATH = "/-/backups"
_HOLDS = (
    "It holds the names and e-mail addresses of speakers and organizers, drafts, and the audit, in the clear.",
    "Passcodes, links to join, links of recordings and what Zoom has sent are encrypted in it; passwords and tokens "
    "are hashes. With the secret key, which is not in it, whoever has both can read all of it.",
    "The audit says who has downloaded it.",
)


@router.get("/backups")
def show_backups(request: Request, operations: TheOperations, file: str = "") -> Response:
    """List the backups, with the steps that restore one of them on another machine."""
    context = operations.context
    backups = load_backups(context, operations.jobs)
    names = [row.name for row in backups.rows]
    chosen = file if file in names else next(iter(names), None)
    path = backups.folder.folder.absolute() / chosen if backups.folder and chosen else None
    values = {
        "backups": backups,
        "restored": backups.restored,
        "checking": list_checks(context),
        "chosen": chosen,
    } | operations.moving(path)
    return show(request, "backups.html", values)


@router.post("/backups/make")
def make(operations: TheOperations, by: TheActor) -> Response:
    """Request a backup now; its run shows how it goes."""
    (run_id, *_) = request_job(operations.context, operations.get_job(JOB), None, by)
    operations.wake()
    return go_on(f"/-/runs/{run_id}", "A backup was asked for.")


@router.post("/backups/check")
def check(operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Read a backup from end to end. Where that takes long, it goes on while the page is shown."""
    name = form.get("name", "")[:200]
    found = check_backup(operations.context, name, by)
    if found is None:
        return go_on(_PATH, f"{name} is being checked. What was found will stand in its row: load this page again.")
    return go_on(_PATH, f"{name}: {found}")


@router.post("/backups/download", dependencies=[Depends(proven_admin_of)])
def download(request: Request, operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Send a backup, after the admin has proved who they are and read what is in it. No cache keeps it."""
    name = form.get("name", "")[:200]
    find_backup(operations.context, name)
    question = Question(title=f"Download {name}?", button="Download it", back=_PATH, heading="What is in it:")
    if confirmation := ask_first(request, form, _HOLDS, question):
        return confirmation
    path = hand_out_backup(operations.context, name, by)
    return FileResponse(path, media_type="application/vnd.sqlite3", filename=name, headers=SECRET)


@router.post("/backups/dismiss")
def dismiss(operations: TheOperations, by: TheActor, form: TheForm) -> Response:
    """Show no more what a restoration meant, as far as the admin has read it."""
    if dismiss_restoration(operations.context, form.get("read", ""), by):
        return go_on(_PATH, "What the restoration meant is shown no more. What is found later is shown again.")
    return go_on(_PATH, "Nothing was dismissed: more was found since, or it was dismissed already.")
