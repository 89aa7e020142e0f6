"""The people who hear of a change to a webinar."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """The people who are affected by a change to the webinar of an event."""

    awaited: int = 0  # people with an address; they become panelists as soon as the webinar exists
    seated: int = 0  # panelists now
    mailed: bool = True  # whether Zoom mails an invitation to new panelists


class Mails(NamedTuple):
    """How many people Zoom mails, and the registrants of how many webinars."""

    people: int = 0
    webinars: int = 0


def people(count: int) -> str:
    """Render a number of people."""
    return "1 person" if count == 1 else f"{count} people"
