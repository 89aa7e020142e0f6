"""The format of a file, told from its content. Its name decides only where the content may be two formats."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Literal
from zipfile import BadZipFile, ZipFile

from ..errors import BadInputError
from ..linear import load_json
from .columns import seems_table

Format = Literal[
    "text",
    "yaml",
    "json",
    "calendars",
    "mail",
    "markdown",
    "tables",
    "linked_data",
    "indico",
    "pretalx",
    "frab",
    "wordpress",
]

_START = 65_536  # bytes; every format shows itself in them
_EVENT_KEYS = re.compile(r"^(?:- |  )?([a-z_]+):(?:\s|$)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<keys>(?:(?!---).*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)(?P<body>[\s\S]*)")
_HEADER = re.compile(r"^([!-9;-~]+):", re.MULTILINE)  # RFC 5322, 3.6.8
_ROOT = re.compile(
    r"(?:\s|<\?[^>]*\?>|<!--[\s\S]*?-->|<![^>]*>)*<(?:[\w.-]+:)?([\w.-]+)"
)  # XML 1.0, 2.8: prolog, element
_EVENT_TYPE = re.compile(rb'"(?:https?://schema\.org/|schema:)?(?:\w*Event|EventSeries|Festival|Hackathon)"')
_MICRODATA = re.compile(rb"(?i)itemtype=[\"']?https?://schema\.org/\w*Event\b")

_MAIL_HEADERS = {"from", "subject"}
_SENDING_HEADERS = {"mime-version", "message-id", "received", "return-path", "delivered-to", "dkim-signature"}
_PASTE = "open it, and paste its text"
_OUTLOOK = "__substg1.0".encode("utf-16-le")  # the parts of a mail, [MS-OXMSG] 2.2
_UNSUPPORTED = (  # the first bytes of a format, its name, what to do
    (b"%PDF-", "a PDF", _PASTE),
    (b"\xd0\xcf\x11\xe0", "an old Office file, or one with a password", "save it as .xlsx, or paste its text"),
    (b"\x89PNG", "a picture", "type its text"),
    (b"\xff\xd8\xff", "a picture", "type its text"),
    (b"GIF8", "a picture", "type its text"),
    (b"II*\x00", "a picture", "type its text"),
    (b"MM\x00*", "a picture", "type its text"),
    (b"{\\rtf", "an RTF document", _PASTE),
    (b"\x1f\x8b", "a gzip archive", "unpack it, and import its files"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it, and import its files"),
    (b"Rar!", "a RAR archive", "unpack it, and import its files"),
    (b"\x78\x9f\x3e\x22", "a winmail.dat of Outlook", "ask its sender for a calendar (.ics) or for plain text"),
    (b"bplist", "a property list of Apple", "export it as a calendar (.ics)"),
    (b"+++\n", "Markdown with front matter in TOML", "write the keys as YAML, between lines of ---"),
    (b"BEGIN:VCARD", "a vCard", "write people to a CSV file, and import it with zoom-ops people import"),
)
_ARCHIVES = (  # a file in a ZIP archive, what the archive is, what to do; the first that is found counts
    ("word/document.xml", "a Word document", _PASTE),
    ("ppt/presentation.xml", "a PowerPoint presentation", _PASTE),
    ("xl/workbook.bin", "a binary Excel file", "save it as .xlsx"),
    ("Index/Document.iwa", "a document of Apple", "export it as .xlsx, or paste its text"),
)
_DOCUMENTS = {  # what the file `mimetype` in a ZIP archive says
    "application/vnd.oasis.opendocument.text": ("an OpenDocument text", _PASTE),
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument spreadsheet", "save it as .xlsx or .csv"),
    "application/vnd.oasis.opendocument.presentation": ("an OpenDocument presentation", _PASTE),
    "application/epub+zip": ("an e-book", _PASTE),
}
_ENDINGS: dict[str, Format] = {"csv": "tables", "tsv": "tables", "eml": "mail", "yaml": "yaml", "yml": "yaml"}
_JSON_KEYS: tuple[tuple[Format, frozenset[str]], ...] = (  # keys that only this format has
    ("linked_data", frozenset(("@type",))),
    ("linked_data", frozenset(("@graph",))),
    ("linked_data", frozenset(("@context",))),
    ("indico", frozenset(("count", "_type", "results"))),
    ("indico", frozenset(("_type", "startDate", "title"))),
    ("pretalx", frozenset(("schedule",))),
    ("pretalx", frozenset(("code", "title", "submission_type"))),
    ("wordpress", frozenset(("title", "start_date", "rest_url"))),
    ("wordpress", frozenset(("title", "start_date", "utc_start_date"))),
    ("wordpress", frozenset(("title", "content", "link"))),
)


def recognise(content: bytes, file: str) -> Format:
    """Tell the format of a file. Raise BadInputError for one that is known and not read, such as PDF."""
    bare, ending = content.removeprefix(b"\xef\xbb\xbf"), file.lower().rpartition(".")[2]
    if bare.startswith(b"\xd0\xcf\x11\xe0") and _OUTLOOK in bare:
        raise _not_read("a mail of Outlook (.msg)", "save it as .eml, or paste its text", file)
    for first_bytes, name, advice in _UNSUPPORTED:
        if bare[:64].lstrip(b"\r\n").startswith(first_bytes):
            raise _not_read(name, advice, file)
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content, file)
    if b"\x00" in content[:_START]:
        raise _not_read("no text", "export it as text, a calendar (.ics) or a table (.xlsx, .csv)", file)
    start = bare[:_START].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").lstrip()
    if start[:15].upper() == "BEGIN:VCALENDAR":
        return "calendars"
    if start[:1] in ("{", "["):
        value = _as_json(bare)
        if value is not None:
            return _json_format(value, file)
    if start[:1] == "<":
        return _marked_up(bare, start, file)
    return _ENDINGS.get(ending) or ("json" if ending == "json" else _written(start))


def _not_read(kind: str, advice: str, file: str) -> BadInputError:
    return BadInputError(f"this is {kind}, and it is not read: {advice}", file=file, line=1)


def _in_archive(content: bytes, file: str) -> Format:
    """Tell which document a ZIP archive is. Raise BadInputError for all but a spreadsheet."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            kind = archive.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise _not_read("a damaged Office document or ZIP archive", "save or download it again", file) from None
    if "xl/workbook.xml" in names:
        return "tables"
    for name, what, advice in _ARCHIVES:
        if name in names:
            raise _not_read(what, advice, file)
    raise _not_read(*_DOCUMENTS.get(kind.strip(), ("a ZIP archive", "unpack it, and import its files")), file)


