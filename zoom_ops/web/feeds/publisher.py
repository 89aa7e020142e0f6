"""Who offers the feeds: the name on them, the addresses in them, and ids that outlive every rename and move."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid5

from ..dependencies import Services
from ..i18n.language import Language

_OURS = UUID("5f0c2f0a-9c55-5a77-8d3c-6f1c0f6a1c4e")  # the name space of our ids; must never change


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who offers the feeds."""

    name: str
    base_url: str  # without a slash at its end
    installation: str  # made at the first start, and kept when the pages move to another address
    language: Language  # the site's own

    @classmethod
    def of(cls, services: Services) -> "Publisher":
        """Take from the doors who offers the feeds."""
        language = next(iter(services.languages.values()))
        return cls(
            name=services.name_in(language),
            base_url=services.base_url,
            installation=services.installation,
            language=language,
        )

    @property
    def recordings(self) -> str:
        """The title of the feed of all recordings."""
        return f"{self.language.say('Recordings')} – {self.name}"

    def address(self, path: str) -> str:
        """Build the whole address of a path."""
        return f"{self.base_url}{path}"

    def event(self, event_id: str, ending: str = "") -> str:
        """Build the address of an event's page, or of what stands behind it, such as `/join` or `.ics`."""
        return self.address(f"/events/{event_id}{ending}")

    def recording(self, event_id: str, part: int) -> str:
        """Build the address that leads to a part of an event's recording."""
        return self.event(event_id, f"/recording?part={part}" if part > 1 else "/recording")

    def series(self, slug: str, ending: str = "") -> str:
        """Build the address of a series' page, or of what stands behind it."""
        return self.address(f"/series/{slug}{ending}")

    def make_uid(self, event_id: str) -> str:
        """Make the id under which calendars know an event, whatever becomes of its name, time and address."""
        return f"{event_id}@{self.installation}"

    def make_urn(self, *parts: str) -> str:
        """Make an id for a feed or an entry of it."""
        return uuid5(_OURS, "/".join(quote(part, safe="") for part in (self.installation, *parts))).urn
