"""Labels, the words that name what follows them: "Speakers:", "Lieu :", "Links & attachments"."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .words import fold, word_list, word_table


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label that a line begins with: its field, the kind of its people, and the rest of the line after it."""

    field: str  # a name of [labels] in words.toml, or "people"
    kind: str = ""
    rest: str = ""
    note: str = ""  # the text in brackets after the label


_TABLE = {
    **{word: Label(field=field) for word, field in word_table("labels").items()},
    **{word: Label(field="people", kind=kind) for word, kind in word_table("people").items()},
}
PEOPLE_WORDS = frozenset(word_table("people"))
_BEFORE = frozenset(word_list("before_labels"))
_AFTER = sorted(word_list("after_labels"), key=len, reverse=True)


def read_label(text: str) -> Label | None:
    """Read the label that a line begins with ("Venue: …") or consists of ("Speakers"); None if it has no label."""
    alone = _known(text.rstrip(" :：?？")) if len(text) <= 80 else None
    if alone and (alone.field not in ("title", "series") or text.endswith((":", "：", "?", "？"))):
        return alone
    for label, rest, fields in _parted(text):
        known = _known(label)
        if known and (not fields or known.field in fields):
            return replace(known, rest=rest.strip())
    return None


def _parted(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Part a line at its first colon, else at a dash, which only some labels may have."""
    colon = min((place for place in (text.find(":"), text.find("：")) if place > 0), default=-1)
    if 0 < colon <= 61 and not text.startswith("//", colon + 1):
        yield text[:colon], text[colon + 1 :], ()
    for dash in (" – ", " — ", " - "):
        label, _, rest = text[:40].partition(dash)
        if rest and len(label) > 2:
            yield label, text[len(label) + 3 :], ("people", "date", "venue")


def _known(label: str) -> Label | None:
    words, note = " ".join(fold(label).strip(" .*•:").split()), ""
    if words not in _TABLE and words.count("(") == 1 and words.endswith(")"):
        label, _, note = label.partition("(")
        words = " ".join(fold(label).strip(" .*•:").split())
    for mark in "/?&":  # "Venue / Lieu"; "When? Where?", of which the first counts
        if mark in words and words not in _TABLE:
            parts = [_TABLE.get(part.strip()) for part in words.split(mark) if part.strip()]
            alike = mark == "?" or len({part.field for part in parts if part}) == 1
            return parts[0] if parts and all(parts) and alike else None
    known = _TABLE.get(words) or _TABLE.get(_unqualified(words))
    return replace(known, note=note.strip(" )")) if known and note else known


def _unqualified(words: str) -> str:
    words = next((words.removesuffix(f" {ending}") for ending in _AFTER if words.endswith(f" {ending}")), words)
    parts = words.split()
    while len(parts) > 1 and parts[0] in _BEFORE:
        del parts[0]
    return " ".join(parts)
