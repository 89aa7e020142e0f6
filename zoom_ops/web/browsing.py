"""The pages that list events: the programme, searched and filtered, and each series."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from ..errors import NotFoundError
from ..operations.programme import Page
from ..store.choosing import Wanted
from .asking import make_form, read_wanted, write_address
from .feeds.head import head_of_programme, head_of_series
from .listing import EventList, list_programme
from .rendering import render, unless_known
from .wiring import TheSlug, doors_of, language_of, read_number, reader_of

PAGE_SIZE = 20
_READ = ["GET", "HEAD"]

router = APIRouter()


async def _wanted(q: str = "", series: str = "", language: str = "", year: str = "", has: str = "") -> Wanted:
    return read_wanted(q, series, language, year, has)


@router.api_route("/", methods=_READ)
def show_programme(request: Request, wanted: Annotated[Wanted, Depends(_wanted)]) -> Response:
    """Show the events to come, then those that are over, each list by pages; all of them, or those that are wanted."""
    doors = doors_of(request)
    coming, over = _load_lists(request, wanted)
    values = {
        "lists": _list(request, wanted, coming, over),
        "found": coming.total + over.total,
        "form": make_form(wanted, doors.programme.list_choices(), language_of(request)),
        "head": head_of_programme(doors),
    }
    return unless_known(request, render(request, "programme.html", values))


@router.api_route("/series/{slug}", methods=_READ)
def show_series(request: Request, slug: TheSlug) -> Response:
    """Show a series: its events to come, then those that are over, and how to follow it."""
    doors = doors_of(request)
    name = doors.feeds.name_series(slug)
    coming, over = _load_lists(request, Wanted(series=slug))
    events = (*coming.events, *over.events)
    values = {
        "lists": _list(request, Wanted(), coming, over),
        "found": coming.total + over.total,
        "name": name,
        "slug": slug,
        "spoken": events[0].event.language,
        "head": head_of_series(doors, slug, name),
    }
    return unless_known(request, render(request, "series.html", values))


def _load_lists(request: Request, wanted: Wanted) -> tuple[Page, Page]:
    """Load the pages of the two lists that an address names; raise NotFoundError for one beyond the last."""
    doors, reader = doors_of(request), reader_of(request)
    first, second = (read_number(request.query_params.get(name, "1")) for name in ("upcoming", "past"))
    coming = doors.programme.list_upcoming(reader, limit=PAGE_SIZE, offset=(first - 1) * PAGE_SIZE, wanted=wanted)
    over = doors.programme.list_past(reader, limit=PAGE_SIZE, offset=(second - 1) * PAGE_SIZE, wanted=wanted)
    if (first > 1 and not coming.events) or (second > 1 and not over.events):
        raise NotFoundError("page", request.url.path)
    return coming, over


def _list(request: Request, wanted: Wanted, coming: Page, over: Page) -> tuple[EventList, ...]:
    now, path = doors_of(request).clock.now(), request.url.path
    return list_programme(coming, over, now, language_of(request), lambda **pages: write_address(path, wanted, **pages))
