"""The numbered lines of an announcement, without the markup of mail, Markdown and HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from unicodedata import category

from ...events import clean_line
from ...markup import html_lines, is_html
from ...phrases.labels import read_label
from ...phrases.subjects import strip_replies

BULLETS = "•・◦▪▫‣⁃∙●○■□►▶➢➤✓✔·–—*+\uf0b7\uf0a7-"
_BULLET = re.compile(  # "31. Januar 2023" is a German date and not entry 31 of a list
    rf"(?P<mark>[{re.escape(BULLETS)}]{{1,2}}|\(\d{{1,2}}[.)]|\d{{1,2}}[.)](?!\s+[^\W\d]{{3,12}}\.?\s+\d{{4}}\b)"
    r"|\(?[a-z]\)|o(?=\s+[A-ZÀ-Þ]))\s+(?=\S)|(?P<tight>[•・◦▪‣●■►➢➤✓\uf0b7\uf0a7])(?=\S)"
)
_POINTERS = ("👉", "✅", "🔹", "🔸", "➡", "☑", "✔")  # a bullet; a pin is “Venue:”, any other emoji nothing
_JOINERS = "\ufe0f\u200d "  # between the signs of an emoji
_EMPHASIS = re.compile(  # CommonMark
    r"(?<![\w*/])(?P<mark>\*{1,3}|_{1,2})(?=[^\s*_])(?P<text>[^*_\n]{1,500}?)(?<=\S)(?P=mark)(?![\w*])"
)
_LINK = re.compile(  # CommonMark: [title](address) and <address>
    r"!?\[(?P<text>[^\[\]]{1,300})\]\((?P<url>https?://[^\s()]{1,1000}(?:\([^\s()]*\)[^\s()]*)?)(?:\s+\"[^\"]*\")?\)"
    r"|<(?P<bare>(?:https?://|mailto:)[^\s<>]{1,1000}|[^\s<>@]{1,64}@[^\s<>@]{1,255})>"
)
_SUBJECTS = frozenset(("Subject", "Objet", "Asunto", "Betreff", "Oggetto", "Assunto"))
_LONE = _SUBJECTS - {"Subject"}  # as the only header it may be the label of the title
_MAIL_SIGNS = _SUBJECTS | {"From", "De", "Von", "To", "Sent", "Da"}
_MAIL_HEADERS = _MAIL_SIGNS | {  # RFC 5322, and as mail programs translate them
    *("Cc", "Bcc", "Date", "Reply-To", "Importance", "Attachments", "À", "Envoyé", "Para", "Enviado", "An", "Gesendet"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Message-ID", "A", "Inviato", "Data"),
}


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
    sentences = sum(f"{text} ".count(f"{mark} ") for mark in ".!?") + text.count("。")
    long = len(text) > 200 or (len(text) > 110 and text.endswith((".", "!", "?", ":")))
    return long or (sentences >= 2 and len(text) > 80) or (text.endswith("。") and len(text) > 25)


def read_lines(text: str) -> tuple[Line, ...]:
    """Read the lines of an announcement without HTML tags, quote marks, Markdown and mail headers."""
    numbered = html_lines(text) if is_html(text) else enumerate(text.splitlines(), 1)
    return tuple(_without_headers([_line(number, written) for number, written in numbered]))


def _line(number: int, written: str) -> Line:
    bare = written.strip()
    while bare.startswith(">"):
        bare = bare[1:].lstrip(" ")
    bare = bare.strip("|").replace("|", "\t") if bare[:1] == bare[-1:] == "|" else bare  # a table of Markdown
    cells = [cell.strip() for cell in bare.split("\t") if cell.strip()]  # of a pasted table row
    if len(cells) > 1 and not _BULLET.match(f"{cells[0]} x"):
        label = read_label(f"{cells[0]}:")
        bare = f"{cells[0]}: {'; '.join(cells[1:])}" if label and not label.rest else ", ".join(cells)
    bare = clean_line(bare)
    if len(bare) >= 3 and set(bare) <= set(" *_=~–—.•-,:|"):
        return Line(number=number, text="", raw="")
    level = len(bare) - len(bare.lstrip("#"))
    if 1 <= level <= 6 and bare[level : level + 1] == " ":
        plain = _without_markdown(bare.strip("# "))
        return Line(number=number, text=plain, raw=plain, heading=True)
    emoji = "".join(takewhile(lambda sign: sign not in BULLETS and (sign in _JOINERS or category(sign) == "So"), bare))
    symbol, rest = emoji.strip(" \ufe0f"), bare[len(emoji) :]
    if symbol == "📍" and rest and not read_label(rest):
        rest = f"Venue: {rest}"
    elif symbol in _POINTERS and rest:
        rest = f"• {rest}"
    bullet = _BULLET.match(rest)
    mark, rest = (bullet[0].strip(), rest[bullet.end() :]) if bullet else ("", rest)
    while rest and (category(rest[-1]) == "So" or rest[-1] in _JOINERS):
        rest = rest[:-1]
    plain, marked = _without_markdown(rest), rest.rstrip(": ")
    bold = not mark and any(marked.startswith(sign) and marked.endswith(sign) for sign in ("**", "__"))
    indent = len(written) - len(written.lstrip())
    raw = f"{mark} {plain}" if mark else plain
    return Line(number=number, text=plain, raw=raw, bullet=mark, heading=bold, indent=indent)


def _without_markdown(text: str) -> str:
    """Remove Markdown from a line; a link becomes "title (address)"."""
    text = _LINK.sub(_plain_link, text)
    for _ in range(2):  # emphasis in emphasis
        text = _EMPHASIS.sub(lambda match: match["text"], text)
    text = text.replace("**", "")
    for sign in "`*_{}[]()#+.!|>~-" if "\\" in text else "":
        text = text.replace(f"\\{sign}", sign)
    return " ".join(text.strip("`").split())


def _plain_link(match: re.Match[str]) -> str:
    title, url = (match["text"] or "").strip(), match["url"] or match["bare"].removeprefix("mailto:")
    return f"{title} ({url})" if title and title != url else url


def _without_headers(lines: list[Line]) -> Iterable[Line]:
    """Drop the header block of a pasted mail, except its subject, which is marked as such."""
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and (_header(lines[end].text) or (end > place and _is_folded(lines[end]))):
            end += 1
        signs = {_header(line.text) for line in lines[place:end]} & _MAIL_SIGNS
        if len(signs) >= 2 or (signs & _LONE and not any(line.text for line in lines[:place])):
            for line in lines[place:end]:
                if _header(line.text) in _SUBJECTS:
                    subject = strip_replies(line.text.partition(":")[2].strip())
                    yield replace(line, text=subject, raw=subject, subject=True)
            yield Line(number=lines[end - 1].number, text="", raw="")
        else:
            end = max(end, place + 1)
            yield from lines[place:end]
        place = end


def _is_folded(line: Line) -> bool:
    return bool(line.text and line.indent > 0 and not line.bullet)


def _header(text: str) -> str:
    """Return the name of the mail header that a line is, or nothing."""
    name, colon, _ = text[:60].partition(":")
    name = name.rstrip()
    return name if colon and (name in _MAIL_HEADERS or name.startswith("X-")) and " " not in name else ""
