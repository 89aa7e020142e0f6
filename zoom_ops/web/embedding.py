"""An event as a card on another site's page: what every visitor may see, whoever looks, and without a cookie."""

from fastapi import APIRouter, Request, Response

from ..access import VISITOR
from .headers import content_policy
from .rendering import render, same_for_all
from .view import view_event
from .wiring import check_slug, doors_of, language_of

router = APIRouter()


@router.api_route("/events/{slug}/embed", methods=["GET", "HEAD"])
def show_card(request: Request, slug: str) -> Response:
    """Show an event as a card."""
    doors, stranger = doors_of(request), _without_cookies(request)
    shown = doors.programme.get(check_slug(slug), VISITOR)
    page = view_event(shown, doors.base_url, doors.clock.now(), language_of(stranger))
    policy = {"Content-Security-Policy": content_policy(doors.embed_origins), "X-Robots-Tag": "noindex"}
    response = render(stranger, "embed.html", {"page": page}, headers=policy)
    del response.headers["Set-Cookie"]
    response.headers["Vary"] = "Accept-Language"
    return same_for_all(stranger, response)


def _without_cookies(request: Request) -> Request:
    """Take a request as that of somebody nobody knows."""
    headers = [pair for pair in request.scope["headers"] if pair[0] != b"cookie"]
    return Request({**request.scope, "headers": headers, "state": {}})
