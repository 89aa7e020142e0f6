"""JSON-LD documents: a JSON file, or each script of a page, with the lines of the file."""

import warnings

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup
from bs4.filter import SoupStrainer

from ...announcements import decode
from ...errors import BadInputError
from ..documents import read_json
from ..records import Node

LARGEST_PAGE = 5_000_000  # characters
MOST_SCRIPTS = 200
_MICRODATA = ("schema.org/event", 'typeof="event"', "typeof='event'")


def read_documents(content: bytes, file: str) -> tuple[list[Node], list[BadInputError]]:
    """Return the JSON-LD documents of a file, and the scripts that are broken and may hold an event."""
    text = decode(content, file)
    if text.lstrip()[:1] in ("{", "["):
        return [Node.root(read_json(text, file))], []
    if len(text) > LARGEST_PAGE:
        raise BadInputError(f"expected a page of at most {LARGEST_PAGE:,} characters", file=file, line=1)
    documents, problems = [], []
    scripts = _scripts(text, file)
    for line, script in scripts:
        try:
            documents.append(Node.root(read_json("\n" * (line - 1) + script, file)))
        except BadInputError as error:
            if "Event" in script:  # one that holds a menu or a logo does no harm
                problems.append(error)
    lowered = text.lower()
    if not scripts and any(sign in lowered for sign in _MICRODATA):
        message = "this page describes its event as microdata or RDFa, which is not read; paste the text of the page"
        raise BadInputError(message, file=file, line=1)
    return documents, problems


def _scripts(text: str, file: str) -> list[tuple[int, str]]:
    """List the JSON-LD scripts of a page, each with its line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            page = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("script"))
    except (ParserRejectedMarkup, RecursionError) as error:
        message = "this page is broken HTML, and its scripts cannot be found; paste the text of the page"
        raise BadInputError(message, file=file, line=1) from error
    scripts = []
    for tag in page.find_all("script"):
        kind = str(tag.get("type", "")).partition(";")[0].strip().lower() if isinstance(tag, Tag) else ""
        if isinstance(tag, Tag) and kind == "application/ld+json":
            scripts.append((tag.sourceline or 1, _bare(tag.get_text())))
    if len(scripts) > MOST_SCRIPTS:
        raise BadInputError(f"expected at most {MOST_SCRIPTS} scripts of JSON-LD", file=file, line=scripts[-1][0])
    return scripts


def _bare(script: str) -> str:
    """Remove the comments that old pages write around a script, and keep its lines."""
    for sign in ("<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>"):
        bare = script.strip()
        if bare.startswith(sign) or bare.endswith(sign):
            script = script.replace(sign, "")
    return script.rstrip().removesuffix(";")
