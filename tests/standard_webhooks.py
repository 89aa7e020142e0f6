"""A sender that signs by the specification of Standard Webhooks alone, without the library that the service uses."""

import base64
import hashlib
import hmac


def signed(secret: str, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message. `secret` begins with whsec_; `at_s` are seconds since 1970."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, b".".join((message_id.encode(), str(at_s).encode(), body)), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": message_id, "webhook-timestamp": str(at_s), "webhook-signature": signature}
