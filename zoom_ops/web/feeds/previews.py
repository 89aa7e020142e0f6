"""The preview picture of a page: what is drawn of it, or an event's own."""

from dataclasses import dataclass

from ...events import Event
from ...linear import split_url
from ..dependencies import Services
from ..i18n.language import Language
from .cards import HEIGHT, WIDTH, Card
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
        name=event.name,
        series=event.series or "",
        when=language.join_day(*language.write_span(event.start, event.end, event.timezone)),
        status=status,
        organisation=organizers or organisation,
    )


def card_of_programme(publisher: Publisher) -> Card:
    """Build the card of the programme: the publisher and the host of the site."""
    return Card(name=publisher.name, organisation=split_url(publisher.base_url).netloc)


def card_of_series(name: str, publisher: Publisher) -> Card:
    """Build the card of a series."""
    return Card(name=name, organisation=publisher.name)


def _own(event: Event, publisher: Publisher) -> Picture | None:
    """Return an event's own picture, if it says what it shows; a decoration would be a preview that says nothing."""
    if event.image is None or not event.image.alt:
        return None
    address = publisher.picture(event.id, event.image)
    size = {"width": event.image.width, "height": event.image.height}
    return Picture(address=address, text=event.image.alt, kind="image/jpeg", **size)
