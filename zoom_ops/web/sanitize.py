"""Event descriptions as safe HTML. Simple markup stays; plain text gets paragraphs."""

import re
from itertools import groupby

import nh3
from markupsafe import Markup, escape

_TAGS = {"a", "b", "blockquote", "br", "em", "h3", "hr", "i", "li", "ol", "p", "strong", "sub", "sup", "ul"}
_MARKUP = re.compile(r"<br\s?/?>|</(?:a|b|blockquote|div|em|h[1-6]|i|li|ol|p|span|strong|ul)>", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_BLOCK_END = re.compile(r"\s*</(?:blockquote|div|h[1-6]|ol|p|ul)>\s*|\s*<hr\s?/?>\s*", re.IGNORECASE)
_LINE_END = re.compile(r"\s*(?:<br\s?/?>|</li>)\s*", re.IGNORECASE)
_ENTRY = re.compile(r"\s*<li(?=[\s>])", re.IGNORECASE)
_BULLET = re.compile(r"\s*[•‣▪·*–-]\s+(?=\S)")
_WRAPPED_AT = 60  # a mail program wraps lines of this length; an author breaks shorter lines


def render_prose(text: str) -> Markup:
    """Render a description as HTML without scripts, styles, and links to anything but http, https and mailto."""
    if _MARKUP.search(text):
        html = nh3.clean(
            _HEADING.sub(r"<\1h3", text),  # h1 and h2 are headings of the page
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener",
        )
        return Markup(html)  # noqa: S704 - nh3 has just cleaned it
    return Markup("\n").join(_block(block.split("\n")) for block in text.split("\n\n") if block.strip())


def first_words(text: str, limit: int = 180) -> str:
    """Return the beginning of a description as plain text, cut at a word."""
    plain = nh3.clean(text[: limit * 20], tags=set()) if _MARKUP.search(text[: limit * 20]) else text
    return shorten(" ".join(Markup(plain[: limit * 4]).unescape().split()), limit)  # noqa: S704 - plain text, never shown as HTML


def shorten(text: str, limit: int) -> str:
    """Cut a plain text at a word if it is longer than `limit` characters."""
    return text if len(text) <= limit else (text[:limit].rpartition(" ")[0] or text[:limit]).rstrip(" ,;:") + "…"


def write_plainly(text: str) -> str:
    """Render a description as plain text, with its paragraphs, lines and list entries on lines of their own."""
    if not _MARKUP.search(text):
        return text
    parted = _LINE_END.sub("\n", _BLOCK_END.sub("\n\n", " ".join(text.split())))
    plain = Markup(nh3.clean(_ENTRY.sub("\n• <li", parted), tags=set())).unescape()  # noqa: S704 - never shown as HTML
    return re.sub(r" *\n *", "\n", re.sub(r"\n{3,}", "\n\n", plain)).strip()


def _block(lines: list[str]) -> Markup:
    """Render the lines between two empty lines as paragraphs and lists."""
    runs = groupby((line for line in lines if line.strip()), key=lambda line: bool(_BULLET.match(line)))
    blocks = []
    for bulleted, run in runs:
        if bulleted:
            entries = (Markup("<li>{}</li>").format(_link(_BULLET.sub("", line, count=1))) for line in run)
            blocks.append(Markup("<ul>{}</ul>").format(Markup("").join(entries)))
        else:
            *beginning, last = run
            wrapped = all(len(line) >= _WRAPPED_AT for line in beginning)
            between = Markup("\n") if wrapped else Markup("<br>\n")
            blocks.append(Markup("<p>{}</p>").format(between.join(map(_link, (*beginning, last)))))
    return Markup("\n").join(blocks)


def _link(text: str) -> Markup:
    parts: list[Markup] = []
    rest = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(".,;:!?")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?")
        parts.append(escape(text[rest : match.start()]))
        parts.append(Markup('<a href="{0}" rel="noopener">{0}</a>').format(address))
        rest = match.start() + len(address)
    parts.append(escape(text[rest:]))
    return Markup("").join(parts)
