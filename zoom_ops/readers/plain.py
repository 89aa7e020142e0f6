"""HTML of mails and calendars → lines of text, as a reader sees them."""

from html.parser import HTMLParser

MOST_CHARACTERS = 2_000_000  # of HTML; what follows is not read
_LINES = {"div", "tr", "li", "br", "dd", "dt", "address"}
_PARAGRAPHS = {"p", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "pre"}
_HIDDEN = {"script", "style", "head", "title"}


def plain_text(html: str) -> str:
    """Return the text of HTML: a line for each block, list entries with bullets, links with their addresses."""
    text = _Text()
    text.feed(html[:MOST_CHARACTERS])
    text.close()
    lines = [" ".join(line.split()) for line in "".join(text.pieces).split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip("\n")


class _Text(HTMLParser):
    """Collects the pieces of the text in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: str | None = None
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN and self._hidden is None:
            self._hidden = tag
        elif tag == "body":
            self._hidden = None
        self._part(tag)
        if tag == "li":
            self.pieces.append("• ")
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._address = address if address.startswith(("http://", "https://")) else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = None
        if tag == "a" and self._address:
            shown = self.pieces[-1].strip() if self.pieces else ""
            self.pieces.append(f" {self._address} " if shown.rstrip("/") != self._address.rstrip("/") else "")
            self._address = ""
        if tag != "br":
            self._part(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden is None:
            self.pieces.append(data.replace("\r", " ").replace("\n", " "))  # a line end in HTML is a space

    def _part(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
