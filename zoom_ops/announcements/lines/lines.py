"""The numbered lines of an announcement, without the markup of mail, Markdown and HTML."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from unicodedata import category

from ...events import clean_line
from .labels import read_label

BULLETS = "•◦▪▫‣⁃∙●○■□►▶➢➤✓✔·–—*+\uf0b7\uf0a7-"
_BULLET = re.compile(  # "31. Januar 2023" is a German date and not entry 31 of a list
    rf"(?P<mark>[{re.escape(BULLETS)}]{{1,2}}|\(\d{{1,2}}[.)]|\d{{1,2}}[.)](?!\s+[^\W\d]{{3,12}}\.?\s+\d{{4}}\b)"
    r"|\(?[a-z]\)|o(?=\s+[A-ZÀ-Þ]))\s+(?=\S)"
)
_TIGHT_BULLET = re.compile("(?P<mark>[•◦▪‣●■►➢➤✓\uf0b7\uf0a7])(?=\\S)")
_POINTERS = (
    "👉",
    "✅",
    "🔹",
    "🔸",
    "➡",
    "☑",
    "✔",
)  # a bullet; a pin is “Venue:”, any other emoji nothing
_JOINERS = "\ufe0f\u200d "  # between the signs of an emoji
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.+?)\s*#*")
_RULE = re.compile(r"[\s*_=~–—.•-]{3,}")
_BOLD = re.compile(r"(?P<mark>\*\*\*|\*\*|__)(?=\S)(?P<text>[^*_\n]{1,500}?)(?<=\S)(?P=mark)")
_EMPHASIS = re.compile(r"(?<![\w*/])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_\n]{1,500}?)(?<=\S)(?P=mark)(?![\w*])")
_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]]{1,300})\]\((?P<url>https?://[^\s()]{1,1000}(?:\([^\s()]*\)[^\s()]*)?)(?:\s+\"[^\"]*\")?\)"
)
_AUTOLINK = re.compile(r"<(?P<url>(?:https?://|mailto:)[^\s<>]{1,1000}|[^\s<>@]{1,64}@[^\s<>@]{1,255})>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_QUOTE = re.compile(r"(?:>\s?)+")
_MAIL_HEADER = re.compile(
    r"(?P<name>From|To|Cc|Bcc|Subject|Date|Sent|Reply-To|Importance|Attachments|De|À|Objet|Envoyé"
    r"|Asunto|Para|Enviado|Von|An"
    r"|Betreff|Gesendet|MIME-Version|Content-Type|Content-Transfer-Encoding|Message-ID|X-[\w-]+)\s?:\s*(?P<value>.*)"
)
_SUBJECTS = frozenset(("Subject", "Objet", "Asunto", "Betreff"))
_MAIL_SIGNS = _SUBJECTS | {"From", "De", "Von", "To", "Sent"}
_REPLIES = re.compile(r"(?i)(?:(?:re|fwd?|tr|rv|wg|aw)\s*:\s*)+")
# html.parser takes quadratic time on broken input, and nh3 loses the line numbers. So regular expressions of bounded
# length match the tags.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,20})(?P<attributes>(?:\s[^<>]{0,4000})?)/?>")
_HREF = re.compile(r"(?i)\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]{1,2000})")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PARAGRAPHS = {"p", "ul", "ol", "table", "blockquote", "section", "article", "header", "footer", "hr", *_HEADINGS}
_BLOCKS = _PARAGRAPHS | {"div", "br", "li", "tr", "td", "th", "dt", "dd", "body", "html", "figure"}
_OPENING = {"li": "• ", **dict.fromkeys(_HEADINGS, "# ")}
_SIGNS = {"p", "div", "br", "li", "ul", "ol", "strong", "span", "h1", "h2", "h3", "table", "html", "body", "b", "a"}
_HIDDEN = (("<!--", "-->"), ("<style", "</style"), ("<script", "</script"), ("<head", "</head"), ("<title", "</title"))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the announcement; `text` has no bullet, `raw` keeps it, `number` counts from 1."""

    number: int
    text: str
    raw: str
    bullet: str = ""
    heading: bool = False
    indent: int = 0
    subject: bool = False


def is_prose(text: str) -> bool:
    """Check whether a line is a sentence or a paragraph, and not a heading, a name or an entry."""
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    return (
        len(text) > 200
        or (len(text) > 110 and text.endswith((".", "!", "?", ":")))
        or (sentences >= 2 and len(text) > 80)
    )


def read_lines(text: str) -> tuple[Line, ...]:
    """Read the lines of an announcement without HTML tags, quote marks, Markdown and mail headers."""
    numbered = _html_lines(text) or enumerate(re.split("[\n\u2028\u2029\x0b\x0c]", text), 1)
    return tuple(_iter_without_headers([_line(number, written) for number, written in numbered]))


