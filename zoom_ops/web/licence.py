"""The licence of texts and recordings, in the forms that pages and feeds name it."""

import re
from dataclasses import dataclass

_CC = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-([124]\.0|2\.5|3\.0(?:-IGO)?)", re.IGNORECASE)  # SPDX's ids
_CC_ADDRESS = "https://creativecommons.org"


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence by its name; `address` is the page with its terms, if there is one."""

    name: str
    address: str | None = None


def make_licence(text: str) -> Licence:
    """Build a licence from its SPDX id, if it is one of Creative Commons, or from words with the address of its terms.

    For example `CC-BY-4.0`, `CC-BY-3.0-IGO`, or `Our terms of use https://www.example.org/terms`.
    """
    known = _CC.fullmatch(text.strip())
    if known:
        kind, version = known[1].upper(), known[2].upper()
        path = f"licenses/{kind}/{version.replace('-', '/')}/".lower()
        return Licence(name=f"CC {kind} {version.replace('-', ' ')}", address=f"{_CC_ADDRESS}/{path}")
    if text.strip().upper() == "CC0-1.0":
        return Licence(name="CC0 1.0", address=f"{_CC_ADDRESS}/publicdomain/zero/1.0/")
    words, _, last = text.strip().rpartition(" ")
    if last.startswith(("https://", "http://")):
        return Licence(name=words.strip() or last, address=last)
    return Licence(name=text.strip())
