"""The messages of the pages in the code and the templates, and their translations in each catalog."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.root import ROOT
from zoom_ops.web.console.event_form.fields import HINTS, LISTS, SINGLE, UNSEEN_ADDRESS, Field
from zoom_ops.web.console.event_form.wording import LABELS, name_option
from zoom_ops.web.i18n.catalogs import CODES, DOMAIN, load_languages, placeholders_of

WEB = ROOT / "zoom_ops" / "web"
LOCALE = WEB / "locale"
TRANSLATED = tuple(code for code in CODES if code != "en")  # the code has the English texts

_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_SHARED = ("base", "confirm", "drafts", "macros", "refused", "signed_out")
_KEYWORDS = {"say": None, "say_many": (1, 2), "_": None, "ngettext": (1, 2)}
_SPOKEN = (  # what of the console is in the language of the reader
    "console/event_form/", "console/confirming.py", "console/drafts.py",
    "templates/console/event_form/", *(f"templates/console/{name}.html" for name in _SHARED),
)  # fmt: skip
_OF_OPERATORS = ("console/", "templates/console/", "api/")  # the other pages of the console are in English
_KEPT_HEADERS = rb"Language:|Plural-Forms:|MIME-Version:|Content-"  # the others change with each writing
_OTHER_HEADER = re.compile(rb'^"(?!%s)[A-Z][\w-]+: .*\\n"\n' % _KEPT_HEADERS, re.MULTILINE)


def extract_messages() -> Catalog:
    """Extract every message from the code and the templates of the pages that speak the language of their reader."""
    comment = "# The words of the public pages, the event form and the drafts."
    catalog = Catalog(domain=DOMAIN, fuzzy=False, header_comment=comment)
    extracted = extract_from_dir(WEB, _METHODS, {"**.html": {"silent": "false"}}, _KEYWORDS, ("Translators:",))
    for file, _line, message, comments, _context in sorted(extracted, key=lambda entry: (entry[0], entry[1])):
        if file.startswith(_SPOKEN) or not file.startswith(_OF_OPERATORS):
            catalog.add(message, locations=[(file, None)], auto_comments=comments)
    for text in list_texts_of_the_form():
        catalog.add(text, locations=[("console/event_form/fields.py", None)])
    return catalog


def list_texts_of_the_form() -> tuple[str, ...]:
    """List the texts of the fields of the event form, which stand in values and in no call."""
    fields = (*SINGLE, *(field for rows in LISTS for field in rows.fields))
    of_rows = [text for rows in LISTS for text in (rows.title, rows.one, rows.add, rows.hint)]
    texts = (
        *LABELS.values(),
        *HINTS.values(),
        UNSEEN_ADDRESS,
        *of_rows,
        *(text for field in fields for text in _texts_of(field)),
    )
    return tuple(dict.fromkeys(text for text in texts if text))


def _texts_of(field: Field) -> Iterator[str]:
    if field.kind != "hidden":
        yield from (field.label, field.hint, *map(name_option, field.options))
    if field.kind == "choice" and "" in (field.default, *field.options):
        yield field.empty


def catalog_file(code: str, domain: str = DOMAIN) -> Path:
    """Return the path of a language's catalog."""
    return LOCALE / code / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(code: str, domain: str = DOMAIN) -> Catalog:
    """Read the catalog of a language; a missing one is empty."""
    locale = load_languages([code])[code].locale
    file = catalog_file(code, domain)
    if not file.exists():
        return Catalog(locale=locale, domain=domain, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=locale, domain=domain)


def write_catalog(file: Path, catalog: Catalog) -> None:
    """Write a catalog in the same order each time, a line a text, without dates, names and places."""
    written = BytesIO()
    write_po(written, catalog, width=0, sort_by_file=True, no_location=True, ignore_obsolete=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_OTHER_HEADER.sub(b"", written.getvalue()))


def update_catalog(code: str, messages: Catalog) -> Catalog:
    """Update the catalog of a language: new messages are untranslated, and unused ones are removed."""
    catalog = read_catalog(code, messages.domain or DOMAIN)
    catalog.update(messages, no_fuzzy_matching=True, update_header_comment=True)
    return catalog


def iter_faults(messages: Catalog, catalog: Catalog) -> Iterator[str]:
    """Yield the faults of a catalog."""
    known = [message.id for message in (*catalog, *catalog.obsolete.values()) if message.id]
    yield from (f"nothing says {text!r} any more" for text in known if text not in messages)
    for message in messages:
        if message.id:
            yield from (f"{message.id!r} {fault}" for fault in _faults(message, catalog))


def _faults(message: Message, catalog: Catalog) -> Iterator[str]:
    known = catalog.get(message.id)
    if known is None or not all(forms_of(known)):
        yield "is not translated"
    elif known.fuzzy:
        yield "is fuzzy"
    elif message.pluralizable and len(forms_of(known)) != catalog.num_plurals:
        yield f"has {len(forms_of(known))} forms, and not {catalog.num_plurals}"
    else:
        yield from _misfits(message, known)


def _misfits(message: Message, known: Message) -> Iterator[str]:
    """Yield the differences in placeholders and spaces at the end; a form may omit its number."""
    free = {"num"} if message.pluralizable else set()
    placeholders = placeholders_of(" ".join(_ids(message)))
    for form in forms_of(known):
        if placeholders_of(form) - free != placeholders - free or (placeholders_of(form) & free) - placeholders:
            yield f"has other placeholders in {form!r}"
        if form != form.strip():
            yield f"has space around {form!r}"


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if message.pluralizable else (message.id,)


def forms_of(message: Message) -> tuple[str, ...]:
    """List the forms of a translation: one, or one for each plural form."""
    return tuple(message.string) if message.pluralizable else (str(message.string or ""),)
