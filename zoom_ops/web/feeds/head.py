"""Metadata in the head of a page: link preview, linked data, alternate formats."""

import json
from dataclasses import dataclass, replace
from functools import partial

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ...access import Shown
from ...events import Event
from ..dependencies import Services
from ..sanitize import first_words
from .linked_data import describe_event
from .oembed import write_oembed_address
from .previews import DRAWN, Picture, card_of_programme, card_of_series, drawn, picture_of
from .publisher import Publisher

_CALENDAR, _ATOM = "text/calendar", "application/atom+xml"
_dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, kw_only=True)
class Feed:
    """An alternate format of a page's content."""

    path: str  # or an address, which sites that look for oEmbed need
    kind: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The metadata of a page; meta.html renders it."""

    title: str
    address: str
    feeds: tuple[Feed, ...]
    picture: Picture
    description: str = ""
    linked_data: Markup | None = None


def head_of_programme(services: Services) -> Head:
    """Build the head of the programme page."""
    publisher = Publisher.of(services)
    return Head(
        title=publisher.name,
        address=publisher.address("/"),
        feeds=(_all_recordings(publisher),),
        picture=drawn(publisher.address(DRAWN), card_of_programme(publisher)),
    )


def head_of_series(services: Services, slug: str, name: str) -> Head:
    """Build the head of a series page."""
    publisher = Publisher.of(services)
    return Head(
        title=f"{name} – {publisher.name}",
        address=publisher.series(slug),
        feeds=(
            Feed(path=f"/series/{slug}.ics", kind=_CALENDAR, title=name),
            Feed(path=f"/series/{slug}.atom", kind=_ATOM, title=name),
        ),
        picture=drawn(publisher.series(slug, DRAWN), card_of_series(name, publisher)),
    )


def head_of_event(services: Services, shown: Shown, public: Shown) -> Head:
    """Build the head of an event page, for every reader of what a visitor may see (`public`); of a draft of nothing."""
    publisher, event = Publisher.of(services), shown.event
    if event.visibility == "draft":
        return replace(head_of_programme(services), title=event.name)
    return Head(
        title=event.name,
        address=publisher.event(event.id),
        description=first_words(event.description),
        feeds=(
            Feed(path=f"/events/{event.id}.ics", kind=_CALENDAR, title=event.name),
            Feed(path=f"/events/{event.id}.json", kind="application/json", title=event.name),
            _all_recordings(publisher),
            *((_oembed(event, publisher),) if services.embed_origins else ()),
        ),
        picture=picture_of(services, event, publisher),
        linked_data=htmlsafe_json_dumps(describe_event(public, publisher), dumps=_dump),
    )


def _oembed(event: Event, publisher: Publisher) -> Feed:
    return Feed(path=write_oembed_address(event.id, publisher), kind="application/json+oembed", title=event.name)


def _all_recordings(publisher: Publisher) -> Feed:
    return Feed(path="/recordings.atom", kind=_ATOM, title=publisher.recordings)
