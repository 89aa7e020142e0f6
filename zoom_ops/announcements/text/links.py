"""The entries under *Links & attachments*, with the note that restricts some of them to members."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import ValidationError

from ...events import Attachment, AttachmentKind, Visibility
from ..doubts import Doubts
from ..lines import Line

LONGEST = 4_000  # the parser reads so many characters of one entry
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"']+(?:\([^\s()]*\)[^\s<>()\[\]\"']*)?", re.IGNORECASE)
_KINDS: tuple[tuple[AttachmentKind, re.Pattern[str]], ...] = (
    (
        "transcript",
        re.compile(
            r"\b(?:transcripts?|transcription|captions?|transcripción|verbatim record|протокол|стенограмма)\b"
            r"|文字记录",
            re.IGNORECASE,
        ),
    ),
    (
        "slides",
        re.compile(
            r"\b(?:slides?|slide ?deck|presentations?|présentations?|presentación|presentaciones|diapositives?"
            r"|diapositivas|powerpoint|pptx?|folien|präsentation|презентаци\w+)\b|幻灯片",
            re.IGNORECASE,
        ),
    ),
    (
        "recording",
        re.compile(
            r"\b(?:recordings?|recorded (?:session|webinar|event|video)|video of the (?:event|session|webinar)"
            r"|video recordings?|replay|webcast|enregistrements?|enregistrement vidéo|rediffusion"
            r"|grabación|grabaciones|vídeo de la sesión|aufzeichnung|gravação|registrazione|запись"
            r"|видеозапись)\b|录像|录音|تسجيل",
            re.IGNORECASE,
        ),
    ),
)
_NOT_RECORDING = re.compile(
    r"\b(?:polic\w+|consent|form|guidelines?|notice|request|equipment|release)\b", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|odt|ods|csv|zip|txt|rtf|epub)(?:$|[?#])", re.IGNORECASE)
_SLIDES_FILE = re.compile(r"\.(?:pptx?|odp|key)(?:$|[?#])", re.IGNORECASE)
_MEMBERS = re.compile(
    r"\bmembers?[\s-]only\b|\b(?:only|exclusively|solely)\s+(?:available\s+|accessible\s+|open\s+"
    r"|visible\s+)?(?:to|for)\s+(?:[\w'’.&-]+\s+){0,6}?members\b"
    r"|\b(?:available|accessible|restricted|reserved|limited|visible"
    r"|open)\s+(?:\w+\s+)?(?:only\s+)?(?:to|for)\s+(?:[\w'’.&-]+\s+){0,6}?members(?:\s+only)?\b"
    r"|\bfor\s+(?:[\w'’.&-]+\s+){0,3}?members(?:\s+only)?\b"
    r"|[(\[]\s*(?:for\s+|[\w.&-]+\s+)?members\s*[)\]]|réservée?s?\s+(?:aux|à ses"
    r"|à nos)\s+(?:seuls\s+)?(?:[\w'’.-]+\s+)?membres|(?:uniquement|seulement)\s+(?:\w+\s+)?(?:aux"
    r"|pour les)\s+(?:[\w'’.-]+\s+)?membres"
    r"|(?:solo|únicamente|exclusivamente)\s+(?:disponibles?\s+|accesibles?\s+)?(?:para"
    r"|a)\s+(?:los\s+)?(?:[\w'’.-]+\s+){0,3}?miembros|(?:reservad[oa]s?|disponibles?)\s+(?:solo\s+"
    r"|únicamente\s+)?(?:a|para)\s+(?:los\s+)?miembros"
    r"|nur für mitglieder|только для членов|仅限会员|仅对成员|للأعضاء فقط",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every|each|toutes?|tous|todos|todas|alle)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:some|certain|certains|certaines|algun[oa]s|ciert[oa]s|einige|several|selected|quelques)\b", re.IGNORECASE
)
_MATERIAL = re.compile(
    r"\b(?:attachments?|documents?|materials?|files?|pièces jointes|archivos|documentos|materiales|supports|unterlagen"
    r"|dokumente)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^(?:please\s+note|note\b|nb\b|n\.b\.|veuillez|merci|attention|nota\b|tenga|some\b|certains?\b"
    r"|certaines\b|algun[oa]s\b|all\b|access\b|documents?\s+(?:are|marked)|attachments?\s+(?:are"
    r"|marked))",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:are|is|will|can|may|be|sont|est|seront|sera|están|está|estarán|serán|son|sind|können"
    r"|require\w*)\b",
    re.IGNORECASE,
)
_FORMAT = re.compile(r"\s*[(\[](?:pdf|docx?|pptx?|xlsx?|link|download|\d+ ?[km]b)[)\]]", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"\s*[(\[][A-Za-z]{2,3}[)\]]")
_BRACKETED_NOTE = re.compile(r"\s*[(\[](?P<note>[^()\[\]]{2,80})[)\]]")
_PENDING = re.compile(
    r"\s*[(\[–—-]?\s*\b(?:available soon|coming soon|to follow|to be (?:posted|published|added"
    r"|uploaded)|will be (?:available|posted|published)[^()]*|tbc|tba|à venir|bientôt disponible"
    r"|próximamente|disponible próximamente|forthcoming|in kürze)\b\s*[)\]]?\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Links:
    """The attachments of an announcement and its note about members; `is_unclear` if that note names no entries."""

    attachments: tuple[Attachment, ...] = ()
    note: str | None = None
    note_line: Line | None = None
    is_unclear: bool = False


@dataclass
class _Draft:
    entries: list[Attachment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    visibility: Visibility = "public"


def read_links(lines: Sequence[Line], doubts: Doubts, heading_note: str = "") -> Links:
    """Read the entries. A note that names its entries sets their visibility; any other note is marked as unclear."""
    draft = _Draft(visibility="members" if _MEMBERS.search(f"({heading_note})") else "public")
    for line in (replace(line, text=line.text[:LONGEST]) for line in lines):
        if _is_note(line.text):
            draft.notes.append(line)
        else:
            _add_entry(draft, line, doubts)
    entries, unclear = _with_noted_recording(draft), None
    for note in draft.notes:
        if _MEMBERS.search(note.text):
            entries, is_clear = _apply_note(entries, note.text)
            unclear = unclear or (None if is_clear else note)
    text = " ".join(line.text for line in draft.notes) or None
    return Links(attachments=entries, note=text, note_line=unclear, is_unclear=unclear is not None)


def is_members_note(text: str) -> bool:
    """Check whether a line of the description restricts recordings or documents to members."""
    about = _MATERIAL.search(text) or any(words.search(text) for _, words in _KINDS)
    return len(text) <= 400 and bool(about and _MEMBERS.search(text))


def _with_noted_recording(draft: _Draft) -> tuple[Attachment, ...]:
    """Add an entry for a recording that a note restricts and no entry names, so that it carries the restriction."""
    has_one = any(entry.kind == "recording" for entry in draft.entries)
    words = dict(_KINDS)["recording"]
    restricting = [note.text for note in draft.notes if _MEMBERS.search(note.text) and not _SOME.search(note.text)]
    if has_one or not any(words.search(note) for note in restricting):
        return tuple(draft.entries)
    return (*draft.entries, Attachment(title="Recording", kind="recording", state="expected"))


def _is_note(text: str) -> bool:
    """Check whether a line is a remark about the entries and not an entry itself."""
    if _URL.search(text):
        return False
    if _SENTENCE.match(text) and (_VERB.search(text) or _MEMBERS.search(text)):
        return True
    return bool(_MEMBERS.search(text) and _VERB.search(text)) or (len(text) > 120 and bool(_VERB.search(text)))


def _apply_note(entries: tuple[Attachment, ...], note: str) -> tuple[tuple[Attachment, ...], bool]:
    """Apply the visibility that a note gives; return the entries and whether the note names what it means."""
    kinds = {kind for kind, words in _KINDS if words.search(note)}
    if kinds and not _SOME.search(note):
        return tuple(_for_members(entry) if entry.kind in kinds else entry for entry in entries), True
    if _ALL.search(note) and not _SOME.search(note):
        return tuple(map(_for_members, entries)), True
    named = [entry for entry in entries if len(entry.title) > 4 and entry.title.casefold() in note.casefold()]
    if named and not _SOME.search(note):
        return tuple(_for_members(entry) if entry in named else entry for entry in entries), True
    return entries, False


def _for_members(entry: Attachment) -> Attachment:
    return entry.model_copy(update={"visibility": "members"})


def _add_entry(draft: _Draft, line: Line, doubts: Doubts) -> None:
    pieces = _pieces(line.text)
    title, url = pieces[0]
    if (
        url and not title and not line.bullet and draft.entries and draft.entries[-1].url is None
    ):  # the address of the line before
        draft.entries[-1] = _entry(draft.entries[-1].title, url, draft.entries[-1].visibility)
        return
    visibility: Visibility = "members" if draft.visibility == "members" or _MEMBERS.search(line.text) else "public"
    for shown, address in pieces:
        try:
            draft.entries.append(_entry(shown, address, visibility))
        except ValidationError:
            doubts.add("attachments", line, "this entry could not be read")


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
    stem = _LANGUAGE_TAG.sub("", first)
    others = [(f"{stem} {title}" if _LANGUAGE_TAG.fullmatch(title) else title, url) for title, url in pieces[1:]]
    return [(first, pieces[0][1]), *others]


def _title(text: str) -> str:
    """Remove file formats, remarks about members and "coming soon" from an entry; the rest is its title."""
    bare = _FORMAT.sub("", text)
    bare = _BRACKETED_NOTE.sub(
        lambda match: "" if _MEMBERS.search(match[0]) or _MEMBERS.search(match["note"]) else match[0], bare
    )
    bare = re.sub(r"\s[–—-]\s+members?[\s-]only\b", "", _PENDING.sub("", bare), flags=re.IGNORECASE)
    bare = re.sub(r"[(\[<]\s*[)\]>]", "", bare)
    bare = re.sub(r"\s+(?:available\s+)?(?:at|here|from|via|ici|aquí)\s*:?\s*$", "", bare, flags=re.IGNORECASE)
    return bare.strip(" \t:–—-,;.<→>").rstrip("([").strip()


def _entry(title: str, url: str, visibility: Visibility) -> Attachment:
    address = f"https://{url}" if url.lower().startswith("www.") else url
    shown = title or address.partition("?")[0].rstrip("/").rpartition("/")[2] or address
    state: Literal["available", "expected"] = "available" if address else "expected"
    return Attachment(
        title=shown, kind=kind_of(title or shown, address), url=address or None, visibility=visibility, state=state
    )


def kind_of(title: str, url: str = "") -> AttachmentKind:
    """Return the kind of an entry from the words of its title and the ending of its address."""
    for kind, words in _KINDS:
        if words.search(title) and not (kind == "recording" and _NOT_RECORDING.search(title)):
            return kind
    if _SLIDES_FILE.search(url):
        return "slides"
    return "file" if _FILE.search(url) else "link"
