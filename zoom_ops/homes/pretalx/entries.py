"""Our links among the resources of a session, known by a mark in the address: RECORDING#zoom-ops=KEY.

A page that is opened does not get to see what stands behind `#`. A session that is held twice has one list of
resources for all its slots. There the mark tells the slot, `#zoom-ops-2=KEY`, and the description its time.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, unquote

from ..port import Entry, Shown
from .client import Links, Resource

_MARK = re.compile(r"[#&]zoom-ops(?:-(?P<slot>[1-9]\d{0,2}))?=(?P<key>[^#&=]+)$")
_WHEN = re.compile(r" \((?:\d{4}-\d\d-\d\d \d\d:\d\d|\d{1,3})\)$")
_ID = re.compile(r"(?P<code>[A-Za-z0-9]{1,50})(?:/(?P<slot>[2-9]|[1-9]\d{1,2}))?")


def record_id(code: str, slot: int) -> str:
    """Return the id of the record of a slot: the code of its session, with the slot's number from the second on."""
    return code if slot == 1 else f"{code}/{slot}"


def split_id(record_id: str) -> tuple[str, int]:
    """Return the code of a session and the number of its slot. What is no id is the code of no session."""
    match = _ID.fullmatch(record_id)
    return (match["code"], int(match["slot"] or 1)) if match else (record_id, 1)


def is_ours(address: str) -> bool:
    """Return whether an address has our mark."""
    return _MARK.search(address) is not None


def own_links(resources: Iterable[Resource], slot: int) -> list[Shown]:
    """Return our links of a slot, the oldest one first, as the resources are."""
    return [shown for resource in resources if (shown := _shown(resource, slot))]


def build_link(entry: Entry, links: Links, slot: int) -> tuple[str, str]:
    """Build address and description of the resource that shows an entry."""
    several = slot > 1 or len(links.starts) > 1
    name = f"zoom-ops-{slot}" if several else "zoom-ops"
    address = f"{entry.url}{'&' if '#' in entry.url else '#'}{name}={quote(entry.key, safe='')}"
    return address, f"{entry.title}{_when(links, slot)}" if several else entry.title


def _when(links: Links, slot: int) -> str:
    """Return the time of a slot as it stands on the page; its number where pretalx no longer has the time."""
    start = links.starts[slot - 1] if slot <= len(links.starts) else ""
    time = f"{start[:10]} {start[11:16]}"
    return f" ({time})" if _WHEN.fullmatch(f" ({time})") else f" ({slot})"


def _shown(resource: Resource, slot: int) -> Shown | None:
    match = _MARK.search(resource.address)
    if match is None or int(match["slot"] or 1) != slot:
        return None
    shown = Shown(
        key=unquote(match["key"]),
        title=resource.description,
        url=resource.address[: match.start()],
        visibility="public" if resource.is_public else "members",
        external_id=str(resource.id),
    )
    return replace(shown, title=_WHEN.sub("", shown.title)) if match["slot"] else shown
