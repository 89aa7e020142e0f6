"""API tokens in the console, for admins: which scripts may do what, and until when."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import Request, Response

from ...errors import BadInputError
from ...identity import Scope, add_token, list_all_tokens, revoke_token
from ..dependencies import TheServices, services_of
from ..edge.bodies import Form
from ..proof import proven_admin_of
from .confirming import Question, ask_first
from .frame import TheActor, TheForm, go_on, make_router, show

router = make_router(proven_admin_of)
_PATH = "/-/tokens"
LIVES = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "a year", "never": "until it is revoked"}
_USUAL = "90"


@router.get("/tokens")
def show_tokens(request: Request) -> Response:
    """List the tokens, with a form for a new one."""
    return _show_list(request)


@router.post("/tokens")
def add(request: Request, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Make a token, and show it once, in this answer."""
    name, scopes = form.get("name", "").strip(), form.getlist("scope")
    try:
        secret = add_token(services.identity.database, by, name, scopes, _read_life(form))
    except BadInputError as error:
        return _show_list(request, filled=form, chosen=scopes, error=str(error), status=400)
    values = {
        "title": f"The token “{name}” is made",
        "secret": secret,
        "what": "token",
        "sentence": "The script sends it in a header with each request: Authorization: Bearer TOKEN",
        "back": _PATH,
        "back_name": "Tokens",
    }
    return show(request, "secret.html", values)


@router.post("/tokens/revoke")
def revoke(request: Request, services: TheServices, by: TheActor, form: TheForm) -> Response:
    """Revoke a token: its script is refused from then on."""
    name = form.get("name", "")[:100]
    question = Question(
        title=f"Revoke the token “{name}”?", button="Revoke", back=_PATH, danger=True, heading="What this does:"
    )
    consequences = ("Requests with this token are refused at once. A revoked token cannot be brought back.",)
    if confirmation := ask_first(request, form, consequences, question):
        return confirmation
    revoke_token(services.identity.database, by, name)
    return go_on(_PATH, f"The token “{name}” is revoked.")


def _show_list(
    request: Request,
    *,
    filled: Mapping[str, str] | None = None,
    chosen: Sequence[str] = (),
    error: str = "",
    status: int = 200,
) -> Response:
    """Render the list of tokens, with the filled form and its mistake if there was one."""
    services = services_of(request)
    values = {
        "tokens": list_all_tokens(services.identity),
        "now": services.clock.now(),
        "scopes": list(Scope),
        "lives": LIVES,
        "filled": filled or {"expires": _USUAL},
        "chosen": chosen,
        "error": error,
    }
    return show(request, "tokens.html", values, status=status)


def _read_life(form: Form) -> timedelta | None:
    life = form.get("expires", _USUAL)
    if life not in LIVES:
        raise BadInputError("Choose from the list how long the token holds.")
    return None if life == "never" else timedelta(days=int(life))
