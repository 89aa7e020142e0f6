"""A message to another system, signed as Standard Webhooks wants it (https://www.standardwebhooks.com)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook as Signer

from ..access import VISITOR, Reader
from .kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Another system that is told: where, with which secrets, of what, and as whom it reads."""

    name: str
    url: str = field(repr=False)  # it may hold a password
    secrets: tuple[str, ...] = field(repr=False)  # each signs: while one is replaced, there are two
    kinds: tuple[str, ...] = KINDS
    reader: Reader = VISITOR


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a webhook is told: its id stays over all attempts, so that receivers tell repetitions by it."""

    id: str
    kind: str
    at: datetime  # when it happened
    content: Mapping[str, Any] = field(repr=False)

    @property
    def body(self) -> str:
        """The body as it is sent and signed."""
        told = {"type": self.kind, "timestamp": _instant(self.at), "data": self.content}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def new_message_id() -> str:
    """Make the id of a message; without a full stop, which parts what is signed."""
    return f"msg_{secrets.token_hex(16)}"


def sign(webhook: Webhook, message: Message, now: datetime) -> dict[str, str]:
    """Build the headers of an attempt: id, time, and a signature by each secret."""
    signatures = [Signer(secret).sign(message.id, now, message.body) for secret in webhook.secrets]
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
