"""Values of a Zoom account: its settings, its time-outs, and the record of a call."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Call:
    """The record of one request that was sent or tried."""

    account: str
    at: datetime
    method: str
    path: str  # without host and query; relative to the API's base, except for the token's
    status: int | None  # None: no answer
    tracking_id: str | None  # Zoom's support asks for it
    strange: bool  # the answer is not one of Zoom's API

    @property
    def is_well(self) -> bool:
        """Whether Zoom answered it as asked."""
        return self.status is not None and self.status < 400 and not self.strange


API_URL = "https://api.zoom.us/v2"
OAUTH_URL = "https://zoom.us/oauth/token"


@dataclass(frozen=True, kw_only=True)
class ZoomAccount:
    """One Zoom account with its Server-to-Server app."""

    name: str
    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    hosts: tuple[str, ...] = ()  # e-mail addresses
    plan: str = "pro"
    api_url: str = API_URL
    oauth_url: str = OAUTH_URL

    def setting(self, key: str) -> str:
        """Return the environment variable of one of this account's settings, for a message."""
        return f"ZOOM_OPS_ACCOUNTS__{self.name.upper()}__{key}"


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long one call to Zoom may take, in seconds. `deadline_s` limits the whole call.

    `trial_s` is the first pause of an account whose calls failed. It doubles with each trial call that fails.
    """

    connect_s: float = 3
    read_s: float = 10
    deadline_s: float = 15
    trial_s: float = 60
