"""The English sentences in the code that pages translate through the phrasebook, as messages of a catalog."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog

from tests.languages.messages import iter_faults
from tests.root import ROOT
from zoom_ops.events import Event
from zoom_ops.web.i18n.catalogs import SENTENCES

_PROGRAM = ROOT / "zoom_ops"
_WRITERS = (  # who writes sentences that the form shows
    "announcements",
    "drafts.py",
    "errors.py",
    "events",
    "explain.py",
    "operations/events",
    "operations/views/impact.py",
    "phrases",
    "picture_hosts.py",
    "pictures",
    "planning",
    "readers",
    "web/console/drafts.py",
    "web/console/event_form",
    "web/reading_slots.py",
    "web/request_files.py",
    "zones.py",
)
_LEFT_OUT = (  # words that people write, examples, and what only other pages and commands say
    "announcements/lines/lines.py",
    "operations/events/address_book.py",
    "operations/events/changes.py",
    "operations/events/decisions.py",
    "operations/events/orders/moving.py",
    "operations/events/orders/resending.py",
    "phrases/kinds.py",
    "phrases/labels.py",
    "phrases/language.py",
    "planning/elsewhere/hosts.py",
    "planning/elsewhere/own_storage.py",
    "planning/notices.py",
    "planning/plans.py",
    "planning/recorded.py",
    "planning/render.py",
    "planning/zones.py",
    "readers/columns/words.py",
    "readers/tables/template.py",
    "web/console/event_form/fields.py",
    "web/console/event_form/page.py",
    "web/console/event_form/wording.py",
)
_TABLES = re.compile(
    r"[A-Z_]*_KEYS|KINDS|STATUSES|CONSENTS|_HOUR_WORDS|_KIND_BEFORE|_ELSEWHERE|_NOBODY|_WROTE|_AT|_SHORT_DAYS"
)
_WORDS = (  # that stand alone in sentences
    *("and", "or", "taken", "yes", "no", "nothing", "nobody", "day", "time", "date"),
    *("topic", "agenda", "duration", "title", "url"),  # as a webinar and an attachment call them
    *("draft", "listed", "unlisted", "scheduled", "cancelled", "postponed"),  # how an event stands
    *("created", "updated", "unchanged"),  # what an import did
    *("tasks", "see Review"),  # what a calendar holds, and where doubts are answered
    *("account", "entry of the address book", "event", "file", "page", "part", "profile", "recording"),  # not found
)
_CUT_OFF = re.compile(r"(?:no [^;]*; |there is no time zone [^:]*: )(expected \w.*)|(.*) \(if this row .*\)")
_SAID = {"say", "say_many", "_"}  # their texts are in the catalog of the pages
_NO_SENTENCE = re.compile(r"zoom-ops [^.:;]*%\(\w+\)s$|by %\(lead\)s|\(\?|\\[bsdwS]|\[\^|\.\*|\.\+")
_WORD = re.compile(r"(?<![\w%(./=@\"'\\-])[a-z]+(?![\w/=-]|\.\w)")
_SHORT = re.compile(r"an? \S+|1 [a-z]+|[A-Z][a-z]+:? %\(\w+\)s\.?")  # sentences of one word of English
_FORMAT = re.compile(r"\{(\w+)(?::\w+)?\}")
_PLACE = re.compile(r"%\(\w+\)s")
_SIDE_BY_SIDE = re.compile(r"(?:%\(\w+\)s){2,}")


@cache
def extract_sentences() -> Catalog:
    """Extract every sentence, the keys of an event, and the few words that stand alone in sentences."""
    catalog = Catalog(domain=SENTENCES, fuzzy=False, header_comment="# Sentences of the deeper layers.")
    shapes: set[str] = set()
    for words, comment in ((Event.model_fields, "a field of an event, as the form calls it"), (_WORDS, "a lone word")):
        for word in words:
            catalog.add(word, locations=[("events", None)], auto_comments=() if word in catalog else (comment,))
    for file in _files():
        place = file.relative_to(_PROGRAM).as_posix()
        for text in iter_sentences(ast.parse(file.read_text("utf-8"))):
            shape = _PLACE.sub("%", text[:1].lower() + text[1:]).removesuffix(".")
            if text in catalog or shape not in shapes:  # of two that a reader cannot tell apart, the first
                catalog.add(text, locations=[(place, None)])
            shapes.add(shape)
    return catalog


def iter_misfits(sentences: Catalog, catalog: Catalog) -> Iterator[str]:
    """Yield the faults of the translations that a catalog of sentences has.

    Of two values side by side, the phrasebook knows only where both together begin and end.
    """
    yield from (fault for fault in iter_faults(sentences, catalog) if not fault.endswith(" is not translated"))
    for message in catalog:
        told = str(message.string or "")
        for both in _SIDE_BY_SIDE.findall(str(message.id)):
            if told and both not in told:
                yield f"{message.id!r} has {both} parted in {told!r}"


def share_translated(sentences: Catalog, catalog: Catalog) -> float:
    """Return the share of sentences that have a translation."""
    known = (catalog.get(sentence.id) for sentence in sentences if sentence.id)
    return sum(bool(message and message.string) for message in known) / max(len(sentences), 1)


def iter_sentences(module: ast.Module) -> Iterator[str]:
    """Yield the message of each string in a module that is a sentence or a part of one."""
    skipped = set(_skipped(module))
    constants = dict(_constants(module))
    for node in ast.walk(module):
        if id(node) in skipped or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        text = as_message(node, constants)
        if text and _is_sentence(text):
            yield text
            if (part := _CUT_OFF.fullmatch(text)) and not _PLACE.fullmatch(sentence := part[1] or part[2]):
                yield sentence  # the readers of tables say it also without what is before or after it


def as_message(node: ast.JoinedStr | ast.Constant, constants: Mapping[str, str]) -> str:
    """Return a string of the code as a message: each expression becomes a placeholder, but a constant its text."""
    if isinstance(node, ast.Constant):
        text = node.value.replace("%", "%%") if isinstance(node.value, str) else ""
        return _trim(_FORMAT.sub(r"%(\1)s", text))
    parts: list[str] = []
    names: list[str] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) and part.value.id in constants:
            parts.append(constants[part.value.id].replace("%", "%%"))
        elif isinstance(part, ast.FormattedValue):
            name = _name_of(part.value)
            again = names.count(name)
            names.append(name)
            parts.append(f"%({name}{again + 1 if again else ''})s")
        else:
            parts.append(str(ast.literal_eval(part)).replace("%", "%%"))
    return _trim("".join(parts))


def _trim(text: str) -> str:
    return text.strip().lstrip(",; ")


def _files() -> Iterator[Path]:
    for writer in _WRITERS:
        path = _PROGRAM / writer
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.relative_to(_PROGRAM).as_posix() not in _LEFT_OUT:
                yield file


def _is_sentence(text: str) -> bool:
    if " " not in text or "\n" in text or _NO_SENTENCE.search(text):
        return False
    words = _WORD.findall(_PLACE.sub(" 0 ", text))
    return len(words) >= 2 or bool(words and _PLACE.search(text)) or bool(_SHORT.match(text))


def _constants(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the texts that a module gives a name."""
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _skipped(module: ast.Module) -> Iterator[int]:
    """Yield the nodes that hold no sentence, with all inside them."""
    for node in ast.walk(module):
        for inner in _no_sentences(node):
            yield from (id(each) for each in ast.walk(inner))
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.Constant):
                    yield id(part)
                elif isinstance(part, ast.FormattedValue) and part.format_spec:
                    yield from (id(each) for each in ast.walk(part.format_spec))


