"""Our entries in a text of HTML: one paragraph each, which WordPress and its editors keep as it is.

A class of the paragraph holds our key, since it is what all editors keep: the block editor when it saves or converts a
classic page, the classic editor, and the filter for accounts that may not write all HTML (kses). Bare comments are not
kept: the block editor makes paragraphs of them.
"""

import re
from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass
from html import escape, unescape

from .port import Entry, Shown
from .values import digest

_CLASS = "zoom-ops-recording"
_FOR_MEMBERS = "zoom-ops-members"
_MOST_INSIDE = 8_000  # characters between the tags of an entry
_MOST_AROUND = 2_000  # of the attributes of a tag, and of the comment that begins a block
# Where people made a heading of the paragraph, it is still ours. What a pattern repeats is bounded: content is foreign.
_TAG = re.compile(rf"<(?P<tag>p|h[1-6]|pre)\s(?P<attributes>[^<>]{{0,{_MOST_AROUND}}})>")
_KEY = re.compile(r"\bzoom-ops-key-([a-z2-7]{1,1000})(?![\w-])")
# A paragraph without an end ends where another element begins, as in browsers: what follows is of people.
_END_OF_P = re.compile(
    r"</p>|(?=<(?:/?(?:p|h[1-6]|pre|div|section|article|figure|blockquote|ul|ol|li|table|t[rdh]|hr)[\s/>]|!-- /?wp:))"
)
_OPENS = "<!-- wp:"  # what has_blocks() of WordPress looks for
_BLOCK = re.compile(r"<!-- wp:([a-z][a-z0-9/-]{0,100}) [^\n]*-->\s{0,10}")
_PART = re.compile(r"\bzoom-ops-part-(\d{1,6})\b")
_HREF = re.compile(r"<a\s(?:[^<>]{0,500}\s)?href=\"([^\"<>]*)\"")
_TAGS = re.compile(r"<[^<>]*>")
_GAP = "\n\n"


@dataclass(frozen=True, kw_only=True)
class _Found:
    start: int
    end: int
    key: str
    part: int
    title: str
    url: str
    for_members: bool
    is_block: bool
    element: str  # with its tags, without the comments of a block


def shown_in(content: str, *, is_hidden: bool) -> tuple[Shown, ...]:
    """List our entries in a content. Where the page is not hidden, each is public, whatever it was written for."""
    found: dict[str, list[_Found]] = {}
    for each in _find(content):
        found.setdefault(each.key, []).append(each)
    return tuple(_as_shown(entries, is_hidden) for entries in found.values())


def are_for_members(content: str) -> bool:
    """Return whether one of our entries was written for members."""
    return any(each.for_members for each in _find(content))


def place(content: str, entry: Entry) -> str:
    """Return the content with an entry: in its place, or in the order of the parts, or at the end.

    Nothing else changes. Where the content has no blocks, the entry is none: a single block would make WordPress show
    the whole page without its paragraphs.
    """
    found = _find(content)
    mine = [each for each in found if each.key == entry.key]
    if mine:
        content = _cut(content, mine[1:])
        first = mine[0]
        return content[: first.start] + _render(entry, is_block=first.is_block) + content[first.end :]
    written = _render(entry, is_block=_OPENS in content or not content.strip())
    if following := next((each for each in found if each.part > entry.part), None):
        return content[: following.start] + written + _GAP + content[following.start :]
    if found:
        return content[: found[-1].end] + _GAP + written + content[found[-1].end :]
    return f"{content}{_GAP}{written}" if content else written


def remove(content: str, key: str) -> str:
    """Return the content without the entry with our key."""
    return _cut(content, [found for found in _find(content) if found.key == key])


def without_ours(content: str) -> str:
    """Return what people wrote, of a content or of its HTML for visitors."""
    return _cut(content, _find(content))


def words_of(content: str) -> str:
    """Return the words of a content as they are meant, without its tags."""
    return as_meant(_TAGS.sub(" ", content))


def as_meant(html: str) -> str:
    """Return a text as it is meant: entities and spaces may be written in several ways."""
    return " ".join(unescape(html).split())


def _cut(content: str, entries: list[_Found]) -> str:
    """Take entries out, each with the gap that was written with it."""
    kept, place, is_begun = list[str](), 0, False
    for each in entries:
        before, place = content[place : each.start], each.end
        if before.endswith(_GAP):
            before = before[: -len(_GAP)]
        elif not before and not is_begun and content.startswith(_GAP, place):
            place += len(_GAP)
        kept.append(before)
        is_begun = is_begun or bool(before)
    return "".join((*kept, content[place:]))


