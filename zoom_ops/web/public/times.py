"""The time of an event as text, in its own zone and in the zones of its announcement."""

from dataclasses import dataclass

from ...events import Event
from ..i18n.language import Language


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """The time of an event in one zone; `day` is empty if it is the day of the first row."""

    label: str
    language: str  # of the label: the announcement's, or the page's own
    timezone: str
    day: str
    hours: str


def list_times(event: Event, language: Language) -> tuple[TimeRow, ...]:
    """List the event's time in its own zone and in the announced zones, each computed from the instant."""
    zones = [(row.label, row.timezone) for row in event.display_times]
    if event.timezone not in {zone for _, zone in zones}:
        zones.insert(0, ("", event.timezone))
    first, _ = language.write_span(event.start, event.end, zones[0][1])
    rows: list[TimeRow] = []
    for label, zone in zones:
        day, hours = language.write_span(event.start, event.end, zone)
        rows.append(
            TimeRow(
                label=label or language.name_zone(zone),
                language=event.language if label else language.code,
                timezone=zone,
                day="" if rows and day == first else day,
                hours=hours,
            )
        )
    return tuple(rows)
