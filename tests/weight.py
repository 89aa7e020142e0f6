"""The weight of a page: what a browser that has nothing of it yet receives, compressed as it is sent.

That is the document with the styles, scripts, pictures and the icon that it loads by itself, each with its headers.
"""

import re

from tests.web_site import Visitor

ALLOWED = 80_000  # bytes
_LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img|source)[^>]*?\s(?:href|src|srcset)="(/[^"]+)"')


def weigh(visitor: Visitor, path: str) -> int:
    """Return the bytes of a page and of all that it loads by itself."""
    html = visitor.get(path).text
    loaded = list(dict.fromkeys(_LOADED.findall(html)))
    assert {address.rpartition(".")[2] for address in loaded} >= {"css", "js", "svg"}, loaded
    return sum(_sent(visitor, address) for address in (path, *loaded))


def _sent(visitor: Visitor, path: str) -> int:
    with visitor.get(path, stream=True) as answer:
        assert answer.status_code < 300 or path.endswith(("none", "not-found")), path
        headers = sum(len(f"{name}: {text}\r\n") for name, text in answer.headers.items())
        return headers + len(answer.raw.read(decode_content=False))
