"""The preview picture of a shared page: its texts, its layout as SVG, its image as PNG."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from xml.etree.ElementTree import Element, SubElement, tostring

from resvg_py import svg_to_bytes

from ...errors import TemporaryError
from ...events import Event
from ...linear import split_url
from ..dependencies import Services
from ..i18n.language import Language
from .fitting import FAMILY, FONT, LEADING, Fitted, fit, keep_legible
from .publisher import Publisher

WIDTH, HEIGHT = 1200, 630  # the size that readers of Open Graph expect
_MARGIN, _FOOT = 80, 116
_TITLE_SIZES = (88, 76, 68, 60, 52, 46, 40, 36)
_TO_RIGHT_TO_LEFT, _AND_BACK = "\u202b", "\u202c"
_GROUND, _FOOT_GROUND = "#0a4d8c", "#073a6b"  # as in palette.css
_INK, _SOFT_INK, _WARNING = "#ffffff", "#b3d6f9", "#f1cd7a"
_KEPT = 200  # pictures, of some 20 kB each
_PATIENCE_S = 1  # seconds; many waiting requests must not take all threads from the pages
_drawing = Lock()


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
    return Card(name=keep_legible(publisher.name), organisation=split_url(publisher.base_url).netloc)


def card_of_series(name: str, publisher: Publisher) -> Card:
    """Build the card of a series."""
    return Card(name=keep_legible(name), organisation=keep_legible(publisher.name))


def lay_out(card: Card) -> str:
    """Draw the card as SVG."""
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "height": str(HEIGHT)})
    for y, height, colour in ((0, HEIGHT, _GROUND), (HEIGHT - _FOOT, _FOOT, _FOOT_GROUND)):
        SubElement(svg, "rect", {"y": str(y), "width": str(WIDTH), "height": str(height), "fill": colour})
    mirrored = _runs_from_right(card.name or card.organisation)
    side = {"x": str(WIDTH - _MARGIN), "text-anchor": "end"} if mirrored else {"x": str(_MARGIN)}
    name = fit(card.name, WIDTH - 2 * _MARGIN, 290, _TITLE_SIZES)
    when = _one_line(" · ".join(filter(None, (card.status, card.when))))
    for text, baseline, ink in (
        (_one_line(card.series), 102, _SOFT_INK),
        (name, 122 + name.size, _INK),
        (when, HEIGHT - _FOOT - 36, _WARNING if card.status else _SOFT_INK),
        (_one_line(card.organisation), HEIGHT - _FOOT / 2 + 12, _INK),
    ):
        look = {"font-family": FAMILY, "font-size": str(text.size), "fill": ink}
        for number, line in enumerate(text.lines):
            place = {"y": f"{baseline + number * text.size * LEADING:.1f}"}
            # the renderer takes the direction of a line only from marks in it
            directed = f"{_TO_RIGHT_TO_LEFT}{line}{_AND_BACK}" if _runs_from_right(line) else line
            SubElement(svg, "text", look | side | place).text = directed
    return tostring(svg, encoding="unicode")


@lru_cache(maxsize=_KEPT)
def draw(card: Card) -> bytes:
    """Draw a card as PNG, one at a time. Raise TemporaryError if the others take longer than 1 second."""
    if not _drawing.acquire(timeout=_PATIENCE_S):
        raise TemporaryError("Other pictures are being drawn.")
    try:
        return svg_to_bytes(svg_string=lay_out(card), skip_system_fonts=True, font_files=[str(FONT)])
    finally:
        _drawing.release()


def _one_line(text: str) -> Fitted:
    return fit(text, WIDTH - 2 * _MARGIN, 34 * LEADING, (34,))


def _runs_from_right(text: str) -> bool:
    """Return whether the first letter of a text is written from right to left."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"
