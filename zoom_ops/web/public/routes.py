"""Routes of the public pages: programme, series, event, card, stream, links to Zoom."""

from functools import partial
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from ...access import VISITOR, Reader, Shown, shown_json
from ...errors import NotFoundError
from ...operations.views.lists import ProgrammeLists
from ...operations.views.standing import choose_action
from ...store.event_queries import ProgrammeFilter
from ..dependencies import (
    TheSlug,
    address_of,
    check_slug,
    language_of,
    read_number,
    reader_of,
    services_of,
    shown_of,
    who_of,
)
from ..feeds.head import head_of_event, head_of_programme, head_of_series
from ..rendering import render, same_for_all, unless_known
from ..return_path import goal_of, sign_in_path
from ..security_headers import SECRET, content_policy, unindexed
from ..streams.places import Place
from ..streams.sending import EventStream
from .attachments import leads_to_the_web
from .event_page import view_event
from .member_link import key_of, take_key
from .programme_page import list_programme, make_form, next_change, read_filter
from .sharing import share_event
from .stream import stream_place, streams_of

PAGE_SIZE = 20
_READ = ["GET", "HEAD"]

router = APIRouter()


async def _filters(q: str = "", series: str = "", language: str = "", year: str = "", has: str = "") -> ProgrammeFilter:
    return read_filter(q, series, language, year, has)


@router.api_route("/", methods=_READ)
def show_programme(request: Request, filters: Annotated[ProgrammeFilter, Depends(_filters)]) -> Response:
    """Show the upcoming and the past events that match the filters, each list by pages."""
    services = services_of(request)
    now, language = services.clock.now(), language_of(request)
    lists = _load_lists(request, filters)
    coming, over = lists.coming, lists.past
    values = {
        "lists": list_programme(coming, over, now, language, request.url.path, filters),
        "total": coming.total + over.total,
        "form": make_form(filters, lists.choices, language),
        "head": head_of_programme(services),
    }
    until = next_change((coming, over), lists.next_end, now, language)
    return unless_known(request, render(request, "programme.html", values), until=until)


@router.api_route("/series/{slug}", methods=_READ)
def show_series(request: Request, slug: TheSlug) -> Response:
    """Show a series: its upcoming events, its past events, its feeds."""
    services = services_of(request)
    now, path, language = services.clock.now(), request.url.path, language_of(request)
    name = services.feeds.name_series(slug)
    lists = _load_lists(request, ProgrammeFilter(series=slug))
    coming, over = lists.coming, lists.past
    events = (*coming.events, *over.events)
    if not events:  # the last one has gone meanwhile
        raise NotFoundError("series", slug)
    values = {
        "lists": list_programme(coming, over, now, language, path, ProgrammeFilter()),
        "total": coming.total + over.total,
        "name": name,
        "slug": slug,
        "spoken": events[0].language,
        "head": head_of_series(services, slug, name),
    }
    until = next_change((coming, over), lists.next_end, now, language)
    return unless_known(request, render(request, "series.html", values), until=until)


def _load_lists(request: Request, filters: ProgrammeFilter) -> ProgrammeLists:
    """Load the pages of both lists that an address names. Raise NotFoundError for a page beyond the last."""
    first, second = (read_number(request.query_params.get(name, "1")) for name in ("upcoming", "past"))
    offsets = {"coming": (first - 1) * PAGE_SIZE, "past": (second - 1) * PAGE_SIZE}
    lists = services_of(request).programme.load_programme(reader_of(request), filters, limit=PAGE_SIZE, **offsets)
    if (first > 1 and not lists.coming.events) or (second > 1 and not lists.past.events):
        raise NotFoundError("page", request.url.path)
    return lists


@router.api_route("/events/{slug}.json", methods=_READ)
def give_event(request: Request, slug: str) -> Response:
    """Return the Event JSON of what the reader may see."""
    shown = shown_of(request, slug)
    response = JSONResponse(shown_json(shown), headers=unindexed(shown.event))
    return unless_known(request, response, is_listed=_is_listed(shown))


