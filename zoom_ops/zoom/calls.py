"""What was sent to Zoom, for the record."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that was sent, or tried."""

    account: str
    at: datetime
    method: str
    path: str  # without host and query; relative to the API's base, except the token's
    status: int | None  # None: no answer
    tracking_id: str | None  # Zoom's support asks for it
    strange: bool  # answered, but not in the words of Zoom's API
