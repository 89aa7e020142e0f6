"""The licence of texts and recordings, in the forms that pages and feeds name it."""

import re
from dataclasses import dataclass

_CC = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-([124]\.0|2\.5|3\.0(?:-IGO)?)")  # SPDX's ids
_MEANT = re.compile(r"CC[-0]\S*|CC (?:BY|0)\S*(?: [0-9]\S*)?(?: IGO)?", re.IGNORECASE)  # an id, right or wrong
_KNOWN = (
    "CC-BY, CC-BY-SA, CC-BY-NC, CC-BY-ND, CC-BY-NC-SA and CC-BY-NC-ND, each with -1.0, -2.0, -2.5, -3.0, -3.0-IGO or "
    "-4.0 behind it, and CC0-1.0"
)
_CC_ADDRESS = "https://creativecommons.org"


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence by its name; `address` is the page with its terms, if there is one."""

    name: str
    address: str | None = None


def check_licence(text: str) -> str:
    """Return the text of a licence; raise ValueError for an id of Creative Commons that does not exist."""
    if _MEANT.fullmatch(text.strip()) and make_licence(text).address is None:
        raise ValueError(f"Creative Commons has no licence {text.strip()}. It has {_KNOWN}.")
    return text


def make_licence(text: str) -> Licence:
    """Build a licence from its SPDX id, if it is one of Creative Commons, or from words with the address of its terms.

    For example `CC-BY-4.0`, `CC-BY-3.0-IGO`, or `Our terms of use https://www.example.org/terms`.
    """
    spdx = text.strip().replace(" ", "-").upper()
    known = _CC.fullmatch(spdx)
    if known:
        kind, version = known[1], known[2]
        path = f"licenses/{kind}/{version.replace('-', '/')}/".lower()
        return Licence(name=f"CC {kind} {version.replace('-', ' ')}", address=f"{_CC_ADDRESS}/{path}")
    if spdx == "CC0-1.0":
        return Licence(name="CC0 1.0", address=f"{_CC_ADDRESS}/publicdomain/zero/1.0/")
    words, _, last = text.strip().rpartition(" ")
    if last.startswith(("https://", "http://")):
        return Licence(name=words.strip() or last, address=last)
    return Licence(name=text.strip())
