"""Known devices: a browser that a login signed in with before shows a token, and strangers cannot lock it out.

The token opens nothing. It only gives the attempts of this browser a counter of their own (OWASP, "Slow Down Online
Guessing Attacks with Device Cookies"). Only who has signed in gets one.
"""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from ..store.db.encryption import SecretBox

DEVICE_KEPT = timedelta(days=90)
_TOKEN = re.compile(r"([0-9]{1,12}-[\w-]{22})\.([0-9a-f]{64})", re.ASCII)
_PURPOSE = "known device"


def make_device(box: SecretBox, login: str, now: datetime) -> str:
    """Make the token of a browser in which this login has just signed in."""
    device = f"{int(now.timestamp())}-{secrets.token_urlsafe(16)}"
    return f"{device}.{box.fingerprint(_PURPOSE, login, device)}"


def read_device(box: SecretBox, login: str, token: str, now: datetime) -> str | None:
    """Return the id of the device, or None if the token is not one of this login, or too old."""
    found = _TOKEN.fullmatch(token)
    if not found:
        return None
    device, signature = found.groups()
    if not any(compare_digest(signature, ours) for ours in box.fingerprints(_PURPOSE, login, device)):
        return None
    made_at = datetime.fromtimestamp(int(device.partition("-")[0]), UTC)
    return device if now - made_at < DEVICE_KEPT else None
