"""The entries under *Links & attachments*, with the note that restricts some of them to members."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import ValidationError

from ...events import Attachment, AttachmentKind, Visibility
from ..doubts import Doubts
from ..lines import Line

LONGEST = 4_000  # the parser reads so many characters of one entry
_URL = re.compile(r"(?i)(?:https?://|www\.)[^\s<>()\[\]\"']+(?:\([^\s()]*\)[^\s<>()\[\]\"']*)?")
_KINDS: dict[AttachmentKind, re.Pattern[str]] = {
    "transcript": re.compile(
        r"(?i)\b(?:transcripts?|transcription|captions?|transcripción|verbatim record|протокол|стенограмма)\b|文字记录"
    ),
    "slides": re.compile(
        r"(?i)\b(?:slides?|slide ?deck|presentations?|présentations?|presentación|presentaciones|diapositives?"
        r"|diapositivas|powerpoint|pptx?|folien|präsentation|презентаци\w+)\b|幻灯片"
    ),
    "recording": re.compile(
        r"(?i)\b(?:recordings?|recorded (?:session|webinar|event|video)|video of the (?:event|session|webinar)"
        r"|video recordings?|replay|webcast|enregistrements?|enregistrement vidéo|rediffusion|grabación|grabaciones"
        r"|vídeo de la sesión|aufzeichnung|gravação|registrazione|запись|видеозапись)\b|录像|录音|تسجيل"
    ),
}
_NOT_RECORDING = re.compile(r"(?i)\b(?:polic\w+|consent|form|guidelines?|notice|request|equipment|release)\b")
_FILE = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|odt|ods|csv|zip|txt|rtf|epub)(?:$|[?#])")
_SLIDES_FILE = re.compile(r"(?i)\.(?:pptx?|odp|key)(?:$|[?#])")
_MEMBERS = re.compile(
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
_ALL = re.compile(r"(?i)\b(?:all|every|each|toutes?|tous|todos|todas|alle)\b")
_SOME = re.compile(
    r"(?i)\b(?:some|certain|certains|certaines|algun[oa]s|ciert[oa]s|einige|several|selected|quelques)\b"
)
_MATERIAL = re.compile(
    r"(?i)\b(?:attachments?|documents?|materials?|files?|pièces jointes|archivos|documentos|materiales|supports"
    r"|unterlagen|dokumente)\b"
)
_SENTENCE = re.compile(
    r"(?i)^(?:please\s+note|note\b|nb\b|n\.b\.|veuillez|merci|attention|nota\b|tenga|some\b|certains?\b|certaines\b"
    r"|algun[oa]s\b|all\b|access\b|documents?\s+(?:are|marked)|attachments?\s+(?:are|marked))"
)
_VERB = re.compile(
    r"(?i)\b(?:are|is|will|can|may|be|sont|est|seront|sera|están|está|estarán|serán|son|sind|können|require\w*)\b"
)
_FORMAT = re.compile(r"(?i)\s*[(\[](?:pdf|docx?|pptx?|xlsx?|link|download|\d+ ?[km]b)[)\]]")
_LANGUAGE_TAG = re.compile(r"\s*[(\[][A-Za-z]{2,3}[)\]]")
_BRACKETED_NOTE = re.compile(r"\s*[(\[](?P<note>[^()\[\]]{2,80})[)\]]")
_PENDING = re.compile(
    r"(?i)\s*[(\[–—-]?\s*\b(?:available soon|coming soon|to follow|to be (?:posted|published|added"
    r"|uploaded)|will be (?:available|posted|published)[^()]*|tbc|tba|à venir|bientôt disponible"
    r"|próximamente|disponible próximamente|forthcoming|in kürze)\b\s*[)\]]?\.?"
)


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
        verb, members = _VERB.search(line.text), _MEMBERS.search(line.text)
        remark = (verb and (members or len(line.text) > 120)) or ((verb or members) and _SENTENCE.match(line.text))
        if remark and not _URL.search(line.text):
            notes.append(line)
            continue
        pieces = _pieces(line.text)
        title, url = pieces[0]
        if url and not title and not line.bullet and entries and entries[-1].url is None:
            entries[-1] = _entry(entries[-1].title, url, entries[-1].visibility)  # the address of the line before
            continue
        visibility: Visibility = "members" if for_members or members else "public"
        for shown, address in pieces:
            try:
                entries.append(_entry(shown, address, visibility))
            except ValidationError:
                doubts.add("attachments", line, "this entry could not be read")
    entries, unclear = _restrict(entries, [note for note in notes if _MEMBERS.search(note.text)])
    text = " ".join(line.text for line in notes) or None
    return Links(attachments=tuple(entries), note=text, unclear=unclear)


def is_members_note(text: str) -> bool:
    """Check whether a line of the description restricts recordings or documents to members."""
    about = _MATERIAL.search(text) or any(words.search(text) for words in _KINDS.values())
    return len(text) <= 400 and bool(about and _MEMBERS.search(text))


def _restrict(entries: list[Attachment], notes: list[Line]) -> tuple[list[Attachment], Line | None]:
    """Apply the notes that restrict entries to members; return the entries and the first note that names none."""
    unclear = None
    recording = _KINDS["recording"]
    restricted = any(recording.search(note.text) and not _SOME.search(note.text) for note in notes)
    if restricted and not any(entry.kind == "recording" for entry in entries):  # an entry that carries the restriction
        entries = [*entries, Attachment(title="Recording", kind="recording", state="expected")]
    for note in notes:
        kinds = {kind for kind, words in _KINDS.items() if words.search(note.text)}
        every = not kinds and _ALL.search(note.text)
        if kinds or every:
            meant = [bool(every) or entry.kind in kinds for entry in entries]
        else:
            said = note.text.casefold()
            meant = [len(entry.title) > 4 and entry.title.casefold() in said for entry in entries]
        if _SOME.search(note.text) or not (kinds or every or any(meant)):
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
    for kind, words in _KINDS.items():
        if words.search(title) and not (kind == "recording" and _NOT_RECORDING.search(title)):
            return kind
    if _SLIDES_FILE.search(url):
        return "slides"
    return "file" if _FILE.search(url) else "link"
