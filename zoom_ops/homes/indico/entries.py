"""Our links among the materials of an event, known by a mark.

A link has it in its description, `zoom_ops:key=KEY`. Indico takes a description only by an edit. So a link that was
just added has it at the end of its address, `#zoom_ops=KEY`: a page that is opened does not get to see that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from ..port import Entry, Glimpse, Shown
from ..values import digest
from .client import Material
from .forms import Form

_DESCRIBED = re.compile(r"(?:^|\s)zoom_ops:key=(?P<key>\S+)")
_ADDED = re.compile(r"#zoom_ops=(?P<key>[^#]+)$")
_PLAIN = "/+=:@,~"  # in a key, beside letters and digits


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a mark says. `is_whole`: it stands in the description, so that both writes of an addition were done."""

    key: str
    is_whole: bool


def build_description(key: str) -> str:
    """Build the description of a link."""
    return f"zoom_ops:key={quote(key, safe=_PLAIN)}"


def build_first_address(entry: Entry) -> str:
    """Build the address with which a link is added."""
    return f"{entry.url}#zoom_ops={quote(entry.key, safe='')}"


def find_mark(description: str, url: str) -> Mark | None:
    """Find our mark; None for a link of people."""
    if match := _DESCRIBED.search(description):
        return Mark(key=unquote(match["key"]), is_whole=True)
    if match := _ADDED.search(url):
        return Mark(key=unquote(match["key"]), is_whole=False)
    return None


def select_own(materials: Iterable[Material], key: str | None = None) -> tuple[tuple[Mark, Material], ...]:
    """Select our links, of one key or of all, those first that are whole and then the oldest."""
    marked = [(mark, each) for each in materials if (mark := find_mark(each.description, each.url))]
    own = [(mark, each) for mark, each in marked if key is None or mark.key == key]
    return tuple(sorted(own, key=lambda pair: (not pair[0].is_whole, pair[1].id)))


def list_glimpses(materials: Iterable[Material]) -> tuple[Glimpse, ...]:
    """Return title and address of our links, one for each key. Only the form of a link says who sees it."""
    found: dict[str, Glimpse] = {}
    for mark, each in select_own(materials):
        found.setdefault(mark.key, {"key": mark.key, "title": each.title, "url": _ADDED.sub("", each.url)})
    return tuple(found.values())


def build_shown(mark: Mark, material: Material, form: Form | None) -> Shown:
    """Build what a link shows. `form`: of a link that is protected by itself or by what it lies in; None: it is not.

    A link that only its event or its folder protects is as public as that, and so it counts as public.
    """
    is_closed = form is not None and form.is_protected
    beside = (
        material.description,
        material.folder_id if material.folder is not None else 0,
        form.groups if form is not None and is_closed else (),
        mark.is_whole,
    )
    return Shown(
        key=mark.key,
        title=material.title,
        url=_ADDED.sub("", material.url),
        visibility="members" if is_closed else "public",
        external_id=str(material.id),
        digest=digest(beside),
    )
