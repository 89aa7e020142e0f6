"""schema.org events as JSON-LD, in a .json file or in the scripts of an HTML page → events."""

from ..read import Announced
from ..records import collect
from .events import read_event
from .graph import Graph
from .pages import read_documents

_NOTHING = (
    "there is no schema.org Event with a startDate in it; "
    'expected "@type": "Event". Of a page that has none, paste the text'
)


def read(content: bytes, file: str) -> tuple[Announced, ...]:
    """Read the events of a file. Raise BadInputError for the first mistake; the others stand in its notes."""
    documents, problems = read_documents(content, file)
    graph = Graph.of(documents)
    return collect(
        graph.events(),
        lambda record: read_event(record, graph, file),
        file=file,
        nothing=_NOTHING,
        problems=problems,
    )
