"""The path that a reader returns to after sign-in, always on this site."""

import re
from urllib.parse import quote

from fastapi import Request

from ..linear import split_url

HOME = "/"
ACCOUNT = "/account"
SECOND_FACTOR = f"{ACCOUNT}/second-factor"  # the page where it is set up
_OF_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # visible ASCII without backslash: browsers read it as a slash
_OF_ONE = re.compile(r"(/-/(?:events/[a-z0-9-]+|runs/[0-9]+))/")


def local_path(address: str) -> str:
    """Return an address if it is a path of this site, else the path of the programme."""
    return address if _OF_OURS.fullmatch(address) or address == HOME else HOME


def console_path(address: str) -> str:
    """Return an address if it is one of a page of the console, else nothing."""
    return address if address.startswith("/-/") and local_path(address.partition("#")[0]) != HOME else ""


def sign_in_path(goal: str) -> str:
    """Return the path of the sign-in page, with the path to return to."""
    return with_goal("/sign-in", goal)


def with_goal(path: str, goal: str) -> str:
    """Return a path with the path to return to afterwards."""
    return path if goal == HOME else f"{path}?next={quote(goal, safe='/')}"


def goal_of(request: Request) -> str:
    """Return the path to return to: the requested page, or the page with the form that was sent."""
    if request.method in ("GET", "HEAD"):
        address = split_url(str(request.url))
        return local_path(f"{address.path}?{address.query}" if address.query else address.path)
    return _came_from(request)


def back_of(request: Request) -> str:
    """Return the path of the page of the console whose form was refused; empty if there is none to go back to.

    A page that asks before it acts has the address that it posts to: then it is the page of the event or run.
    """
    if request.method in ("GET", "HEAD"):
        return ""
    sender, own = _came_from(request), request.url.path
    if sender.startswith("/-/") and sender not in ("/-/", own):
        return sender
    page = _OF_ONE.match(own)
    return page[1] if page else ""


def _came_from(request: Request) -> str:
    try:
        sender = split_url(request.headers.get("referer", ""))
    except ValueError:
        return HOME
    return local_path(sender.path) if sender.netloc == request.headers.get("host") else HOME
