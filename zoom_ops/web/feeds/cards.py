"""The preview picture of a shared page: its texts, its layout as SVG."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from ...events import Event
from ..dependencies import Services
from ..i18n.language import Language
from .fitting import LEADING, Fitted, fit
from .publisher import Publisher
from .typefaces import FAMILY, keep_legible

WIDTH, HEIGHT = 1200, 630  # the size that readers of Open Graph expect
_MARGIN, _FOOT = 80, 116
_TITLE_SIZES = (88, 76, 68, 60, 52, 46, 40, 36)
_TO_RIGHT_TO_LEFT, _AND_BACK = "\u202b", "\u202c"
_GROUND, _FOOT_GROUND, _INK, _SOFT_INK, _WARNING = (
    "#0a4d8c",
    "#073a6b",
    "#ffffff",
    "#b3d6f9",
    "#f1cd7a",
)  # palette.css


@dataclass(frozen=True, kw_only=True)
class Card:
    """The texts of a picture. It must hold only what everybody may see."""

    name: str
    organisation: str
    series: str = ""
    when: str = ""
    status: str = ""  # in a word, if the event is cancelled or postponed

    @property
    def text(self) -> str:
        """All texts in one line."""
        return " – ".join(filter(None, (self.series, self.name, self.status, self.when, self.organisation)))

    @property
    def digest(self) -> str:
        """A digest of the texts."""
        return sha256(repr(self).encode()).hexdigest()[:20]


def card_of(services: Services, event: Event) -> Card:
    """Build the card of an event, in the event's language if the site has it, else in the site's default."""
    own = services.languages.get(event.language.partition("-")[0].lower())
    language = own or next(iter(services.languages.values()))
    return make_card(event, services.name_in(language), language)


def make_card(event: Event, organisation: str, language: Language) -> Card:
    """Build the card of an event in a language."""
    status = {"cancelled": language.say("Cancelled"), "postponed": language.say("Postponed")}.get(event.status, "")
    organizers = ", ".join(organizer.name for organizer in event.organizers)
    return Card(
        name=keep_legible(event.name),
        series=keep_legible(event.series or ""),
        when=keep_legible(language.join_day(*language.write_span(event.start, event.end, event.timezone))),
        status=keep_legible(status),
        organisation=keep_legible(organizers or organisation),
    )


def card_of_programme(publisher: Publisher) -> Card:
    """Build the card of the programme: the publisher and the host of the site."""
    return Card(name=keep_legible(publisher.name), organisation=urlsplit(publisher.base_url).netloc)


def card_of_series(name: str, publisher: Publisher) -> Card:
    """Build the card of a series."""
    return Card(name=keep_legible(name), organisation=keep_legible(publisher.name))


def lay_out(card: Card) -> str:
    """Draw the card as SVG."""
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(HEIGHT)})
    _fill(svg, 0, HEIGHT, _GROUND)
    _fill(svg, HEIGHT - _FOOT, _FOOT, _FOOT_GROUND)
    mirrored = _runs_from_right(card.name or card.organisation)
    for text in _place_texts(card):
        _write(svg, text, mirrored)
    return tostring(svg, encoding="unicode")


@dataclass(frozen=True, kw_only=True)
class _Text:
    """Lines of one size and colour; `y` is the baseline of the first line."""

    fitted: Fitted
    y: float
    ink: str


def _place_texts(card: Card) -> Iterator[_Text]:
    """Place series, name, time and organisation from top to bottom."""
    series = _one_line(card.series, 34)
    name = fit(card.name, WIDTH - 2 * _MARGIN, 290, _TITLE_SIZES)
    when = _one_line(" · ".join(filter(None, (card.status, card.when))), 34)
    yield _Text(fitted=series, y=102, ink=_SOFT_INK)
    yield _Text(fitted=name, y=122 + name.size, ink=_INK)
    yield _Text(fitted=when, y=HEIGHT - _FOOT - 36, ink=_WARNING if card.status else _SOFT_INK)
    yield _Text(fitted=_one_line(card.organisation, 34), y=HEIGHT - _FOOT / 2 + 12, ink=_INK)


def _one_line(text: str, size: int) -> Fitted:
    return fit(text, WIDTH - 2 * _MARGIN, size * LEADING, (size,))


def _write(svg: Element, text: _Text, mirrored: bool) -> None:
    look = {"font-family": FAMILY, "font-size": str(text.fitted.size), "fill": text.ink}
    side = {"x": str(WIDTH - _MARGIN), "text-anchor": "end"} if mirrored else {"x": str(_MARGIN)}
    for number, line in enumerate(text.fitted.lines):
        place = {"y": f"{text.y + number * text.fitted.size * LEADING:.1f}"}
        # the renderer takes the direction of a line only from marks in it
        directed = f"{_TO_RIGHT_TO_LEFT}{line}{_AND_BACK}" if _runs_from_right(line) else line
        SubElement(svg, "text", look | side | place).text = directed


def _fill(svg: Element, y: int, height: int, colour: str) -> None:
    SubElement(svg, "rect", {"y": str(y), "width": str(WIDTH), "height": str(height), "fill": colour})


def _runs_from_right(text: str) -> bool:
    """Return whether the first letter of a text is written from right to left."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"
