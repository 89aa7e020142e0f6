"""The card of a shared page: the texts of its preview picture."""

from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

WIDTH, HEIGHT = 1200, 630  # the size that readers of Open Graph expect
_LONGEST = 500  # characters of a text: more than a picture can show, and few enough to be drawn at once
_DRAWN_BY = ("drawing.py", "fitting.py", "fonts/PagesSans.ttf")


@dataclass(frozen=True, kw_only=True)
class Card:
    """The texts of a picture, each cut to 500 characters. It must hold only what everybody may see."""

    name: str
    organisation: str
    series: str = ""
    when: str = ""
    status: str = ""  # in a word, if the event is cancelled or postponed

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, getattr(self, field.name)[:_LONGEST])

    @property
    def text(self) -> str:
        """All texts in one line."""
        return " – ".join(filter(None, (self.series, self.name, self.status, self.when, self.organisation)))

    @property
    def digest(self) -> str:
        """A digest of the texts and of what draws them: it names the picture."""
        return sha256(f"{_digest_of_drawing()} {self!r}".encode()).hexdigest()[:20]


@cache
def _digest_of_drawing() -> str:
    """Return a digest of layout, font and renderer, so that another version makes pictures with new names."""
    parts = ((Path(__file__).parent / name).read_bytes() for name in _DRAWN_BY)
    return sha256(b"".join((*parts, version("resvg_py").encode()))).hexdigest()
