"""The numbered lines of an announcement, without the markup of mail, Markdown and HTML."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ...events import clean_line
from .labels import read_label
from .markup import strip_html

BULLETS = "•◦▪▫‣⁃∙●○■□►▶➢➤✓✔·–—*+\uf0b7\uf0a7-"
_BULLET = re.compile(
    rf"(?P<mark>[{re.escape(BULLETS)}]{{1,2}}|\(?\d{{1,2}}[.)]|\(?[a-z]\)"
    rf"|o(?=\s+[A-ZÀ-Þ]))(?P<gap>\s+)(?=\S)"
)
_TIGHT_BULLET = re.compile("[•◦▪‣●■►➢➤✓\uf0b7\uf0a7](?=\\S)")
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
_MAIL_SIGNS = frozenset(("From", "De", "Von", "Subject", "Objet", "Asunto", "Betreff", "To", "Sent"))
_SUBJECTS = frozenset(("Subject", "Objet", "Asunto", "Betreff"))


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
    numbered: Iterable[tuple[int, str]] = strip_html(text) or enumerate(re.split("[\n\u2028\u2029\x0b\x0c]", text), 1)
    return tuple(_iter_without_headers([_line(number, written) for number, written in numbered]))


def _line(number: int, written: str) -> Line:
    indent = len(written) - len(written.lstrip())
    bare = _QUOTE.sub("", written.strip(), count=1) if written.lstrip().startswith(">") else written
    bare = clean_line(_join_cells(bare))
    if _RULE.fullmatch(bare):
        return Line(number=number, text="", raw="")
    heading = _HEADING.fullmatch(bare)
    if heading:
        plain = _without_markdown(heading["text"])
        return Line(number=number, text=plain, raw=plain, heading=True)
    mark, rest = _part_bullet(_without_symbol(bare))
    plain = _without_markdown(rest)
    bold = not mark and bool(_BOLD.fullmatch(rest.rstrip(": ")))
    raw = f"{mark} {plain}" if mark else plain
    return Line(number=number, text=plain, raw=raw, bullet=mark, heading=bold, indent=indent)


def _without_symbol(text: str) -> str:
    """Replace an emoji at the beginning: a pin by the label "Venue", a pointer by a bullet, any other by nothing."""
    place = 0
    while (
        place < len(text)
        and (unicodedata.category(text[place]) == "So" or text[place] in "\ufe0f\u200d ")
        and text[place] not in BULLETS
    ):
        place += 1
    symbol, rest = text[:place].strip(" \ufe0f"), text[place:]
    if symbol == "📍" and rest and not read_label(rest):
        return f"Venue: {rest}"
    return f"• {rest}" if symbol in ("👉", "✅", "🔹", "🔸", "➡", "☑", "✔") and rest else rest


def _join_cells(text: str) -> str:
    """Join the cells of a pasted table row as "label: value" or as a list with commas."""
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    if len(cells) < 2 or re.fullmatch(r"\(?\w{1,2}[.)]", cells[0]) or cells[0] in BULLETS:
        return text
    label = read_label(cells[0])
    return f"{cells[0]}: {'; '.join(cells[1:])}" if label and not label.rest else ", ".join(cells)


def _part_bullet(text: str) -> tuple[str, str]:
    match = _BULLET.match(text)
    if match and not (match["mark"] in ("*", "_") and _BOLD.match(text)) and not _begins_date(text, match):
        return match["mark"], text[match.end() :]
    tight = _TIGHT_BULLET.match(text)
    return (tight[0], text[1:]) if tight else ("", text)


def _begins_date(text: str, bullet: re.Match[str]) -> bool:
    """Check whether "31. " is the day of a German date and not the number of a list entry."""
    rest = text[bullet.end() : bullet.end() + 30]
    return bullet["mark"][0].isdigit() and bool(re.match(r"[^\W\d]{3,12}\.?\s+\d{4}\b", rest))


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
            _MAIL_HEADER.fullmatch(lines[end].text) or (end > place and _continues_header(lines[end]))
        ):
            end += 1
        names = {match["name"] for line in lines[place:end] if (match := _MAIL_HEADER.fullmatch(line.text))}
        if len(names) >= 2 and len(names & _MAIL_SIGNS) >= 2:
            yield from (_subject(line) for line in lines[place:end] if line.text.partition(":")[0].strip() in _SUBJECTS)
            yield Line(number=lines[end - 1].number, text="", raw="")
        else:
            end = max(end, place + 1)
            yield from lines[place:end]
        place = end


def _continues_header(line: Line) -> bool:
    return bool(line.text) and line.indent > 0 and not line.bullet


def _subject(line: Line) -> Line:
    text = re.sub(r"(?:(?:re|fwd?|tr|rv|wg|aw)\s*:\s*)+", "", line.text.partition(":")[2].strip(), flags=re.IGNORECASE)
    return replace(line, text=text, raw=text, subject=True)
