"""The ids, links and secrets that the practice Zoom makes up, in the shapes Zoom gives them."""

import base64
import hashlib
import hmac
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_SPECIALS = "+&<@*!%#"  # passcodes that break a page or an address which does not escape them


class Names:
    """Make up names; unlike between two sandboxes, and never one twice in the same."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._count = 0
        self._instances = 0
        self.handed_out: dict[str, None] = {}  # in order, each once

    def user_id(self, email: str) -> str:
        """Tell the id of a user: 22 characters, the same for the same address."""
        return base64.urlsafe_b64encode(self._digest(f"user {email}")[:16]).decode().rstrip("=")

    def webinar_id(self) -> int:
        """Make a webinar id: eleven digits, more than 32 bits hold."""
        return 80_000_000_000 + int.from_bytes(self._digest(self._next("webinar"))[:8]) % 19_999_999_999

    def opaque(self, length: int = 22) -> str:
        """Make an id out of letters, digits, `-` and `_`."""
        return base64.urlsafe_b64encode(self._long(length)).decode()[:length]

    def uuid(self) -> str:
        """Make the uuid of a scheduled webinar: base64, as it comes."""
        return base64.b64encode(self._digest(self._next("uuid"))[:16]).decode()

    def instance_uuid(self) -> str:
        """Make the uuid of an instance: in turn with a `+`, with `//` in it, and with a `/` in front."""
        self._instances += 1
        letters = base64.b64encode(self._digest(self._next("instance"))[:16], altchars=b"Ax").decode()
        turn = self._instances % 3
        return f"/{letters[1:]}" if turn == 0 else f"{letters[:5]}{'//' if turn == 2 else '+Z'}{letters[7:]}"

    def file_id(self) -> str:
        """Make the id of a recording file, in the shape of a UUID."""
        text = self._digest(self._next("file")).hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))

    def digits(self, length: int = 6) -> str:
        """Make a passcode of digits."""
        number = int.from_bytes(self._digest(self._next("digits"))[:8])
        return self.secret(f"{number % 10**length:0{length}d}")

    def passcode(self) -> str:
        """Make a recording's passcode: eight characters with letters, digits and specials."""
        digest = self._digest(self._next("passcode"))
        letters = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:5])
        specials = "".join(_SPECIALS[byte % len(_SPECIALS)] for byte in digest[5:7])
        return self.secret(f"{letters[:2]}{specials[0]}{letters[2:]}{specials[1]}{digest[7] % 10}")

    def token(self, length: int = 64) -> str:
        """Make a secret to be handed out."""
        return self.secret(self.opaque(length))

    def secret(self, text: str) -> str:
        """Remember a text as a secret that was handed out."""
        self.handed_out[text] = None
        return text

    def hidden(self, text: str, length: int = 32) -> str:
        """Tell the form of a passcode that stands in links; the same for the same passcode."""
        return (
            base64.urlsafe_b64encode(self._digest(f"pwd {text}") + self._digest(f"more {text}"))
            .decode()[:length]
            .replace("-", ".")
        )

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind} {self._count}"

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._salt, text.encode(), hashlib.sha256).digest()

    def _long(self, length: int) -> bytes:
        return b"".join(self._digest(self._next("opaque")) for _ in range(length // 40 + 1))