def _no_sentences(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.Dict(keys=keys):
            yield from filter(None, keys)
        case ast.Set() | ast.Compare() | ast.FunctionDef(name="look_for"):
            yield node
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if _TABLES.fullmatch(
            name
        ):
            yield node
        case ast.Call(
            func=ast.Attribute(
                attr="split" | "startswith" | "endswith" | "partition" | "removeprefix" | "replace", value=value
            )
        ):
            yield value
            yield from node.args
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SAID or name in (
            "compile",
            "cast",
        ):
            yield from node.args
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger" | "_log" | "_LOG"))):
            yield from node.args
        case ast.Tuple(elts=[ast.Tuple(), *_] as rows):  # of a table, the first column is what is looked for
            yield from (row.elts[0] for row in rows if isinstance(row, ast.Tuple) and len(row.elts) > 1)


def _name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Attribute(value=ast.Constant()), args=[first, *_]):  # ", ".join(names)
            return _name_of(first)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return name.strip("_").lower()
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name.lower() if name.isidentifier() else "value"
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as value)):
            return _name_of(value)
        case ast.Call(func=ast.Name(), args=[first, *_]) | ast.GeneratorExp(elt=first) | ast.Starred(value=first):
            return _name_of(first)
        case ast.Subscript(value=first) | ast.BinOp(left=first) | ast.IfExp(body=first):
            return _name_of(first)
    return "value"
