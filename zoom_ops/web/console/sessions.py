"""Sessions in the console, for admins: who is signed in, since when and from where."""

from fastapi import Request, Response

from ...errors import NotFoundError
from ...identity import end_one_session, list_session_page
from ..dependencies import TheServices
from ..proof import proven_admin_of
from .frame import TheActor, TheForm, go_on, make_router, show
from .paging import PAGE_SIZE, Pager, read_number

router = make_router(proven_admin_of)
_PATH = "/-/sessions"


@router.get("/sessions")
def list_sessions(request: Request, services: TheServices, page: str = "1") -> Response:
    """List the open sessions, the latest used first."""
    number, identity = max(1, read_number(page, "page")), services.identity
    window = {"limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE}
    rows, total = list_session_page(identity, **window)
    return show(request, "sessions.html", {"rows": rows, "pager": Pager(number=number, total=total)})


@router.post("/sessions/end")
def end(services: TheServices, by: TheActor, form: TheForm) -> Response:
    """End a session."""
    try:
        login = end_one_session(services.identity.database, by, form.get("session", ""))
    except NotFoundError:  # since the page was shown
        return go_on(_PATH, "That session had ended already.")
    return go_on(_PATH, f"A session of {login} has ended.")
