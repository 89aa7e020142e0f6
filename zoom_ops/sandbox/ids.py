"""Ids and secrets of the practice Zoom, in the formats of Zoom."""

import base64
import hashlib
import hmac
import secrets
import string
import uuid

_ALPHABET = string.ascii_letters + string.digits
_SPECIALS = "+&<@*!%#"  # characters that break a page or an address that does not escape them


class Names:
    """Makes ids and secrets. They are unique in one sandbox and differ between two sandboxes."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._count = 0
        self._instances = 0
        self.handed_out: dict[str, None] = {}  # secrets in the order of their first use

    def user_id(self, email: str) -> str:
        """Return the id of a user: 22 characters, always the same for one address."""
        return base64.urlsafe_b64encode(self._digest(f"user {email}")[:16]).decode().rstrip("=")

    def webinar_id(self) -> int:
        """Make a webinar id: eleven digits, so it does not fit into 32 bits."""
        return 80_000_000_000 + int.from_bytes(self._digest(self._next("webinar"))[:8]) % 19_999_999_999

    def opaque(self, length: int = 22) -> str:
        """Make an id of letters, digits, `-` and `_`."""
        digests = (self._digest(self._next("opaque")) for _ in range(length // 40 + 1))
        return base64.urlsafe_b64encode(b"".join(digests)).decode()[:length]

    def uuid(self) -> str:
        """Make the uuid of a scheduled webinar: 16 bytes in base64."""
        return base64.b64encode(self._digest(self._next("uuid"))[:16]).decode()

    def instance_uuid(self) -> str:
        """Make the uuid of an instance. By turns it contains a `+`, contains a `//`, or begins with a `/`."""
        self._instances += 1
        letters = base64.b64encode(self._digest(self._next("instance"))[:16], altchars=b"Ax").decode()
        turn = self._instances % 3
        return f"/{letters[1:]}" if turn == 0 else f"{letters[:5]}{'//' if turn == 2 else '+Z'}{letters[7:]}"

    def file_id(self) -> str:
        """Make the id of a recording file, in the format of a UUID."""
        return str(uuid.UUID(bytes=self._digest(self._next("file"))[:16]))

    def digits(self) -> str:
        """Make a passcode of six digits."""
        number = int.from_bytes(self._digest(self._next("digits"))[:8])
        return self.secret(f"{number % 1_000_000:06d}")

    def passcode(self) -> str:
        """Make the passcode of a recording: eight characters, among them letters, a digit and special characters."""
        digest = self._digest(self._next("passcode"))
        letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:5])
        specials = "".join(_SPECIALS[byte % len(_SPECIALS)] for byte in digest[5:7])
        return self.secret(f"{letters[:2]}{specials[0]}{letters[2:]}{specials[1]}{digest[7] % 10}")

    def token(self, length: int) -> str:
        """Make a token, and record it as a secret."""
        return self.secret(self.opaque(length))

    def secret(self, text: str) -> str:
        """Record a text as a secret that was handed out, and return it."""
        self.handed_out[text] = None
        return text

    def derived(self, text: str, length: int = 32) -> str:
        """Derive the text that stands in links from a passcode or a name. It is always the same for one text."""
        digests = self._digest(f"pwd {text}") + self._digest(f"more {text}")
        return base64.urlsafe_b64encode(digests).decode()[:length].replace("-", ".")

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind} {self._count}"

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._salt, text.encode(), hashlib.sha256).digest()
