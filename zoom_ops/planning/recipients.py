"""The people whom a change affects, and whom Zoom mails because of it."""

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
