"""JSON-LD documents: a JSON file, or each script of a page, with the lines of the file."""

from bs4 import BeautifulSoup

from ...announcements import decode
from ...errors import BadInputError
from ..documents import read_json
from ..records import Node

LARGEST_PAGE = 5_000_000  # characters
MOST_SCRIPTS = 200
_LONGEST_TAG = 2_000
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
                reason = str(error).removeprefix(f"{file}:{error.line}: ")
                message = f"this JSON-LD script may hold an event, and cannot be read: {reason}"
                problems.append(BadInputError(message, file=file, line=error.line))
    lowered = _lower_ascii(text)
    if not scripts and any(sign in lowered for sign in _MICRODATA):
        message = "this page describes its event as microdata or RDFa, which is not read; paste the text of the page"
        raise BadInputError(message, file=file, line=1)
    return documents, problems


def _scripts(text: str, file: str) -> list[tuple[int, str]]:
    """List the JSON-LD scripts of a page, each with its line.

    html.parser takes quadratic time on broken pages. So it reads the tags of the scripts only.
    """
    scripts: list[tuple[int, str]] = []
    lowered = _lower_ascii(text)
    place, line = 0, 1
    while (begin := lowered.find("<", place)) >= 0:
        line += text.count("\n", place, begin)
        place, ends = begin, "</script"
        if lowered.startswith("<!--", begin):
            ends = "-->"
        elif not lowered.startswith("<script", begin):
            place = begin + 1
            continue
        opened = lowered.find(">", begin) + 1 if ends == "</script" else begin + 4
        stop = lowered.find(ends, opened) if opened else -1
        if stop < 0:
            break
        if ends == "</script" and _is_linked_data(text[begin : min(opened, begin + _LONGEST_TAG)]):
            scripts.append((line + text.count("\n", begin, opened), _bare(text[opened:stop])))
        if len(scripts) > MOST_SCRIPTS:
            raise BadInputError(f"expected at most {MOST_SCRIPTS} scripts of JSON-LD", file=file, line=line)
        line += text.count("\n", begin, stop)
        place = stop + 1
    return scripts


def _is_linked_data(tag: str) -> bool:
    script = BeautifulSoup(f"{tag}</script>", "html.parser").script
    return script is not None and str(script.get("type", "")).partition(";")[0].strip().lower() == "application/ld+json"


def _lower_ascii(text: str) -> str:
    """Lower the letters A to Z only, so that every place stays the same; `str.lower` takes 50 times as long."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def _bare(script: str) -> str:
    """Remove the comments that old pages write around a script, and keep its lines."""
    for sign in ("<!--", "-->", "//<![CDATA[", "//]]>", "<![CDATA[", "]]>"):
        bare = script.strip()
        if bare.startswith(sign) or bare.endswith(sign):
            script = script.replace(sign, "")
    return script.rstrip().removesuffix(";")
