"""What a forwarded mail forwards: its text and subject, without who sent it when to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..events import ReviewNote
from ..phrases.changes import change_said
from ..phrases.dates import find_dates
from ..phrases.subjects import REPLIES, prefix_of, strip_replies
from ..phrases.times import find_times

# the labels that mail programs write above a forwarded or quoted mail, in the languages of the pages
_FROM = {"from", "von", "de", "da", "от", "от кого", "发件人", "من"}
_SUBJECT = {"subject", "betreff", "objet", "asunto", "assunto", "oggetto", "тема", "主题", "الموضوع"}
_OTHERS = {
    *("to", "cc", "date", "sent", "reply-to", "an", "gesendet", "datum", "à", "envoyé", "date", "para", "enviado"),
    *("enviado el", "fecha", "enviada em", "data", "a", "inviato", "кому", "дата", "отправлено", "копия"),
    *("收件人", "抄送", "发送时间", "日期", "إلى", "تاريخ"),
}
_WROTE = ("wrote:", "schrieb:", "a écrit :", "escribió:", "escreveu:", "ha scritto:", "пишет:", "写道：", "كتب:")
FEWEST_LABELS = 3
MOST_LINES_ABOVE = 1_500  # as of an announcement
MOST_NOTES_ABOVE = 5


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """The part of a mail that announces something."""

    subject: str
    text: str
    notes: tuple[ReviewNote, ...] = ()


def cut_forwarded(text: str, subject: str) -> Forwarded:
    """Return the mail that a mail forwards inside its text. Of a reply, return what stands above the mail it quotes."""
    lines = _without_signature(text.replace("\r\n", "\n").split("\n"))
    lines = ["" if line.rstrip(" \xa0").endswith(_WROTE) else line for line in lines]
    blocks = _label_blocks(lines)
    if not blocks:
        quotes = any(line.startswith(">") for line in lines) or prefix_of(subject) in REPLIES
        return Forwarded(subject=subject, text="\n".join(lines), notes=_answering(subject) if quotes else ())
    if prefix_of(subject) in REPLIES:
        return Forwarded(subject=subject, text="\n".join(lines[: blocks[0][0]]), notes=_answering(subject))
    first, last = blocks[-1]
    labels = dict(_label(line) for line in lines[first:last])
    inner = next((value for label, value in labels.items() if label in _SUBJECT), "")
    # empty lines in the place of what is left out keep the numbers of the others
    unquoted = _unquote(lines[last:])
    kept = "\n" * last + "\n".join(unquoted)
    answering = _answering(subject) if any(line.startswith(">") for line in unquoted) else ()
    reason = f"this mail was forwarded: what stands above the forwarded one is left out ({last} lines)"
    notes = (ReviewNote(field="description", reason=reason), *doubt_above(lines[:last]), *answering)
    return Forwarded(subject=inner or subject, text=kept, notes=notes)


def doubt_above(lines: Sequence[str]) -> tuple[ReviewNote, ...]:
    """Doubt the start where whoever forwards a mail writes a date, a time or a word such as "cancelled" above it."""
    return tuple(islice(_notes_above(lines[:MOST_LINES_ABOVE]), MOST_NOTES_ABOVE))


def _notes_above(lines: Sequence[str]) -> Iterator[ReviewNote]:
    for number, line in enumerate(lines, start=1):
        written = line[:1_000].strip("> \t")
        if _label(line)[0] in _FROM | _SUBJECT | _OTHERS:
            continue
        if find_dates(written, yearless=True) or find_times(written) or change_said(written):
            reason = "this line stands above the forwarded mail: does it change the date or the time?"
            yield ReviewNote(field="start", line=number, text=written[:500], reason=reason)


def strip_prefixes(subject: str) -> str:
    """Remove "Re:", "Fwd:" and the name of a mailing list in brackets from a subject."""
    bare = strip_replies(subject)
    while bare.startswith("[") and "]" in bare[:40]:
        bare = strip_replies(bare.partition("]")[2].strip())
    return bare


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
