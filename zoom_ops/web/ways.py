"""The ways from an event's page to Zoom: to its recording, and into its webinar. Each click asks who may go there."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ..errors import NotFoundError
from ..operations.standing import choose_action
from .addresses import leads_to_the_web
from .goals import goal_of, sign_in_path
from .rendering import render
from .wiring import doors_of, read_number, shown_of

_READ = ["GET", "HEAD"]
SECRET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

router = APIRouter()


@router.api_route("/events/{slug}/recording", methods=_READ)
def open_recording(request: Request, slug: str, part: str = "1", go: str = "") -> Response:
    """Lead to where a recording plays; a passcode that the address cannot carry is shown first."""
    shown, number = shown_of(request, slug), read_number(part)
    try:
        link = doors_of(request).programme.get_recording_link(shown.event.id, shown.reader, number)
    except NotFoundError:
        if (
            shown.reader.role == "visitor" and shown.recording_locked
        ):  # whichever part it is: how many there are is not told
            return RedirectResponse(sign_in_path(goal_of(request)), 303, SECRET)
        raise
    if not leads_to_the_web(link.url):
        raise NotFoundError("recording", shown.event.id)
    if link.passcode is None or go:
        return RedirectResponse(link.url, 303, SECRET)
    values = {"event": shown.event, "passcode": link.passcode, "part": number}
    return render(request, "passcode.html", values, headers=SECRET)


@router.api_route("/events/{slug}/join", methods=_READ)
def join(request: Request, slug: str) -> Response:
    """Lead to where one registers, or into the webinar while it is open; else to the page, which says how it is."""
    doors, shown = doors_of(request), shown_of(request, slug)
    action = choose_action(shown, doors.clock.now())
    if action.locked and action.kind != "watch" and shown.reader.role == "visitor":
        return RedirectResponse(sign_in_path(goal_of(request)), 303, SECRET)
    link = doors.programme.find_way_in(shown.event.id, shown.reader)
    goal = link if link and leads_to_the_web(link) else f"/events/{shown.event.id}"
    return RedirectResponse(goal, 303, SECRET)
