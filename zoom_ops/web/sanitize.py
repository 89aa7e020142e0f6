"""An event's description as HTML that is safe to show: simple markup is kept, plain text gets its paragraphs."""

import re
from collections.abc import Iterable, Iterator
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
_WRAPPED_AT = 60  # lines this long were broken by a mail program, shorter ones by their author


def render_prose(text: str) -> Markup:
    """Render a description; scripts, styles and links to anything but the web and mail are gone."""
    if _MARKUP.search(text):
        return Markup(_clean(text))  # noqa: S704 - nh3 has just cleaned it
    return Markup("\n").join(_block(block.split("\n")) for block in text.split("\n\n") if block.strip())


def first_words(text: str, limit: int = 180) -> str:
    """Take the beginning of a description as plain text, cut at a word."""
    plain = nh3.clean(text[: limit * 20], tags=set()) if _MARKUP.search(text[: limit * 20]) else text
    return shorten(" ".join(Markup(plain[: limit * 4]).unescape().split()), limit)  # noqa: S704 - taken apart, not shown


def shorten(text: str, limit: int) -> str:
    """Cut a plain text at a word, where it is longer than that."""
    return text if len(text) <= limit else (text[:limit].rpartition(" ")[0] or text[:limit]).rstrip(" ,;:") + "…"


def write_plainly(text: str) -> str:
    """Write a description as plain text, for what shows no markup: paragraphs, lines and entries stay apart."""
    if not _MARKUP.search(text):
        return text
    parted = _LINE_END.sub("\n", _BLOCK_END.sub("\n\n", " ".join(text.split())))
    plain = Markup(nh3.clean(_ENTRY.sub("\n• <li", parted), tags=set())).unescape()  # noqa: S704 - taken apart, not shown
    return re.sub(r" *\n *", "\n", re.sub(r"\n{3,}", "\n\n", plain)).strip()


def _clean(html: str) -> str:
    return nh3.clean(
        _HEADING.sub(r"<\1h3", html),  # the page's own outline goes down to h2 here
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def _block(lines: list[str]) -> Markup:
    """Render the lines between two empty ones: a paragraph, a list, or one after the other."""
    runs = groupby((line for line in lines if line.strip()), key=lambda line: bool(_BULLET.match(line)))
    return Markup("\n").join(_list(run) if bulleted else _paragraph(run) for bulleted, run in runs)


def _paragraph(lines: Iterable[str]) -> Markup:
    return Markup("<p>{}</p>").format(_lines(list(lines)))


def _list(lines: Iterable[str]) -> Markup:
    entries = (Markup("<li>{}</li>").format(_link(_BULLET.sub("", line, count=1))) for line in lines)
    return Markup("<ul>{}</ul>").format(Markup("").join(entries))


def _lines(lines: list[str]) -> Markup:
    wrapped = all(len(line) >= _WRAPPED_AT for line in lines[:-1])
    between = Markup("\n") if wrapped else Markup("<br>\n")
    return between.join(_link(line) for line in lines)


def _link(text: str) -> Markup:
    return Markup("").join(_linked_parts(text))


def _linked_parts(text: str) -> Iterator[Markup]:
    rest = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:!?")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?")
        yield escape(text[rest : found.start()])
        yield Markup('<a href="{0}" rel="noopener">{0}</a>').format(address)
        rest = found.start() + len(address)
    yield escape(text[rest:])
