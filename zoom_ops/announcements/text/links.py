"""The entries under *Links & attachments*, with the note that restricts some of them to members."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from ...events import Attachment, AttachmentKind, Visibility
from ...phrases.words import fold, raw_table, word_list
from ..doubts import Doubts
from ..lines import Line

LONGEST = 4_000  # the parser reads so many characters of one entry
_URL = re.compile(r"(?i)(?:https?://|www\.)[^\s<>()\[\]\"']+(?:\([^\s()]*\)[^\s<>()\[\]\"']*)?")
_KINDS: dict[AttachmentKind, tuple[str, ...]] = {
    kind: tuple(fold(word).strip() for word in raw_table("kinds")[kind].split(","))
    for kind in ("transcript", "slides", "recording")  # the first kind that fits counts
}
_NOT_RECORDING, _VERBS, _ALL, _SOME = map(word_list, ("not_recordings", "verbs", "all", "some"))
_MATERIAL, _NOTES_BEGIN, _PENDING, _FORMATS = map(word_list, ("material", "notes_begin", "pending", "formats"))
_FILES = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".odt", ".ods", ".csv", ".zip", ".txt", ".rtf", ".epub")
_SLIDES_FILES = (".ppt", ".pptx", ".odp", ".key")
_MEMBERS = re.compile(  # in the languages of announcements: "members only", "réservé aux membres"
    r"(?i)\bmembers?[\s-]only\b|\b(?:only|exclusively|solely)\s+(?:available\s+|accessible\s+|open\s+|visible\s+)?(?:to"
    r"|for)\s+(?:[\w'’.&-]+\s+){0,6}?members\b|\b(?:available|accessible|restricted|reserved|limited|visible"
    r"|open)\s+(?:\w+\s+)?(?:only\s+)?(?:to|for)\s+(?:[\w'’.&-]+\s+){0,6}?members(?:\s+only)?\b"
    r"|\bfor\s+(?:[\w'’.&-]+\s+){0,3}?members(?:\s+only)?\b|[(\[]\s*(?:for\s+|[\w.&-]+\s+)?members\s*[)\]]"
    r"|réservée?s?\s+(?:aux|à ses|à nos)\s+(?:seuls\s+)?(?:[\w'’.-]+\s+)?membres|(?:uniquement"
    r"|seulement)\s+(?:\w+\s+)?(?:aux|pour les)\s+(?:[\w'’.-]+\s+)?membres|(?:solo|únicamente"
    r"|exclusivamente)\s+(?:disponibles?\s+|accesibles?\s+)?(?:para|a)\s+(?:los\s+)?(?:[\w'’.-]+\s+){0,3}?miembros"
    r"|(?:reservad[oa]s?|disponibles?)\s+(?:solo\s+|únicamente\s+)?(?:a|para)\s+(?:los\s+)?miembros|nur für mitglieder"
    r"|только для членов|仅限会员|仅对成员|للأعضاء فقط"
)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{0,80})[)\]]")


@dataclass(frozen=True, kw_only=True)
class Links:
    """The attachments of an announcement and its notes; `unclear` is one about members that names no entries."""

    attachments: tuple[Attachment, ...] = ()
    note: str | None = None
    unclear: Line | None = None


def read_links(lines: Sequence[Line], doubts: Doubts, heading_note: str = "") -> Links:
    """Read the entries. A note that names its entries sets their visibility; any other note is marked as unclear."""
    entries: list[Attachment] = []
    notes: list[Line] = []
    for_members = _MEMBERS.search(f"({heading_note})")
    for line in (replace(line, text=line.text[:LONGEST]) for line in lines):
        verb, members = _has(line.text, _VERBS, whole=True), _MEMBERS.search(line.text)
        begins = fold(line.text).startswith(_NOTES_BEGIN)
        remark = (verb and (members or len(line.text) > 120)) or ((verb or members) and begins)
        if remark and not _URL.search(line.text):
            notes.append(line)
            continue
        visibility: Visibility = "members" if for_members or members else "public"
        for title, url in _pieces(line.text):
            if url and not title and not line.bullet and entries and entries[-1].url is None:
                last = entries.pop()  # the address of the line before
                title, visibility = last.title, last.visibility
            try:
                entries.append(_entry(title, url, visibility))
            except ValidationError:
                doubts.add("attachments", line, "this entry could not be read")
    entries, unclear = _restrict(entries, [note for note in notes if _MEMBERS.search(note.text)])
    text = " ".join(line.text for line in notes) or None
    return Links(attachments=tuple(entries), note=text, unclear=unclear)


def is_members_note(text: str) -> bool:
    """Check whether a line of the description restricts recordings or documents to members."""
    about = _has(text, _MATERIAL) or any(_has(text, words) for words in _KINDS.values())
    return len(text) <= 400 and bool(about and _MEMBERS.search(text))


def kind_of(title: str, url: str = "") -> AttachmentKind:
    """Return the kind of an entry from the words of its title and the ending of its address."""
    for kind, words in _KINDS.items():
        if _has(title, words) and not (kind == "recording" and _has(title, _NOT_RECORDING)):
            return kind
    path = url.lower().partition("?")[0].partition("#")[0]
    return "slides" if path.endswith(_SLIDES_FILES) else "file" if path.endswith(_FILES) else "link"


def _restrict(entries: list[Attachment], notes: list[Line]) -> tuple[list[Attachment], Line | None]:
    """Apply the notes that restrict entries to members; return the entries and the first note that names none."""
    unclear = None
    restricted = any(_has(note.text, _KINDS["recording"]) and not _has(note.text, _SOME) for note in notes)
    if restricted and not any(entry.kind == "recording" for entry in entries):  # an entry that carries the restriction
        entries = [*entries, Attachment(title="Recording", kind="recording", state="expected")]
    for note in notes:
        kinds = {kind for kind, words in _KINDS.items() if _has(note.text, words)}
        every, said = not kinds and _has(note.text, _ALL, whole=True), note.text.casefold()
        meant = [
            every or (entry.kind in kinds if kinds else len(entry.title) > 4 and entry.title.casefold() in said)
            for entry in entries
        ]
        if _has(note.text, _SOME) or not (kinds or any(meant)):
            unclear = unclear or note
            continue
        entries = [
            entry.model_copy(update={"visibility": "members"}) if is_meant else entry
            for entry, is_meant in zip(entries, meant, strict=True)
        ]
    return entries, unclear


def _pieces(text: str) -> list[tuple[str, str]]:
    """Split an entry into pairs of title and address: "Note [EN] https://… [FR] https://…" gives two."""
    pieces, place = [], 0
    for match in _URL.finditer(text):
        pieces.append((_title(text[place : match.start()]), match[0].rstrip(".,;:!?")))
        place = match.end()
    rest = _title(text[place:])
    if not pieces:
        return [(rest, "")]
    first = pieces[0][0] or rest
    stem = _BRACKET.sub(lambda match: "" if _is_language(match[1]) else match[0], first)
    others = [(f"{stem} {title}" if _is_language(title.strip("()[] ")) else title, url) for title, url in pieces[1:]]
    return [(first, pieces[0][1]), *others]


def _is_language(tag: str) -> bool:
    return 2 <= len(tag) <= 3 and tag.isalpha()


def _title(text: str) -> str:
    """Remove file formats, remarks about members and "coming soon" from an entry; the rest is its title."""
    bare = _BRACKET.sub(lambda match: "" if _is_remark(match[0], match[1]) else match[0], text)
    for phrase in (*_PENDING, "members only", "member-only"):
        place = fold(bare).find(phrase)
        if place > 0 and not bare[place - 1].isalpha():
            bare = bare[:place].rstrip(" (–—-[")
    words = bare.rstrip(" :").split()
    while words and words[-1].lower() in ("at", "here", "from", "via", "ici", "aquí", "available"):
        words.pop()
    return " ".join(words).strip(" \t:–—-,;.<→>").rstrip("([").strip()


def _is_remark(bracket: str, inside: str) -> bool:
    said = fold(inside).strip(" .")
    size = said[:1].isdigit() and said.endswith(("kb", "mb"))
    return not said or said in _FORMATS or size or bool(_MEMBERS.search(bracket) or _MEMBERS.search(inside))


def _has(text: str, words: tuple[str, ...], *, whole: bool = False) -> bool:
    """Check whether a text has one of the words, or a word that begins with it; a Chinese one anywhere."""
    bare = " ".join("".join(sign if sign.isalnum() else " " for sign in fold(text)).split())
    ends = " " if whole else ""
    return any(f" {word}{ends}" in f" {bare} " if word[0] < "\u3000" else word in bare for word in words)


def _entry(title: str, url: str, visibility: Visibility) -> Attachment:
    address = f"https://{url}" if url.lower().startswith("www.") else url
    shown = title or address.partition("?")[0].rstrip("/").rpartition("/")[2] or address
    kind = kind_of(shown, address)
    return Attachment(
        title=shown, kind=kind, url=address or None, visibility=visibility, state="available" if address else "expected"
    )