def _find(content: str) -> list[_Found]:
    """Find our entries. None begins in another: what people put into one of ours is a change of it."""
    found = list[_Found]()
    match = _TAG.search(content) if "zoom-ops-key-" in content else None
    while match:
        entry = _read(content, match, found[-1].end if found else 0)
        if entry:
            found.append(entry)
        match = _TAG.search(content, entry.end if entry else match.end())
    return found


def _read(content: str, match: re.Match[str], after: int) -> _Found | None:
    """Read an entry that begins with a tag; None where it is none of ours, or has no end. `after`: the last one."""
    tag, attributes = match["tag"], match["attributes"]
    key = _key_of(attributes)
    ends = _END_OF_P if tag == "p" else re.compile(f"</{tag}>")
    stop = ends.search(content, match.end(), match.end() + _MOST_INSIDE) if key else None
    if key is None or stop is None:
        return None
    inside, end = content[match.end() : stop.start()], stop.end()
    block = _find_block(content, match.start(), end, after)
    href, part = _HREF.search(inside), _PART.search(attributes)
    return _Found(
        start=block[0] if block else match.start(),
        end=block[1] if block else end,
        key=key,
        part=int(part[1]) if part else 0,
        title=unescape(_TAGS.sub("", inside)),
        url=unescape(href[1]) if href else "",
        for_members=_FOR_MEMBERS in attributes,
        is_block=block is not None,
        element=content[match.start() : end],
    )


def _find_block(content: str, start: int, end: int, after: int) -> tuple[int, int] | None:
    """Find where the block around an element begins and ends; None where it is in none of its own."""
    begins = content.rfind(_OPENS, max(after, start - _MOST_AROUND), start)
    opening = _BLOCK.fullmatch(content, begins, start) if begins >= 0 else None
    closing = opening and re.compile(rf"\s{{0,10}}<!-- /wp:{re.escape(opening[1])} -->").match(content, end)
    return (begins, closing.end()) if closing else None


def _as_shown(found: list[_Found], is_hidden: bool) -> Shown:
    first = found[0]
    wanted = _element(first.key, first.part, first.title, first.url, for_members=first.for_members)
    all_elements = "\n".join(each.element for each in found)
    is_untouched = len(found) == 1 and as_meant(first.element) == as_meant(wanted)
    return Shown(
        key=first.key,
        title=first.title,
        url=first.url,
        visibility="members" if is_hidden and all(each.for_members for each in found) else "public",
        digest="" if is_untouched else digest(all_elements),
    )


def _render(entry: Entry, *, is_block: bool) -> str:
    for_members = entry.visibility == "members"
    element = _element(entry.key, entry.part, entry.title, entry.url, for_members=for_members)
    if not is_block:
        return element
    name = _class_of(entry.key, entry.part, for_members=for_members)
    attributes = f'{{"metadata":{{"name":"zoom_ops"}},"className":"{name}"}}'  # the name that the list of blocks shows
    return f"<!-- wp:paragraph {attributes} -->\n{element}\n<!-- /wp:paragraph -->"


def _element(key: str, part: int, title: str, url: str, *, for_members: bool) -> str:
    name = _class_of(key, part, for_members=for_members)
    link = _escape(url).replace('"', "&quot;")
    return f'<p class="{name}"><a href="{link}">{_escape(title)}</a></p>'


def _escape(text: str) -> str:
    """Escape a text for HTML, and for WordPress, which runs what stands in square brackets."""
    return escape(text, quote=False).replace("[", "&#091;")


def _class_of(key: str, part: int, *, for_members: bool) -> str:
    names = [_CLASS, f"zoom-ops-part-{part}", f"zoom-ops-key-{_encode(key)}", *([_FOR_MEMBERS] if for_members else [])]
    return " ".join(names)


def _encode(key: str) -> str:
    return b32encode(key.encode()).decode().rstrip("=").lower()


def _key_of(attributes: str) -> str | None:
    match = _KEY.search(attributes)
    try:
        return b32decode(match[1].upper() + "=" * (-len(match[1]) % 8)).decode() if match else None
    except (Error, ValueError):
        return None
