"""Messages to webhooks, signed by the rules of Standard Webhooks (https://www.standardwebhooks.com)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook as Signer

from ..access import VISITOR, Reader
from ..happenings import KINDS


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Another system that receives messages."""

    name: str
    url: str = field(repr=False)  # may hold a password
    secrets: tuple[str, ...] = field(repr=False)  # each of them signs; there are two while one is replaced
    kinds: tuple[str, ...] = KINDS  # of messages that it receives
    reader: Reader = VISITOR  # messages hold what this reader may see


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message to a webhook. All attempts have the same id, so that receivers recognise repetitions."""

    id: str
    kind: str
    at: datetime  # when it happened
    content: Mapping[str, Any] = field(repr=False)

    @property
    def body(self) -> str:
        """The body as it is sent and signed."""
        instant = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = {"type": self.kind, "timestamp": instant, "data": self.content}
        return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def new_message_id() -> str:
    """Build the id of a message. It has no full stop, because full stops separate the signed parts."""
    return f"msg_{secrets.token_hex(16)}"


def sign(webhook: Webhook, message: Message, now: datetime) -> dict[str, str]:
    """Build the headers of an attempt: id, time, and a signature by each secret."""
    signatures = [Signer(secret).sign(message.id, now, message.body) for secret in webhook.secrets]
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
