"""The publisher of the feeds: name, addresses, permanent ids."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid5

from ...events import Portrait, Publication
from ...licence import Licence
from ..dependencies import Services
from ..i18n.language import Language
from ..i18n.requirements import say_requirement

_OURS = UUID("5f0c2f0a-9c55-5a77-8d3c-6f1c0f6a1c4e")  # the UUID namespace of our ids; must never change


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """The publisher of the feeds. Its ids stay the same when an event or the site gets a new name or address."""

    name: str
    base_url: str  # without a slash at its end
    installation: str  # created at the first start; it stays when the site moves
    language: Language  # the site's default
    licence: Licence | None = None  # of texts and recordings

    @classmethod
    def of(cls, services: Services) -> "Publisher":
        """Build the publisher from the services."""
        language = next(iter(services.languages.values()))
        return cls(
            name=services.name_in(language),
            base_url=services.base_url,
            installation=services.installation,
            language=language,
            licence=services.licence,
        )

    @property
    def recordings(self) -> str:
        """The title of the feed of all recordings."""
        return f"{self.language.say('Recordings')} – {self.name}"

    def say_requirement(self, recording: Publication) -> str:
        """Return what Zoom asks of the viewers of a recording; empty if it is open."""
        return say_requirement(recording.requires, self.language)

    def address(self, path: str) -> str:
        """Build the absolute address of a path."""
        return f"{self.base_url}{path}"

    def event(self, event_id: str, ending: str = "") -> str:
        """Build the address of an event's page, or one below it with `ending`, such as `/join` or `.ics`."""
        return self.address(f"/events/{event_id}{ending}")

    def picture(self, event_id: str, image: Portrait) -> str:
        """Build the address of a picture of an event or of one of its people."""
        return self.event(event_id, f"/pictures/{image.digest}.jpg")

    def recording(self, event_id: str, part: int) -> str:
        """Build the address of a part of an event's recording."""
        return self.event(event_id, f"/recording?part={part}" if part > 1 else "/recording")

    def series(self, slug: str, ending: str = "") -> str:
        """Build the address of a series' page, or one below it with `ending`."""
        return self.address(f"/series/{slug}{ending}")

    def make_urn(self, *parts: str) -> str:
        """Build the URN of a feed or of an entry."""
        return uuid5(_OURS, "/".join(quote(part, safe="") for part in (self.installation, *parts))).urn