@router.api_route("/events/{slug}", methods=_READ)
def show_event(request: Request, slug: str) -> Response:
    """Show an event."""
    services = services_of(request)
    shown, public = services.programme.get_both(check_slug(slug), reader_of(request))
    page = view_event(shown, services.base_url, services.clock.now(), language_of(request))
    values = {
        "page": page,
        "head": head_of_event(services, shown, public),
        "sharing": share_event(shown.event, services.base_url, services.share_on, language_of(request)),
        "licence": services.licence,
    }
    response, is_listed = render(request, "event.html", values, headers=unindexed(shown.event)), _is_listed(shown)
    return unless_known(request, response, until=page.updates_at, is_listed=is_listed)


@router.get("/events/{slug}/stream", response_class=Response)
async def stream_changes(
    request: Request, slug: str, place: Annotated[Place, Depends(stream_place)], version: str = ""
) -> EventStream:
    """Send `changed` when the reader's version of the event is out of date."""
    streams, known = streams_of(request.app), request.headers.get("last-event-id", version)
    if not request.cookies and streams.is_followed(slug, VISITOR):  # most pages of a crowd: nothing is to be read
        event_id, reader, session = slug, VISITOR, None
    else:
        event_id, reader, session = await run_sync(_find_listener, request, slug)
    follow = partial(streams.follow, event_id=event_id, reader=reader, version=known, session=session)
    return EventStream(follow, leave=place.hand_on().leave)


def _find_listener(request: Request, slug: str) -> tuple[str, Reader, str | None]:
    """Find the event, the reader and their session. A stream keeps no more: it is one of thousands."""
    shown, who = shown_of(request, slug), who_of(request)
    return shown.event.id, shown.reader, who.session if who else None


@router.api_route("/events/{slug}/embed", methods=_READ)
def show_card(request: Request, slug: str) -> Response:
    """Show an event as a card for embedding, as a visitor sees it."""
    services = services_of(request)
    headers = [pair for pair in request.scope["headers"] if pair[0] != b"cookie"]
    stranger = Request({**request.scope, "headers": headers, "state": {}})
    shown = services.programme.get(check_slug(slug), VISITOR)
    page = view_event(shown, services.base_url, services.clock.now(), language_of(stranger))
    policy = {"Content-Security-Policy": content_policy(services.embed_origins), "X-Robots-Tag": "noindex"}
    response = render(stranger, "embed.html", {"page": page}, headers=policy)
    del response.headers["Set-Cookie"]
    response.headers["Vary"] = "Accept-Language"
    return same_for_all(stranger, response, until=page.updates_at, is_listed=_is_listed(shown))


def _is_listed(shown: Shown) -> bool:
    return shown.event.visibility == "listed"


@router.api_route("/events/{slug}/recording", methods=_READ)
def open_recording(request: Request, slug: str, part: str = "1", go: str = "", key: str = "") -> Response:
    """Redirect to a recording. If it has a passcode that the address cannot carry, show the passcode first."""
    if key:
        return take_key(request, slug, part, key)
    shown, number = shown_of(request, slug), read_number(part)
    held = key_of(request, number)
    try:
        link = services_of(request).programme.get_recording_link(shown.event.id, shown.reader, number, held)
    except NotFoundError:
        if held:
            services_of(request).refusals.note("key_wrong", address_of(request))
        # for every part number, so that the answer does not reveal how many parts there are
        if shown.reader.role == "visitor" and shown.recording_locked:
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
    """Redirect to the registration or into the open webinar; otherwise to the event's page."""
    services, shown = services_of(request), shown_of(request, slug)
    action = choose_action(shown, services.clock.now())
    if action.locked and action.kind != "watch" and shown.reader.role == "visitor":
        return RedirectResponse(sign_in_path(goal_of(request)), 303, SECRET)
    link = services.programme.find_way_in(shown.event.id, shown.reader)
    goal = link if link and leads_to_the_web(link) else f"/events/{shown.event.id}"
    return RedirectResponse(goal, 303, SECRET)
