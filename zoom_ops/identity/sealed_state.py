"""What a browser keeps for us between two requests, encrypted: for one use, until a moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from ..errors import ConfigurationError
from ..store.db.encryption import SecretBox

_CLOCKS_DIFFER = timedelta(minutes=1)
Use = Literal["code of a sign-in", "offer of a second factor", "sign-in at a provider"]


@dataclass(frozen=True, kw_only=True)
class SealedState:
    """What was sealed for a use."""

    ends: datetime
    values: Mapping[str, Any] = field(repr=False)

    def is_open(self, now: datetime, life: timedelta) -> bool:
        """Return whether what was begun for `life` may be finished: not too late, nor before a clock was put back.

        Another machine, whose clock is a little ahead, may have begun it.
        """
        return now < self.ends <= now + life + _CLOCKS_DIFFER


def seal_state(box: SecretBox, use: Use, ends: datetime, values: Mapping[str, Any]) -> str:
    """Encrypt values of JSON for a cookie or a hidden field."""
    return (box.seal(json.dumps({"for": use, "ends": ends.isoformat(), **values})) or b"").decode()


def open_state(box: SecretBox, sealed: str, use: Use) -> SealedState | None:
    """Decrypt what `seal_state` returned; None for what no key of ours has sealed, or for another use."""
    try:
        values = json.loads(box.unseal(sealed.encode()) or "")
        if values.get("for") == use:
            return SealedState(ends=datetime.fromisoformat(values["ends"]), values=values)
    except (ConfigurationError, ValueError, AttributeError):  # AttributeError: something else that we encrypt
        pass
    return None
