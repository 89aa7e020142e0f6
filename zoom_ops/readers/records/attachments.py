"""The links and files of a record."""

from dataclasses import dataclass

from ...announcements import kind_of
from ...events import AttachmentKind, Visibility
from ...phrases.join_links import LEFT_OUT, find_join_link
from .draft import Draft
from .nodes import Node
from .texts import plain

MOST = 200  # attachments of one event


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link or file as a file names it; without a kind, its title and address tell it."""

    node: Node
    title: str
    url: str
    kind: AttachmentKind | None = None
    visibility: Visibility = "public"
    groups: tuple[str, ...] = ()
    size: int | None = None


def add_link(draft: Draft, link: Link) -> None:
    """Add a link or file. One without a web address is left out, with a note."""
    attachments = draft.fields.setdefault("attachments", [])
    node, url = link.node, link.url
    shown = plain(link.title) or url.partition("?")[0].rstrip("/").rpartition("/")[2] or url
    if not url.lower().startswith(("https://", "http://")) or any(character.isspace() for character in url):
        draft.doubt("attachments", node, f"{shown[:100]!r} has no address that begins with https://; it is left out")
        return
    if find_join_link(url):
        draft.doubt("attachments", node, LEFT_OUT)
        return
    if len(attachments) >= MOST:
        draft.doubt("attachments", node, f"only the first {MOST} links and files are taken")
        return
    kind = link.kind or kind_of(shown, url)
    entry = {"title": shown, "url": url, "kind": kind, "visibility": link.visibility, "groups": link.groups}
    if any(url == other["url"] and link.visibility == other["visibility"] for other in attachments):
        return
    attachments.append({**entry, "size": link.size})
    draft.say(f"attachments.{len(attachments) - 1}.title", node, shown)
