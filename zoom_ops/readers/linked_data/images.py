"""The image of a schema.org thing."""

from ...events import clean_line
from ..records import Node
from .graph import Graph, get

_LONGEST = 4_000


def image_of(node: Node, graph: Graph) -> tuple[str, str]:
    """Return the address of the first image of a thing, and the text that describes it; both empty without one."""
    images = get(node, "image").entries() if isinstance(node.value, dict) else []
    if not images:
        return "", ""
    image = graph.resolve(images[0])
    if not isinstance(image.value, dict):
        return _address(image.text), ""
    url = next((found for key in ("contentUrl", "url") if (found := _address(get(image, key).text))), "")
    return url, clean_line(get(image, "caption").text)[:500]


def _address(text: str) -> str:
    return text if text.lower().startswith(("https://", "http://")) and len(text) <= _LONGEST else ""
