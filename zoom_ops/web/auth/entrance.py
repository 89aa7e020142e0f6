"""The page that asks who somebody is, and the cookies that every way to sign in shares."""

import json
from datetime import timedelta

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ...identity import Who
from ..dependencies import SESSION, address_of, cookie_name, is_https, services_of, who_of
from ..rendering import render
from ..return_path import HOME, SECOND_FACTOR, local_path, with_goal

NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_LONGEST_GOAL = 800  # all cookies of a browser are in one field: nginx takes 8 kB


def ask_who(request: Request, *, goal: str, login: str = "", complaint: str = "", status: int = 200) -> Response:
    """Render the sign-in page, with a complaint if the last attempt failed."""
    provided = services_of(request).provided
    label = provided.label if provided else None
    values = {"next": local_path(goal), "login": login[:200], "complaint": complaint, "provider": label}
    return render(request, "sign_in.html", values, status=status, headers=NOT_KEPT)


def start_session(request: Request, secret: str, goal: str) -> Response:
    """Set the session cookie and redirect to `goal`; an earlier session of the browser ends."""
    identity = services_of(request).identity
    goal, known, who = local_path(goal), identity.find(secret), who_of(request)
    if who and not (known and known.session == who.session):  # a form that came twice has the same session
        identity.sign_out(who, address_of(request))
    if known and known.lacks_second_factor:
        goal = with_goal(SECOND_FACTOR, goal)
    elif goal == HOME and known and known.is_author:
        goal = "/-/drafts"
    response = RedirectResponse(goal, 303, NOT_KEPT)
    if known:
        keep_session(request, response, secret, known)
    return response


def short_goal(address: str) -> str:
    """Return the path to return to, for a state in a cookie; the programme in place of a path that is too long."""
    return local_path(address) if len(json.dumps(address)) <= _LONGEST_GOAL else HOME  # a quote takes two there


def keep_session(request: Request, response: Response, secret: str, who: Who) -> None:
    """Set the cookie of a session, for as long as the session can last."""
    if who.ends_at:
        keep_cookie(request, response, SESSION, secret, who.ends_at - services_of(request).identity.clock.now())


def keep_cookie(request: Request, response: Response, name: str, value: str, life: timedelta) -> None:
    """Set a cookie that scripts cannot read, and that other sites' forms do not send."""
    name, age, secure = cookie_name(request, name), int(life.total_seconds()), is_https(request)
    response.set_cookie(name, value, max_age=age, secure=secure, httponly=True, samesite="lax")


def drop_cookie(request: Request, response: Response, name: str) -> None:
    response.delete_cookie(cookie_name(request, name), secure=is_https(request), httponly=True, samesite="lax")
