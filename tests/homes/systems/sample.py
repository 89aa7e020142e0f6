"""The event that every system holds from its start, and the people in it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

NEW_YORK = "America/New_York"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """A person in an event, in words that every system can hold."""

    honorific: str
    given_name: str
    family_name: str
    affiliation: str

    @property
    def name(self) -> str:
        """Return the name without the honorific."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        """Return an address that nobody reads."""
        return f"{self.given_name}.{self.family_name}@example.org".replace(" ", "-").lower()


SPEAKERS = (
    Speaker(honorific="Mr", given_name="Tomas", family_name="Lamanauskas", affiliation="ITU"),
    Speaker(honorific="Dr", given_name="Tawfik", family_name="Jelassi", affiliation="UNESCO"),
    Speaker(honorific="Ms", given_name="Mei Lin", family_name="Fung", affiliation="People Centered Internet"),
)


def _in_a_month() -> datetime:
    day = datetime.now(ZoneInfo(NEW_YORK)) + timedelta(days=30)
    return day.replace(hour=8, minute=30, second=0, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class SampleEvent:
    """An event to be made in a system: a month from now and 75 minutes long, unless it says otherwise."""

    title: str = "WSIS cooperation for accelerating progress on the SDGs"
    start: datetime = field(default_factory=_in_a_month)
    length: timedelta = timedelta(minutes=75)
    timezone: str = NEW_YORK
    description: str = "UNGIS side event at the ECOSOC Partnership Forum"
    speakers: tuple[Speaker, ...] = SPEAKERS

    @property
    def starts_utc(self) -> datetime:
        """Return the start in UTC."""
        return self.start.astimezone(UTC)

    @property
    def ends_utc(self) -> datetime:
        """Return the end in UTC."""
        return self.starts_utc + self.length

    @property
    def starts_local(self) -> datetime:
        """Return the start in the zone of the event."""
        return self.start.astimezone(ZoneInfo(self.timezone))

    @property
    def ends_local(self) -> datetime:
        """Return the end in the zone of the event."""
        return self.ends_utc.astimezone(ZoneInfo(self.timezone))

    def as_html(self) -> str:
        """Return the event as people announce it on a page, for systems that have no fields for it."""
        start, end = self.starts_local, self.ends_local
        line = f"{start.day} {start:%B %Y}, {start:%H:%M}-{end:%H:%M} {start:%Z}, {_city(self.timezone)} time"
        people = "".join(
            f"<li>{escape(f'{who.honorific}. {who.name}, {who.affiliation}')}</li>" for who in self.speakers
        )
        paragraphs = (self.description, line, "Virtual Platform: Zoom (webinar)")
        return "\n".join([*(f"<p>{escape(text)}</p>" for text in paragraphs), f"<ul>{people}</ul>"])


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
