"""HTML of pages, mails and calendars → lines of text, as a reader sees them."""

import html
import re
from dataclasses import dataclass, field

# html.parser takes quadratic time on broken input, and nh3 loses the line numbers. So regular expressions of bounded
# length match the tags.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,20})(?P<attributes>(?:\s[^<>]{0,4000})?)/?>")
_HREF = re.compile(r"(?i)\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]{1,2000})")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PARAGRAPHS = {"p", "ul", "ol", "table", "blockquote", "section", "article", "header", "footer", "hr", *_HEADINGS}
_BLOCKS = _PARAGRAPHS | {"div", "br", "li", "tr", "td", "th", "dt", "dd", "body", "html", "figure"}
MOST_CHARACTERS = 2_000_000  # of HTML; what follows is not read
_OPENING = {"li": "• ", **dict.fromkeys(_HEADINGS, "# ")}
_SIGNS = {"p", "div", "br", "li", "ul", "ol", "strong", "span", "h1", "h2", "h3", "table", "html", "body", "b", "a"}
_HIDDEN = (("<!--", "-->"), ("<style", "</style"), ("<script", "</script"), ("<head", "</head"), ("<title", "</title"))


def is_html(text: str) -> bool:
    """Check whether a text is HTML, by the tags at its beginning."""
    names = [match["name"].lower() for match in _TAG.finditer(text[:20_000])]
    return sum(name in _SIGNS for name in names) >= 2 and any(name in _BLOCKS for name in names)


def plain_text(text: str) -> str:
    """Return the text of HTML: a line for each block, list entries with bullets, links with their addresses."""
    lines = (written.removeprefix("# ") for _, written in html_lines(text[:MOST_CHARACTERS]))
    return "\n".join(lines).strip("\n")


def without_markup(text: str, longest: int | None = None) -> str:
    """Return a text, of at most so many characters, as it is; if a tag closes or breaks a line, the text of HTML."""
    return plain_text(text[:longest]) if "</" in text or "<br" in text else text[:longest]


def html_lines(text: str) -> list[tuple[int, str]]:
    """Turn HTML into plain lines with their numbers, one for each block; where blocks share a line, count blocks.

    A heading begins with "# ", as in Markdown.
    """
    for begin, end in _HIDDEN:
        folded, kept, place = text.lower() if text.isascii() else text, [], 0
        while (start := _find(folded, begin, place)) >= 0 and (stop := _find(folded, end, start)) >= 0:
            kept.append(text[place:start] + "\n" * text.count("\n", start, stop))  # so that line numbers stay right
            place = stop + len(end)
            place += text.startswith(">", place)
        text = "".join(kept) + text[place:]
    page, place = _Page(), 0
    for match in _TAG.finditer(text):
        page.write(text[place : match.start()])
        page.tag(match)
        place = match.end()
    page.write(text[place:])
    page.break_line()
    numbers = [number for number, written in page.lines if written]
    unique = len(set(numbers)) == len(numbers)  # the parser tells lines apart by their numbers
    return page.lines if unique else [(place, written) for place, (_, written) in enumerate(page.lines, 1)]


def _find(text: str, sign: str, place: int) -> int:
    """Find a sign or the name of a tag from a place on; -1 if there is none. "<head" is not "<header"."""
    while (found := text.find(sign, place)) >= 0 and text[found + len(sign) : found + len(sign) + 1].isalnum():
        place = found + 1
    return found


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
        plain = html.unescape(text)
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
