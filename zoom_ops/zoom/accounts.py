"""The settings of a Zoom account, and its time-outs."""

from dataclasses import dataclass, field

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
