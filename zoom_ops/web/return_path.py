"""The path that a reader returns to after sign-in, always on this site."""

import re
from urllib.parse import quote, urlsplit

from fastapi import Request

HOME = "/"
_OF_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # visible ASCII without backslash: browsers read it as a slash


def local_path(address: str) -> str:
    """Return an address if it is a path of this site, else the path of the programme."""
    return address if _OF_OURS.fullmatch(address) or address == HOME else HOME


def sign_in_path(goal: str) -> str:
    """Return the path of the sign-in page, with the path to return to."""
    return "/sign-in" if goal == HOME else f"/sign-in?next={quote(goal, safe='/')}"


def goal_of(request: Request) -> str:
    """Return the path to return to: the requested page, or the page with the form that was sent."""
    if request.method in ("GET", "HEAD"):
        address = urlsplit(str(request.url))
        return local_path(f"{address.path}?{address.query}" if address.query else address.path)
    came_from = urlsplit(request.headers.get("referer", ""))
    return local_path(came_from.path) if came_from.netloc == request.headers.get("host") else HOME
