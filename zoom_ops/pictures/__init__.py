"""Pictures of events and people as this service keeps them."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from ..errors import BadInputError

Kind = Literal["picture", "portrait"]

MOST_BYTES = 10_000_000  # of a file that is sent
TOO_MUCH = "The picture takes too much memory or time to read: make it smaller."
SMALL = 640  # pixels of the longer side, in the small size


class NoPictureError(BadInputError):
    """This is no picture that can be taken."""


@dataclass(frozen=True, kw_only=True)
class KeptPicture:
    """A picture as JPEG, also in a small size. A portrait is a square, in one size."""

    width: int
    height: int
    content: bytes = field(repr=False)
    small: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of its content, which names it."""
        return sha256(self.content).hexdigest()[:32]
