"""Users in the console, for admins: who may sign in, as what."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from ...errors import BadInputError
from ...identity import (
    ROLES,
    Passwords,
    UserChanges,
    UserDetail,
    add_user,
    get_user_detail,
    list_user_page,
    make_password,
    remove_user,
    reset_second_factor,
    set_user,
    sign_user_out,
    tidy_groups,
    unlock_user,
)
from ...planning import FieldChange
from ...store.db.connect import Database
from ...store.db.encryption import SecretBox
from ..dependencies import Services, TheServices, services_of
from ..edge.bodies import Form
from ..proof import proven_admin_of
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, show
from .paging import PAGE_SIZE, Pager, read_number

router = make_router(proven_admin_of)
PATH = "/-/users"
ROLE_MEANINGS = {
    "member": "reads what is for members",
    "author": "also writes drafts, and publishes nothing",
    "operator": "runs the service, and lets nobody in",
    "admin": "also decides who signs in, and which scripts have a token",
}
_LONGEST_WORDS, _LONGEST_GROUPS, _MOST_SESSIONS = 200, 10_000, 10


@router.get("/users")
def list_users(request: Request, q: str = "", page: str = "1") -> Response:
    """List the users whose name contains the words."""
    return _show_list(request, q=q[:_LONGEST_WORDS], number=max(1, read_number(page, "page")))


@router.post("/users")
def add(request: Request, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Add a user with a new password, and show it once."""
    password = make_password()
    try:
        changes = UserChanges(role=form.get("role", "member"), groups=_read_groups(form), password=password)
        login = add_user(services.identity.database, services.identity.passwords, by, form.get("name", ""), changes)
    except BadInputError as error:
        return _show_list(request, filled=form, error=str(error), status=400)
    return _show_password(request, f"{login} may sign in as {changes.role}", password)


@router.get("/users/{number}")
def show_user(request: Request, number: str) -> Response:
    """Show a user with their sessions, and what may be changed."""
    return show(request, "user.html", {"detail": _get(request, number), "roles": ROLE_MEANINGS})


