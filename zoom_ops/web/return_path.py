"""Where a reader goes on to after signing in: an address of this site, and no other."""

import re
from urllib.parse import quote, urlsplit

from fastapi import Request

HOME = "/"
_OF_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # visible ASCII without a backslash, which browsers take for a slash


def local_path(address: str) -> str:
    """Take an address to go on to, if it is one of this site; any other leads to the programme."""
    return address if _OF_OURS.fullmatch(address) or address == HOME else HOME


def sign_in_path(goal: str) -> str:
    """Make the address of the sign-in page that leads on to another one."""
    return "/sign-in" if goal == HOME else f"/sign-in?next={quote(goal, safe='/')}"


def goal_of(request: Request) -> str:
    """Tell where a reader wanted to go: to what he asked for, or back to the page whose form he sent."""
    if request.method in ("GET", "HEAD"):
        address = urlsplit(str(request.url))
        return local_path(f"{address.path}?{address.query}" if address.query else address.path)
    came_from = urlsplit(request.headers.get("referer", ""))
    return local_path(came_from.path) if came_from.netloc == request.headers.get("host") else HOME
