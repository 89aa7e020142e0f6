"""What a forwarded mail forwards: its text and subject, without who sent it when to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ..events import ReviewNote
from ..phrases.changes import change_said
from ..phrases.dates import find_dates
from ..phrases.recording import may_refuse_recording
from ..phrases.subjects import REPLIES, prefix_of
from ..phrases.times import find_times

# the labels that mail programs write above a forwarded or quoted mail, in the languages of the pages
_FROM = {"from", "von", "de", "da", "от", "от кого", "发件人", "من"}
_SUBJECT = {"subject", "betreff", "objet", "asunto", "assunto", "oggetto", "тема", "主题", "الموضوع"}
_OTHERS = {
    *("to", "cc", "date", "sent", "reply-to", "an", "gesendet", "datum", "à", "envoyé", "date", "para", "enviado"),
    *("enviado el", "fecha", "enviada em", "data", "a", "inviato", "кому", "дата", "отправлено", "копия"),
    *("收件人", "抄送", "发送时间", "日期", "إلى", "تاريخ"),
}
_SENT = {
    *("date", "sent", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "data", "inviato", "дата"),
    *("日期", "发送时间", "تاريخ"),
}
_WROTE = ("wrote:", "schrieb:", "a écrit :", "escribió:", "escreveu:", "ha scritto:", "пишет:", "写道：", "كتب:")
_REFUSED_ABOVE = "this line stands above the forwarded mail: it may ask that nothing is recorded, so nothing will be"
FEWEST_LABELS = 3
MOST_LINES_ABOVE = 1_500  # as of an announcement
MOST_NOTES_ABOVE = 5


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """The part of a mail that announces something."""

    subject: str
    sent: date | None
    text: str
    sender: str = ""  # "Ada Lovelace <ada@example.org>"
    notes: tuple[ReviewNote, ...] = ()

    @property
    def refuses_recording(self) -> bool:
        """Whether whoever forwards the mail may ask above it that nothing is recorded."""
        return any(note.field == "recording" for note in self.notes)


def open_pasted(text: str) -> Forwarded:
    """Return what a text announces that was copied from a mail program, perhaps with the labels of mails in it.

    What stands above the labels counts where it says day and time, as an answer does, and else what stands below. Lines
    that answer a quoted mail count without it, if they say when the event is.
    """
    lines = text.split("\n")
    blocks = _label_blocks(lines)
    if not blocks:
        return Forwarded(subject="", sent=None, text=_without_quoted(text))
    first = blocks[0][0]
    above = "\n".join(lines[:first])
    if _says_when(above):
        return Forwarded(subject="", sent=None, text=_without_quoted(above))
    return cut_forwarded(text, "", None)


def _says_when(text: str) -> bool:
    lines = text[:50_000].split("\n")
    return any(find_dates(line[:1_000], yearless=True) for line in lines) and any(
        find_times(line[:1_000]) for line in lines
    )


def _without_quoted(text: str) -> str:
    """Empty the lines of a quoted mail where those of its answer say when the event is."""
    lines = text.split("\n")
    quoted = [line.startswith(">") or line.rstrip(" \xa0").endswith(_WROTE) for line in lines]
    own = "\n".join("" if out else line for line, out in zip(lines, quoted, strict=True))
    return own if any(quoted) and _says_when(own) else text


def first_day(text: str) -> date | None:
    """Return the first date with a year in the header of a mail."""
    return next((found.day for found in find_dates(text[:200])), None)


def cut_forwarded(text: str, subject: str, sent: date | None) -> Forwarded:
    """Return the mail that a mail forwards inside its text. Of a reply, return what stands above the mail it quotes."""
    lines = _without_signature(text.replace("\r\n", "\n").split("\n"))
    lines = ["" if line.rstrip(" \xa0").endswith(_WROTE) else line for line in lines]
    blocks = _label_blocks(lines)
    if not blocks:
        quotes = any(line.startswith(">") for line in lines) or prefix_of(subject) in REPLIES
        notes = _answering(subject) if quotes else ()
        return Forwarded(subject=subject, sent=sent, text=_without_quoted("\n".join(lines)), notes=notes)
    if prefix_of(subject) in REPLIES:
        above = "\n".join(lines[: blocks[0][0]])
        return Forwarded(subject=subject, sent=sent, text=above, notes=_answering(subject))
    first, last = blocks[-1]
    labels = dict(_label(line) for line in lines[first:last])
    inner = next((value for label, value in labels.items() if label in _SUBJECT), "")
    sender = next((value for label, value in labels.items() if label in _FROM), "")
    day = next((found for label, value in labels.items() if label in _SENT and (found := first_day(value))), None)
    # empty lines in the place of what is left out keep the numbers of the others
    unquoted = _unquote(lines[last:])
    kept = "\n" * last + "\n".join(unquoted)
    answering = _answering(subject) if any(line.startswith(">") for line in unquoted) else ()
    reason = f"this mail was forwarded: what stands above the forwarded one is left out ({last} lines)"
    notes = (ReviewNote(field="description", reason=reason), *doubt_above(lines[:last]), *answering)
    return Forwarded(subject=inner or subject, sent=day or sent, text=kept, sender=sender, notes=notes if first else ())


def doubt_above(lines: Sequence[str]) -> tuple[ReviewNote, ...]:
    """Doubt what whoever forwards a mail may change above it: a date, a time, "cancelled", "do not record"."""
    return tuple(islice(_notes_above(lines[:MOST_LINES_ABOVE]), MOST_NOTES_ABOVE))


def _notes_above(lines: Sequence[str]) -> Iterator[ReviewNote]:
    for number, line in enumerate(lines, start=1):
        written = line[:1_000].strip("> \t")
        if _label(line)[0] in _FROM | _SUBJECT | _OTHERS:
            continue
        if may_refuse_recording(written):
            yield ReviewNote(field="recording", line=number, text=written[:500], reason=_REFUSED_ABOVE)
        if find_dates(written, yearless=True) or find_times(written) or change_said(written):
            reason = "this line stands above the forwarded mail: does it change the date or the time?"
            yield ReviewNote(field="start", line=number, text=written[:500], reason=reason)


def _answering(subject: str) -> tuple[ReviewNote, ...]:
    reason = "this mail answers or quotes another one, which may have announced the event with another time"
    people = "this mail quotes another one; who speaks may be taken from there"
    return (
        ReviewNote(field="start", text=subject[:500], reason=reason),
        ReviewNote(field="performers", text=subject[:500], reason=people),
    )


def _without_signature(lines: Sequence[str]) -> list[str]:
    """Cut the signature, which begins with a line of two dashes and a space (RFC 3676, 4.3)."""
    marks = [number for number, line in enumerate(lines) if line == "-- "]
    return list(lines[: marks[-1]]) if marks else list(lines)


def _label_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Find the paragraphs with the labels of a mail, each as its first labelled line and the line after its last."""
    blocks: list[tuple[int, int]] = []
    labels: dict[int, str] = {}
    for number, line in enumerate([*lines, ""]):
        if not line.strip("> \t"):
            found = set(labels.values())
            if len(found) >= FEWEST_LABELS and found & _FROM and found & _SUBJECT:
                blocks.append((min(labels), max(labels) + 1))
            labels = {}
        elif (label := _label(line)[0]) in _FROM | _SUBJECT | _OTHERS:
            labels[number] = label
    return blocks


def _label(line: str) -> tuple[str, str]:
    """Split a line such as "> *Subject:* How waves travel" into its label and its value."""
    label, _, value = line.strip("> \t*").replace("：", ":").partition(":")
    return label.strip("* \t").casefold()[:20], value.strip("* \t")


def _unquote(lines: Sequence[str]) -> Sequence[str]:
    """Remove the marks of a quotation where every line has one."""
    written = [line for line in lines if line.strip()]
    if written and all(line.startswith(">") for line in written):
        return [line.removeprefix(">").removeprefix(" ") for line in lines]
    return lines
