"""The size of each page as sent to a browser with an empty cache: document, style and script."""

import re

from tests.web_site import Site, Visitor
from tests.web_states import fill

BUDGET = 30_000  # bytes, compressed; 80,000 are allowed


def test_no_page_weighs_more_than_its_budget(site: Site, visitor: Visitor) -> None:
    pages = fill(site)

    weights = {name: weigh(visitor, path) for name, path in pages.items()}

    assert {name: weight for name, weight in weights.items() if weight > BUDGET} == {}


def weigh(visitor: Visitor, path: str) -> int:
    """Return the bytes sent for a page and its style and script."""
    html = visitor.get(path).text
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', html)
    assert len(files) == 3
    return sum(_sent(visitor, address) for address in (path, *files))


def _sent(visitor: Visitor, path: str) -> int:
    with visitor.get(path, stream=True) as answer:
        return len(answer.raw.read(decode_content=False))
