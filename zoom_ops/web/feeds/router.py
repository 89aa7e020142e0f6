"""Routes of the feeds.

They return what a visitor may see to every reader, because their readers pass them on.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from ...errors import NotFoundError
from ...events import Event
from ..dependencies import TheServices, TheSlug, read_number, services_of
from ..kept.answer import OWN, SHARED
from ..rendering import is_known, same_for_all
from ..security_headers import unindexed
from . import atom, sitemaps
from .cards import Card
from .oembed import describe_card, find_event_id
from .pictures import Pictures
from .previews import card_of, card_of_programme, card_of_series, picture_of
from .publisher import Publisher

_READ = ["GET", "HEAD"]
_CALENDAR, _ATOM, _XML = "text/calendar; charset=utf-8", "application/atom+xml", "application/xml"


async def _publisher(request: Request) -> Publisher:
    return Publisher.of(services_of(request))


async def _size(maxwidth: str = "", maxheight: str = "") -> tuple[int, int]:
    return read_number(maxwidth or "99999"), read_number(maxheight or "99999")


router = APIRouter()
Headers = Mapping[str, str]
NONE: Headers = MappingProxyType({})
ThePublisher = Annotated[Publisher, Depends(_publisher)]


@router.api_route("/events/{slug}.ics", methods=_READ)
def give_event_calendar(request: Request, slug: TheSlug, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the calendar of an event."""
    from . import calendars  # the library takes 3 MB, and is loaded for the first reader of a calendar

    dated = services.feeds.get_event(slug)
    return _give_calendar(request, calendars.write_event(dated, publisher), slug, dated.shown.event)


@router.api_route("/series/{slug}.ics", methods=_READ)
def give_series_calendar(request: Request, slug: TheSlug, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the calendar of a series, for subscriptions."""
    from . import calendars

    return _give_calendar(request, calendars.write_series(services.feeds.get_series(slug), publisher), slug)


@router.api_route("/recordings.atom", methods=_READ)
def give_recordings(request: Request, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the feed of the newest recordings."""
    return _give(request, atom.write_feed(services.feeds.list_recordings(), publisher), _ATOM)


@router.api_route("/series/{slug}.atom", methods=_READ)
def give_series_recordings(request: Request, slug: TheSlug, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the feed of a series' newest recordings."""
    name, recordings = services.feeds.name_series(slug), services.feeds.list_recordings(slug)
    return _give(request, atom.write_feed(recordings, publisher, name, slug), _ATOM)


@router.api_route("/events/{slug}/picture.png", methods=_READ)
async def give_event_picture(request: Request, slug: TheSlug, services: TheServices) -> Response:
    """Return the preview picture of an event."""
    event = (await run_in_threadpool(services.feeds.get_event, slug)).shown.event
    return await _give_picture(request, card_of(services, event), unindexed(event))


@router.api_route("/series/{slug}/picture.png", methods=_READ)
async def give_series_picture(
    request: Request, slug: TheSlug, services: TheServices, publisher: ThePublisher
) -> Response:
    """Return the preview picture of a series."""
    name = await run_in_threadpool(services.feeds.name_series, slug)
    return await _give_picture(request, card_of_series(name, publisher))


@router.api_route("/picture.png", methods=_READ)
async def give_programme_picture(request: Request, publisher: ThePublisher) -> Response:
    """Return the preview picture of the programme."""
    return await _give_picture(request, card_of_programme(publisher))


@router.api_route("/oembed", methods=_READ)
def give_card_by_oembed(
    request: Request,
    services: TheServices,
    publisher: ThePublisher,
    most: Annotated[tuple[int, int], Depends(_size)],
    url: str = "",
    format: str = "json",
) -> Response:
    """Return how another site shows an event's card."""
    slug = find_event_id(url, services.base_url)
    if slug is None or not services.embed_origins:
        raise NotFoundError("page", url[:200])
    event = services.feeds.get_event(slug).shown.event
    if format != "json":
        return Response("Only the format json is offered.\n", 501, media_type="text/plain; charset=utf-8")
    described = describe_card(event, picture_of(services, event, publisher), publisher, width=most[0], height=most[1])
    return _give(request, json.dumps(described, ensure_ascii=False).encode(), "application/json", event=event)


@router.api_route("/sitemap.xml", methods=_READ)
def give_sitemap(request: Request, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the index of the sitemaps."""
    return _give(request, sitemaps.write_index(services.feeds.count_events(), publisher), _XML)


@router.api_route("/sitemaps/series.xml", methods=_READ)
def give_series_addresses(request: Request, services: TheServices, publisher: ThePublisher) -> Response:
    """Return the sitemap of the programme and the series."""
    return _give(request, sitemaps.write_series_part(services.feeds.list_series(), publisher), _XML)


@router.api_route("/sitemaps/events-{number}.xml", methods=_READ)
def give_event_addresses(request: Request, number: str, services: TheServices, publisher: ThePublisher) -> Response:
    """Return a part of the sitemap of all events."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number):
        raise NotFoundError("part", number)
    part = services.feeds.list_events(limit=sitemaps.PART, offset=(int(number) - 1) * sitemaps.PART)
    if not part:
        raise NotFoundError("part", number)
    return _give(request, sitemaps.write_events_part(part, publisher), _XML)


@router.api_route("/robots.txt", methods=_READ)
def give_robots(request: Request, publisher: ThePublisher) -> Response:
    """Return robots.txt."""
    return _give(request, sitemaps.write_robots(publisher), "text/plain; charset=utf-8")


def _give_calendar(request: Request, body: bytes, slug: str, event: Event | None = None) -> Response:
    return _give(request, body, _CALENDAR, {"Content-Disposition": f'inline; filename="{slug}.ics"'}, event)


async def _give_picture(request: Request, card: Card, more: Headers = NONE) -> Response:
    """Answer with the picture of a card. While it is drawn, no thread of the pages waits."""
    headers = {"ETag": f'"{card.digest}{"-own" if more else ""}"', "Cache-Control": OWN if more else SHARED, **more}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    pictures: Pictures = request.app.state.pictures
    content = await run_in_threadpool(pictures.find, card)
    if content is None:
        content = await pictures.make(card)
    if not content:
        raise NotFoundError("picture", card.digest)
    return Response(content, media_type="image/png", headers=headers)


def _give(request: Request, body: bytes, kind: str, headers: Headers = NONE, event: Event | None = None) -> Response:
    """Answer with a feed; with that of an event as far as the event is listed."""
    response = Response(body, media_type=kind, headers={**headers, **(unindexed(event) if event else {})})
    return same_for_all(request, response, is_listed=event is None or event.visibility == "listed")
