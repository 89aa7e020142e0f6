"""Event descriptions as safe HTML. Simple markup stays; plain text gets paragraphs."""

import re
from collections import Counter
from itertools import groupby

import nh3
from markupsafe import Markup, escape

from ..events.maxima import DESCRIPTION, DESCRIPTION_LINES

_TAGS = {"a", "b", "blockquote", "br", "em", "h3", "hr", "i", "li", "ol", "p", "strong", "sub", "sup", "ul"}
_MARKUP = re.compile(r"<br\s?/?>|</(?:a|b|blockquote|div|em|h[1-6]|i|li|ol|p|span|strong|ul)>", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
# space before a match is looked for at its beginning only: at each of its letters, it would take the square of the time
_BLOCK_END = re.compile(
    r"(?:(?<!\s)\s++)?</(?:blockquote|div|h[1-6]|ol|p|ul)>\s*|(?:(?<!\s)\s++)?<hr\s?/?>\s*", re.IGNORECASE
)
_LINE_END = re.compile(r"(?:(?<!\s)\s++)?(?:<br\s?/?>|</li>)\s*", re.IGNORECASE)
_ENTRY = re.compile(r"(?:(?<!\s)\s++)?<li(?=[\s>])", re.IGNORECASE)
_AROUND_LINE_END = re.compile(r"(?:(?<! ) ++)?\n *")
_BULLET = re.compile(r"\s*[•‣▪·*–-]\s+(?=\S)")
_WRAPPED_AT = 60  # a mail program wraps lines of this length; an author breaks shorter lines

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?/?>?", re.IGNORECASE)
_ALONE = {"br", "dd", "dt", "hr", "img", "input", "li", "option", "p", "td", "th", "tr", "wbr"}  # need no end
_MOST_TANGLED = 5_000_000  # tags times the depth of those that are open: 20 ms; a page of people has some ten thousand
_MARKUP_SHARE = 20  # times the length of a text that its markup takes at most
_CUT = "<p>[…]</p>"  # where the rest is not shown


def render_prose(text: str) -> Markup:
    """Render a description as HTML without scripts, styles, and links to anything but http, https and mailto.

    Of one that is longer than an event may have, the beginning is shown.
    """
    shown = _beginning(text)
    with_h3 = _HEADING.sub(r"<\1h3", shown)  # h1 and h2 are headings of the page
    html = _clean(with_h3, _TAGS) if _MARKUP.search(shown) else _render_plain(shown)
    return Markup(html if shown is text else f"{html}\n{_CUT}")  # noqa: S704 - it was just cleaned, or escaped


def first_words(text: str, limit: int = 180) -> str:
    """Return the beginning of a description as plain text, cut at a word."""
    text = text[: limit * _MARKUP_SHARE]
    plain = _clean(text, set()) if _MARKUP.search(text) else text
    return shorten(" ".join(Markup(plain[: limit * 4]).unescape().split()), limit)  # noqa: S704 - plain text, never shown as HTML


def shorten(text: str, limit: int) -> str:
    """Cut a plain text at a word if it is longer than `limit` characters."""
    return text if len(text) <= limit else (text[:limit].rpartition(" ")[0] or text[:limit]).rstrip(" ,;:") + "…"


def write_plainly(text: str, limit: int) -> str:
    """Render the beginning of a description as plain text, with its paragraphs, lines and entries on their own lines.

    It is cut at a word.
    """
    beginning = text[: limit * _MARKUP_SHARE]
    if not _MARKUP.search(text):
        return shorten(beginning, limit)
    parted = _LINE_END.sub("\n", _BLOCK_END.sub("\n\n", " ".join(beginning.split())))
    plain = Markup(_clean(_ENTRY.sub("\n• <li", parted), set())).unescape()  # noqa: S704 - never shown as HTML
    return shorten(_AROUND_LINE_END.sub("\n", re.sub(r"\n{3,}", "\n\n", plain)).strip(), limit)


def _beginning(text: str) -> str:
    """Return a text up to the length that the description of an event may have: the same object if it is short enough.

    It may be older than that length.
    """
    if len(text) > DESCRIPTION:
        text = text[:DESCRIPTION]
    if text.count("\n") >= DESCRIPTION_LINES:
        text = "\n".join(text.split("\n", DESCRIPTION_LINES)[:DESCRIPTION_LINES])
    return text


def _clean(html: str, tags: set[str]) -> str:
    """Return HTML with these tags only. Of one that is very tangled, all tags are left out."""
    if _is_tangled(html):
        return _render_plain(_TAG.sub("\n", html)) if tags else str(escape(_TAG.sub(" ", html)))
    return nh3.clean(
        html,
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def _is_tangled(html: str) -> bool:
    """Return whether so many tags are open in each other that cleaning takes seconds: it takes the square of them."""
    opened = Counter[str]()
    tags, depth, deepest = 0, 0, 0
    for match in _TAG.finditer(html):
        ends, name = match[1], match[2].lower()
        tags += 1
        if name in _ALONE:
            continue
        if not ends:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return tags * deepest > _MOST_TANGLED


def _render_plain(text: str) -> str:
    return "\n".join(_block(block.split("\n")) for block in text.split("\n\n") if block.strip())


def _block(lines: list[str]) -> str:
    """Render the lines between two empty lines as paragraphs and lists."""
    runs = groupby((line for line in lines if line.strip()), key=lambda line: bool(_BULLET.match(line)))
    blocks = []
    for bulleted, run in runs:
        if bulleted:
            entries = (f"<li>{_link(_BULLET.sub('', line, count=1))}</li>" for line in run)
            blocks.append(f"<ul>{''.join(entries)}</ul>")
        else:
            *beginning, last = run
            wrapped = all(len(line) >= _WRAPPED_AT for line in beginning)
            between = "\n" if wrapped else "<br>\n"
            blocks.append(f"<p>{between.join(map(_link, (*beginning, last)))}</p>")
    return "\n".join(blocks)


def _link(text: str) -> str:
    """Escape a line, with its web addresses as links."""
    parts: list[str] = []
    rest = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?")
        shown = str(escape(address))
        parts += (str(escape(text[rest : match.start()])), f'<a href="{shown}" rel="noopener">{shown}</a>')
        rest = match.start() + len(address)
    parts.append(str(escape(text[rest:])))
    return "".join(parts)
