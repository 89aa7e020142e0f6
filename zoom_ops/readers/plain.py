"""HTML of a mail → lines of text, as a reader sees them."""

from bs4 import BeautifulSoup
from bs4.element import NavigableString

_BLOCKS = ["p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "br"]
_APART = {"p", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr"}  # with an empty line


def plain_text(html: str) -> str:
    """Return the text of HTML: a line for each block, list entries with bullets, links with their addresses."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup(["script", "style", "head", "title"]):
        hidden.decompose()
    for text in soup.find_all(string=True):
        text.replace_with(NavigableString(" ".join(f".{text}.".split())[1:-1]))  # a line end in HTML is a space
    for link in soup.find_all("a", href=True):
        address, shown = str(link["href"]), link.get_text().strip()
        if address.startswith(("http://", "https://")) and address.rstrip("/") != shown.rstrip("/"):
            link.append(f" {address}" if shown else address)
    for block in soup.find_all(_BLOCKS):
        gap = "\n\n" if block.name in _APART else "\n"
        block.insert_before(gap)
        if block.name == "li":
            block.insert(0, "• ")
        if block.name not in ("br", "hr"):
            block.append(gap)
    for cell in soup.find_all(["td", "th"]):
        cell.append(" ")
    lines = (line.strip() for line in soup.get_text().split("\n"))
    return _without_gaps(list(lines))


def _without_gaps(lines: list[str]) -> str:
    """Join lines with at most one empty line between them."""
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip("\n")