def _html_lines(text: str) -> list[tuple[int, str]]:
    """Turn HTML into numbered plain lines, one for each block; return an empty list for a text that is not HTML.

    List entries get a bullet, and links keep their address.
    """
    names = [match["name"].lower() for match in _TAG.finditer(text[:20_000])]
    if sum(name in _SIGNS for name in names) < 2 or not any(name in _BLOCKS for name in names):
        return []
    for begin, end in _HIDDEN:
        folded, kept, place = text.lower() if text.isascii() else text, [], 0
        while (start := folded.find(begin, place)) >= 0 and (stop := folded.find(end, start)) >= 0:
            kept.append(text[place:start] + "\n" * text.count("\n", start, stop))  # so that line numbers stay right
            place = stop + len(end)
        text = "".join(kept) + text[place:]
    page, place = _Page(), 0
    for match in _TAG.finditer(text):
        page.write(text[place : match.start()])
        page.tag(match)
        place = match.end()
    page.write(text[place:])
    page.break_line()
    return page.lines


@dataclass
class _Page:
    """The lines so far, with the line that is being written."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    number: int = 1
    begins: int = 1
    written: list[str] = field(default_factory=list)
    address: str = ""

    def write(self, text: str) -> None:
        if not self.written and text.strip():
            self.begins = self.number + text[: len(text) - len(text.lstrip())].count("\n")
        self.number += text.count("\n")
        plain = re.sub(r"[ \t\n]+", " ", html.unescape(text))
        if plain.strip() or self.written:
            self.written.append(plain)

    def tag(self, match: re.Match[str]) -> None:
        name, closes = match["name"].lower(), bool(match["close"])
        self.number += match["attributes"].count("\n")
        if name in _BLOCKS:
            self.break_line(blank=name in _PARAGRAPHS)
            if not closes and (sign := _OPENING.get(name)):
                self.begins, self.written = self.number, [sign]
        elif name == "a":
            if self.address and self.address not in "".join(self.written):
                self.written.append(f" ({self.address}) ")
            href = None if closes else _HREF.search(match["attributes"])
            self.address = html.unescape(href[1]) if href else ""

    def break_line(self, *, blank: bool = False) -> None:
        text = " ".join("".join(self.written).split())
        if text and text not in ("•", "#"):
            self.lines.append((self.begins, text))
        if blank and self.lines and self.lines[-1][1]:
            self.lines.append((self.number, ""))
        self.written.clear()


def _line(number: int, written: str) -> Line:
    bare = _QUOTE.sub("", written.strip(), count=1) if written.lstrip().startswith(">") else written
    cells = [cell.strip() for cell in bare.split("\t") if cell.strip()]  # of a pasted table row
    if len(cells) > 1 and not re.fullmatch(r"\(?\w{1,2}[.)]", cells[0]) and cells[0] not in BULLETS:
        label = read_label(cells[0])
        bare = f"{cells[0]}: {'; '.join(cells[1:])}" if label and not label.rest else ", ".join(cells)
    bare = clean_line(bare)
    if _RULE.fullmatch(bare):
        return Line(number=number, text="", raw="")
    heading = _HEADING.fullmatch(bare)
    if heading:
        plain = _without_markdown(heading["text"])
        return Line(number=number, text=plain, raw=plain, heading=True)
    emoji = "".join(takewhile(lambda sign: sign not in BULLETS and (sign in _JOINERS or category(sign) == "So"), bare))
    symbol, rest = emoji.strip(" \ufe0f"), bare[len(emoji) :]
    if symbol == "📍" and rest and not read_label(rest):
        rest = f"Venue: {rest}"
    elif symbol in _POINTERS and rest:
        rest = f"• {rest}"
    bullet = _BULLET.match(rest) or _TIGHT_BULLET.match(rest)
    mark, rest = (bullet["mark"], rest[bullet.end() :]) if bullet else ("", rest)
    plain = _without_markdown(rest)
    bold = not mark and bool(_BOLD.fullmatch(rest.rstrip(": ")))
    raw = f"{mark} {plain}" if mark else plain
    indent = len(written) - len(written.lstrip())
    return Line(number=number, text=plain, raw=raw, bullet=mark, heading=bold, indent=indent)


def _without_markdown(text: str) -> str:
    """Remove Markdown from a line; a link becomes "title (address)"."""
    text = _LINK.sub(_plain_link, text)
    text = _AUTOLINK.sub(lambda match: match["url"].removeprefix("mailto:"), text)
    for pattern in (_BOLD, _EMPHASIS):
        text = pattern.sub(lambda match: match["text"], text)
    text = text.replace("**", "")
    return " ".join(_ESCAPED.sub(r"\1", text).strip("`").split())


def _plain_link(match: re.Match[str]) -> str:
    title, url = match["text"].strip(), match["url"]
    return url if title == url else f"{title} ({url})"


def _iter_without_headers(lines: list[Line]) -> Iterator[Line]:
    """Drop the header block of a pasted mail, except its subject, which is marked as such."""
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and (
            _MAIL_HEADER.fullmatch(lines[end].text)
            or (end > place and lines[end].text and lines[end].indent > 0 and not lines[end].bullet)
        ):
            end += 1
        names = {match["name"] for line in lines[place:end] if (match := _MAIL_HEADER.fullmatch(line.text))}
        if len(names & _MAIL_SIGNS) >= 2:
            for line in lines[place:end]:
                name, _, value = line.text.partition(":")
                if name.strip() in _SUBJECTS:
                    subject = _REPLIES.sub("", value.strip())
                    yield replace(line, text=subject, raw=subject, subject=True)
            yield Line(number=lines[end - 1].number, text="", raw="")
        else:
            end = max(end, place + 1)
            yield from lines[place:end]
        place = end
