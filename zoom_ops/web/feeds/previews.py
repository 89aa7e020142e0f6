"""The preview picture of a page: what is drawn of it, or an event's own."""

from dataclasses import dataclass

from ...events import Event
from ..dependencies import Services
from .cards import HEIGHT, WIDTH, Card, card_of
from .publisher import Publisher

DRAWN = "/picture.png"  # below the address of a page


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The preview picture of a page."""

    address: str
    text: str  # its alternative text
    width: int = WIDTH
    height: int = HEIGHT
    kind: str = "image/png"


def picture_of(services: Services, event: Event, publisher: Publisher) -> Picture:
    """Return the picture that previews of an event show."""
    return _own(event, publisher) or drawn(publisher.event(event.id, DRAWN), card_of(services, event))


def drawn(address: str, card: Card) -> Picture:
    """Build the address of a picture with a digest, so that a changed picture has a new address."""
    return Picture(address=f"{address}?v={card.digest}", text=card.text)


def _own(event: Event, publisher: Publisher) -> Picture | None:
    """Return an event's own picture, if it says what it shows; a decoration would be a preview that says nothing."""
    if event.image is None or not event.image.alt:
        return None
    address = publisher.picture(event.id, event.image)
    size = {"width": event.image.width, "height": event.image.height}
    return Picture(address=address, text=event.image.alt, kind="image/jpeg", **size)