def _as_json(content: bytes) -> Any:
    try:
        return load_json(content)
    except (ValueError, RecursionError):
        return None


def _json_format(value: Any, file: str) -> Format:
    """Tell which JSON it is. What nothing else knows is the event model."""
    first = value[0] if isinstance(value, list) and value else value
    if first == "vcalendar":
        raise _not_read("a calendar in JSON (jCal)", "export it as .ics", file)
    if not isinstance(first, Mapping):
        return "json"
    if str(first.get("kind", "")).startswith("calendar#"):
        raise _not_read("the JSON of Google Calendar", "export the calendar as .ics", file)
    keys = {str(key) for key in first}
    for name, known in _JSON_KEYS:
        if known <= keys:
            return name
    results = next((first[key] for key in ("results", "events") if isinstance(first.get(key), list)), ())
    return _json_format(results, file) if first is value and results and "name" not in keys else "json"


def _marked_up(content: bytes, start: str, file: str) -> Format:
    """Tell XML by its root. HTML is an announcement, unless it says its event for programs."""
    match = _ROOT.match(start)
    root = match[1].lower() if match else ""
    if root == "schedule" or ("<!ENTITY" in start and "<html" not in start.lower()):
        return "frab"
    if root == "icalendar":
        raise _not_read("a calendar in XML (xCal)", "export it as .ics", file)
    if start.startswith("<?xml") and root != "html":
        raise _not_read(f"XML that begins with <{root[:40]}>", "export it as a calendar (.ics) or a table (.csv)", file)
    script = content.lower().find(b"application/ld+json")
    found = _EVENT_TYPE.search(content, script) if script >= 0 else _MICRODATA.search(content)
    return "linked_data" if found else "text"


def _written(start: str) -> Format:
    """Tell the format of what people write with a keyboard."""
    if _is_mail(start):
        return "mail"
    keys = set(_EVENT_KEYS.findall(start))
    front = _FRONT_MATTER.match(start)
    if front and _EVENT_KEYS.search(front["keys"]) and not {"name", "start"} <= set(_EVENT_KEYS.findall(front["body"])):
        return "markdown" if front["body"].strip() else "yaml"
    if {"name", "start"} <= keys:
        return "yaml"
    return "tables" if seems_table(start) else "text"


def _is_mail(start: str) -> bool:
    """Tell a message from an announcement that begins with labelled lines: it has headers that only programs write."""
    headers = {name.lower() for name in _HEADER.findall(start.partition("\n\n")[0])}
    return bool(headers & _MAIL_HEADERS and headers & _SENDING_HEADERS)
