"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes. Pure."""

import hmac
import re
import secrets
import unicodedata
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ..access import OPERATING
from ..linear import normalize
from ..store.audit import How

if TYPE_CHECKING:
    from pyotp import TOTP

RECOVERY_CODES = 10
_WINDOW = 1  # steps of 30 s: the clock of a phone may be this much off, or its owner this slow
_LONGEST = 100  # characters that are looked at of what was typed
_LONGEST_ISSUER = 60  # a QR code has to stay easy to read
_CONSONANTS = "bdfghjkmnprstz"  # without letters that look alike in print or by hand, such as l, v, w
_SYLLABLES = [first + second for first in _CONSONANTS for second in "aeiou"]  # 70: 6.1 bits each
_WORDS, _SYLLABLES_OF_WORD = 3, 3
_APP_CODE, _RECOVERY_CODE = re.compile("[0-9]{6}"), re.compile("[a-z]{18}")
_DASHES = {"Pd", "Zs", "Cc", "Cf"}  # Unicode's categories of dashes, blanks and what nobody sees


@dataclass(frozen=True, kw_only=True)
class TypedCode:
    """A code that somebody typed, as it is compared."""

    kind: Literal["app", "recovery"]
    text: str = field(repr=False)


def needs_second_factor(role: str, how: How, *, required: bool, has_one: bool) -> bool:
    """Return whether the user of a session has to add a second factor before they may do what their role lets them.

    The one rule that every surface asks. Whoever comes through a provider has what the provider asks for.
    """
    return required and not has_one and how == "session" and role in OPERATING


def make_secret() -> str:
    """Generate the secret of an authenticator app: 160 bits in base32, as RFC 4226 recommends."""
    return b32encode(secrets.token_bytes(20)).decode()


def group_secret(secret: str) -> tuple[str, ...]:
    """Return a secret in groups of four characters, for whoever types it."""
    return tuple(secret[start : start + 4] for start in range(0, len(secret), 4))


def build_otpauth(secret: str, login: str, organisation: str) -> str:
    """Build the address that an authenticator app reads from a QR code. The app shows organisation and login."""
    issuer, name = (" ".join(text.replace(":", " ").split()) for text in (organisation, login))  # a colon parts them
    return _open_app(secret).provisioning_uri(name=name, issuer_name=issuer[:_LONGEST_ISSUER].strip() or "zoom_ops")


def read_code(text: str) -> TypedCode | None:
    """Parse a code as people type it: with blanks, dashes, capitals, digits of any script. None: it is no code."""
    if len(text) > _LONGEST:
        return None
    kept = (character for character in normalize("NFKC", text) if unicodedata.category(character) not in _DASHES)
    plain = "".join(_digit(character) for character in kept).casefold()
    if _APP_CODE.fullmatch(plain):
        return TypedCode(kind="app", text=plain)
    return TypedCode(kind="recovery", text=plain) if _RECOVERY_CODE.fullmatch(plain) else None


def find_step(secret: str, code: TypedCode, now: datetime, *, after: int = -1) -> int | None:
    """Return the time step that a code of the app belongs to, or None. Steps up to `after` were used already.

    Three steps are valid at once. Each is compared, whichever fits, so the time tells nothing.
    """
    app = _open_app(secret)
    present = app.timecode(now)
    fits = [
        step
        for step in range(present - _WINDOW, present + _WINDOW + 1)
        if hmac.compare_digest(app.generate_otp(step).encode(), code.text.encode()) & (step > after)
    ]
    return fits[0] if fits and code.kind == "app" else None


def derive_recovery_codes(seed: str) -> tuple[str, ...]:
    """Return the recovery codes of a random seed, each of 55 bits, that can be read aloud: `badofi-gumera-tozuka`."""
    return tuple(
        _derive_code(hmac.digest(seed.encode(), bytes([number]), "sha256")) for number in range(RECOVERY_CODES)
    )


def _derive_code(digest: bytes) -> str:
    number, syllables = int.from_bytes(digest), list[str]()
    for _ in range(_WORDS * _SYLLABLES_OF_WORD):
        number, choice = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[choice])
    return "-".join("".join(syllables[start::_WORDS]) for start in range(_WORDS))


def _open_app(secret: str) -> "TOTP":
    from pyotp import TOTP  # 0.7 MB, and few processes see a code

    return TOTP(secret)


def _digit(character: str) -> str:
    """Return the ASCII digit that a decimal digit of any script is; another character as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