@router.post("/users/{number}/role")
def change_role(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Change role and groups of a user, after the admin has confirmed which sessions that ends."""
    detail = _get(request, number)
    user, wanted = detail.user, UserChanges(role=form.get("role", detail.user.role), groups=_read_groups(form))
    if wanted.role not in ROLES:
        raise BadInputError(f"A role is one of {', '.join(ROLES)}.")
    rows = (
        FieldChange(field="Role", old=user.role, new=wanted.role),
        FieldChange(field="Groups", old=list(user.groups) or None, new=list(wanted.groups or ()) or None),
    )
    changes = tuple(row for row in rows if row.old != row.new)
    if not changes:
        return go_on(f"{PATH}/{user.id}", "Nothing was changed.")
    question = _ask(detail, f"Change what {user.login} may do?", "Change it", changes=changes)
    if confirmation := ask_first(request, form, _what_ends(detail), question):
        return confirmation
    set_user(*_tools_of(services), by, user.login, wanted)
    return go_on(f"{PATH}/{user.id}", f"{user.login} is changed, and signs in again.")


@router.post("/users/{number}/password")
def make_anew(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Give a user a new password, and show it once."""
    detail = _get(request, number)
    login = detail.user.login
    consequences = (f"The old password of {login} works no more.", *_what_ends(detail))
    question = _ask(detail, f"Make a new password for {login}?", "Make a new password")
    if confirmation := ask_first(request, form, consequences, question):
        return confirmation
    password = make_password()
    set_user(*_tools_of(services), by, login, UserChanges(password=password))
    return _show_password(request, f"{login} has a new password", password)


@router.post("/users/{number}/block")
def block(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Keep a user out until somebody lets them in again."""
    detail = _get(request, number)
    login = detail.user.login
    consequences = (f"{login} cannot sign in until you let them in again.", *_what_ends(detail), *_what_stays(detail))
    question = _ask(detail, f"Block {login}?", "Block", danger=True)
    if confirmation := ask_first(request, form, consequences, question):
        return confirmation
    set_user(*_tools_of(services), by, login, UserChanges(blocked=True))
    return go_on(f"{PATH}/{detail.user.id}", f"{login} is blocked.")


@router.post("/users/{number}/unblock")
def unblock(request: Request, number: str, services: TheServices, by: TheActor) -> Response:
    """Let a blocked user sign in again."""
    user = _get(request, number).user
    set_user(*_tools_of(services), by, user.login, UserChanges(blocked=False))
    return go_on(f"{PATH}/{user.id}", f"{user.login} may sign in again.")


@router.post("/users/{number}/unlock")
def unlock(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Forget the wrong attempts at a user's password; with an address, let them in from there."""
    user, identity = _get(request, number).user, services.identity
    network = unlock_user(identity.database, identity.box, by, user.login, form.get("address", "").strip() or None)
    where = f" from {network}" if network else ""
    return go_on(f"{PATH}/{user.id}", f"{user.login} may sign in now{where}.")


@router.post("/users/{number}/second-factor")
def reset_factor(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Remove the second factor of a user who has lost it."""
    detail = _get(request, number)
    login = detail.user.login
    consequences = (f"The password alone lets {login} in, until they add another one.", *_what_ends(detail))
    question = _ask(detail, f"Remove the second factor of {login}?", "Remove it", danger=True)
    if confirmation := ask_first(request, form, consequences, question):
        return confirmation
    reset_second_factor(services.identity.database, by, login)
    return go_on(f"{PATH}/{detail.user.id}", f"{login} has no second factor any more.")


@router.post("/users/{number}/sign-out")
def sign_out(request: Request, number: str, services: TheServices, by: TheActor) -> Response:
    """End all sessions of a user."""
    user = _get(request, number).user
    ended = sign_user_out(services.identity.database, by, user.login)
    return go_on(f"{PATH}/{user.id}", f"{user.login} is signed out: {_sessions(ended)} ended.")


@router.post("/users/{number}/remove")
def remove(request: Request, number: str, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Remove a user and end their sessions."""
    detail = _get(request, number)
    user = detail.user
    comes_back = (f"{user.login} comes back at the next sign-in through {user.issuer}. Block them to keep them out.",)
    consequences = (
        f"{user.login} cannot sign in any more. What they did stays in the audit.",
        *_what_ends(detail),
        *_what_stays(detail),
        *(comes_back if user.issuer else ()),
    )
    if confirmation := ask_first(
        request, form, consequences, _ask(detail, f"Remove {user.login}?", "Remove", danger=True)
    ):
        return confirmation
    remove_user(services.identity.database, by, user.login)
    return go_on(PATH, f"{user.login} is removed.")


def _tools_of(services: Services) -> tuple[Database, Passwords, SecretBox]:
    identity = services.identity
    return identity.database, identity.passwords, identity.box


def _get(request: Request, number: str) -> UserDetail:
    identity = services_of(request).identity
    return get_user_detail(identity, read_number(number, "user"), limit=_MOST_SESSIONS)


def _show_list(
    request: Request,
    *,
    q: str = "",
    number: int = 1,
    filled: Mapping[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    """Render the list of users, with the filled form and its mistake if there was one."""
    identity = services_of(request).identity
    window = {"limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE}
    found = list_user_page(identity, q, **window)
    values: dict[str, Any] = {"found": found, "pager": Pager(number=number, total=found.total), "q": q}
    filled = filled or {"role": "member"}
    return show(
        request, "users.html", values | {"roles": ROLE_MEANINGS, "filled": filled, "error": error}, status=status
    )


def _show_password(request: Request, title: str, password: str) -> Response:
    values = {
        "title": title,
        "secret": password,
        "what": "password",
        "sentence": "Give it to the user in a safe way. They change it at “Your account” once they are signed in.",
        "back": PATH,
        "back_name": "Users",
    }
    return show(request, "secret.html", values)


def _ask(detail: UserDetail, title: str, button: str, **more: Any) -> Question:
    return Question(title=title, button=button, back=f"{PATH}/{detail.user.id}", heading="What this does:", **more)


def _read_groups(form: Form) -> tuple[str, ...]:
    """Parse groups, one on each line: a name may have commas. Raise BadInputError for a text that is too long."""
    text = form.get("groups", "")
    if len(text) > _LONGEST_GROUPS:
        raise BadInputError(f"There is room for {_LONGEST_GROUPS:,} characters of groups, and this has {len(text):,}.")
    return tuple(tidy_groups(text.splitlines()))


def _what_ends(detail: UserDetail) -> tuple[str, ...]:
    if not detail.held:
        return ("No session ends: the user is signed in nowhere.",)
    return (
        f"{_sessions(detail.held).capitalize()} of {detail.user.login} end{'s' if detail.held == 1 else ''} at once.",
    )


def _what_stays(detail: UserDetail) -> tuple[str, ...]:
    """Say which tokens outlive the user: they belong to scripts."""
    if not detail.tokens:
        return ()
    names = ", ".join(detail.tokens[:10]) + (" and more" if len(detail.tokens) > 10 else "")
    return (f"Tokens that {detail.user.login} made stay valid: {names}. Revoke them on the page Tokens.",)


def _sessions(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"
