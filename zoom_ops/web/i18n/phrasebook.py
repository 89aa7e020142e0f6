"""Translates English sentences that were put together elsewhere, by finding the messages that they were made from."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup, escape

from .message import PLACE, Message, fold_first, is_quoted, read_message

LONGEST = 1_000  # characters of a sentence; longer ones stay English
DEEPEST = 8  # steps into a sentence: a value of it, or one of its parts
_MOST_PARTS = 8
_MOST_LOOKS = 200  # for the messages in one sentence; what is left then stays as it is
_JOINTS = (". ", "; ", ": ", ", ", " or ", " and ")
_WORD_JOINTS = (" or ", " and ")
_ONCE = (". ", ": ")
_QUOTED = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*"|“[^”]*”)(?!\w)""")
_NEXT_DOUBT = re.compile(r"; (?=(?!taken: )[a-z_]+: )")
_DATUM = re.compile(r"\S*[/@\d]\S*")  # no word, such as a zone, an address, a date
_BEGIN_ENGLISH = Markup('<span lang="en" dir="ltr">')
_ENGLISH = _BEGIN_ENGLISH + Markup("%s</span>")
_DATA = Markup("<bdi>%s</bdi>")


class Found(NamedTuple):
    """The message that a sentence was made from, and its values."""

    id: str
    values: Mapping[str, str]
    letters: int  # of the sentence that are in the message
    data: frozenset[str] = frozenset()  # the names of the values that people wrote
    is_sure: bool = True


class Phrasebook:
    """The sentences of other parts of the service in one language.

    `load` returns the translation of each message; an empty one means that there is none. It is called once, for the
    first sentence. `joints` are the signs of the language, with their blanks, for those that part English sentences
    (". ", "; ", ": " and ", "), where they differ.
    """

    def __init__(self, load: Callable[[], Mapping[str, str]], joints: Mapping[str, str] = MappingProxyType({})) -> None:
        self._load = load
        self._joints = joints
        self.stop = joints.get(". ", ". ").strip()
        self._tell = lru_cache(maxsize=1_024)(self._look_up)

    def tell(self, sentence: str) -> Markup:
        """Return a sentence in this language; what is not known stays English, and is marked so."""
        return self._tell(sentence) if len(sentence) <= LONGEST else _ENGLISH % sentence

    def find(self, sentence: str) -> Found | None:
        """Return the message that a sentence was made from, with its values; None if there is none.

        Of several messages, it is the one with the most letters; one that takes a colon for a part of a name is
        found only if there is no other. Neither the case of the first letter nor a full stop at the end counts.
        """
        folded = _fold(sentence)
        if message_id := self._whole.get(folded if " " in folded else sentence):
            return Found(message_id, {}, len(folded))
        doubtful = None
        for message in self._with_values.get(folded[:1], self._anywhere):
            text = folded if message.pieces[0] else sentence.removesuffix(".")
            values = message.values_in(text)
            if values is None and not message.pieces[-1]:  # a full stop before a last value that is empty
                values = message.values_in(f"{text}.")
            if values is not None:
                found = Found(message.id, values, message.letters, message.data)
                if not message.takes_too_much(values):
                    return found
                doubtful = doubtful or found._replace(is_sure=False)
        return doubtful

    def translation_of(self, message_id: str) -> str:
        """Return the translation of a message; empty if there is none."""
        return self._translations.get(message_id, "")

    def join(self, joint: str) -> str:
        """Return what parts two sentences or words in this language, for what parts them in English."""
        word = joint.strip()
        return self._joints.get(joint) or joint.replace(word, self.translation_of(word) or word)

    def _look_up(self, sentence: str) -> Markup:
        return _Telling(self).tell(sentence) or _ENGLISH % sentence

    @cached_property
    def _translations(self) -> Mapping[str, str]:
        return self._load()

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        """The messages without values; a single word counts only as it is written."""
        whole = {(_fold(text) if " " in text else text): text for text in self._translations if not PLACE.search(text)}
        return {text.replace("%%", "%"): message_id for text, message_id in whole.items()}

    @cached_property
    def _anywhere(self) -> list[Message]:
        """The messages that begin with a value, those with the most letters first."""
        return [message for message in self._messages if not message.pieces[0]]

    @cached_property
    def _with_values(self) -> Mapping[str, list[Message]]:
        """The messages that a text may be made from, by its first letter, those with the most letters first."""
        letters = {message.pieces[0][:1] for message in self._messages} - {""}
        return {letter: [m for m in self._messages if m.pieces[0][:1] in ("", letter)] for letter in letters}

    @cached_property
    def _messages(self) -> list[Message]:
        messages = (read_message(text) for text in self._translations if PLACE.search(text))
        return sorted(messages, key=lambda message: -message.letters)


class _Telling:
    """The telling of one sentence, with a limit to the messages that are looked for."""

    def __init__(self, book: Phrasebook) -> None:
        self._book = book
        self._looks = 0

    def tell(self, text: str, depth: int = 0, joints: Sequence[str] = _JOINTS) -> Markup | None:
        """Return a text in this language; None if no message is in it. `joints` are what may part it, in order."""
        if depth > DEEPEST or self._looks > _MOST_LOOKS:
            return None
        if listed := self._list_told(text, depth):
            return listed
        found, (head, _, tail) = self._find(text), text.partition(": ")
        after = self._find(tail)
        if after and not _outweighs(found, after, head):  # a place, a colon and a message
            place, rest = self.tell(head, depth + 1) or _as_it_stands(head), self.tell(tail, depth + 1)
            if rest and _BEGIN_ENGLISH not in place:
                return escape(self._book.join(": ")).join((place, rest))
        return self._message_told(text, found, depth) if found else self._parts_told(text, depth, joints)

    def _list_told(self, text: str, depth: int) -> Markup | None:
        """Return a list of doubts, such as "start: this may be …; name: another …", told one by one; else None."""
        doubts = _NEXT_DOUBT.split(text, _MOST_PARTS)
        if len(doubts) < 2 or not self._book.translation_of(text.partition(": ")[0]):
            return None
        told = list(filter(None, (self.tell(doubt, depth + 1) for doubt in doubts)))
        return escape(self._book.join("; ")).join(told) if len(told) == len(doubts) else None

    def _message_told(self, text: str, found: Found, depth: int) -> Markup:
        translation = self._book.translation_of(found.id)
        if not translation:
            return _ENGLISH % text
        pieces = PLACE.split(self._in_case(translation, found.id, text))
        told = Markup().join(
            self._value(found.values[piece], depth + 1, is_data=piece in found.data)
            if number % 2
            else escape(piece.replace("%%", "%"))
            for number, piece in enumerate(pieces)
        )
        stop = self._book.stop
        return told.removesuffix(stop) if told.endswith(stop * 2) else told

    def _parts_told(self, text: str, depth: int, joints: Sequence[str]) -> Markup | None:
        """Return a text whose parts are sentences of their own, joined; None if none of them is known.

        Of several ways to part it, it is the first that leaves no English, or else the first.
        """
        told_in_part = None
        for number, joint in enumerate(joints, 1):
            once = joint in _ONCE  # what follows may have another one inside a message
            parts = _split(text, joint, 1 if once else _MOST_PARTS)
            rest = joints[number - once :]
            told = [self._part_told(part, joint, depth + 1, rest) for part in parts] if len(parts) > 1 else []
            if any(told) and not (joint in _WORD_JOINTS and _is_by_chance(told, parts)):
                pairs = zip(told, parts, strict=True)
                joined = escape(self._book.join(joint)).join(known or _as_it_stands(part) for known, part in pairs)
                if _BEGIN_ENGLISH not in joined:
                    return joined
                told_in_part = told_in_part or joined
        return told_in_part or self._counted(text, depth) or self._explained(text, depth)

    def _part_told(self, part: str, joint: str, depth: int, joints: Sequence[str]) -> Markup | None:
        if joint in _WORD_JOINTS and (is_quoted(part) or _DATUM.fullmatch(part)):
            return _DATA % part
        return self.tell(part, depth, joints)

    def _counted(self, text: str, depth: int) -> Markup | None:
        """Return a text that begins with a number, such as "2 without a webinar licence"."""
        count, space, rest = text.partition(" ")
        told = self.tell(rest, depth + 1) if count.isdigit() else None
        return Markup().join((escape(count + space), told)) if told else None

    def _explained(self, text: str, depth: int) -> Markup | None:
        """Return a text that ends with a sentence in brackets, such as "Old (it is hidden)"."""
        before, bracket, inner = text.removesuffix(")").rpartition(" (")
        told = self.tell(inner, depth + 1) if " " in inner and text.endswith(")") else None
        return Markup().join((_as_it_stands(before), bracket, told, ")")) if told else None

    def _value(self, value: str, depth: int, *, is_data: bool) -> Markup:
        """Return a value of a sentence: told if it is one itself, or else as it is, isolated from its surroundings."""
        text = value.strip(" ,;")
        if not text or (text.isascii() and text.isdigit()):
            return escape(value)
        told = (None if is_data or is_quoted(text) else self.tell(text, depth)) or _DATA % text
        before, _, after = value.partition(text)
        return Markup().join((before, told, after))

    def _in_case(self, translation: str, message_id: str, text: str) -> str:
        """Give a translation the capital and the full stop that the sentence has and the message has not."""
        if message_id[:1].islower() and text[:1].isupper():
            translation = translation[:1].upper() + translation[1:]
        elif message_id[:1].isupper() and text[:1].islower():
            translation = translation[:1].lower() + translation[1:]
        stop = self._book.stop
        if text.endswith(".") and not message_id.endswith("."):
            return translation.removesuffix(stop) + stop
        if message_id.endswith(".") and not text.endswith("."):
            return translation.removesuffix(stop)
        return translation

    def _find(self, text: str) -> Found | None:
        self._looks += 1
        return self._book.find(text) if text else None


def _fold(text: str) -> str:
    return fold_first(text.removesuffix("."))


def _outweighs(found: Found | None, after: Found, head: str) -> bool:
    """Return whether the message of a whole sentence fits it better than that of what stands after its first colon."""
    if found is None:
        return False
    return fold_first(found.id).startswith(f"{fold_first(head)}: ") or (found.is_sure and found.letters > after.letters)


def _split(text: str, joint: str, most: int) -> list[str]:
    """Split a text at a joint, but not between quotation marks."""
    parts, start = [], 0
    for part in _QUOTED.sub(lambda quoted: "'" * len(quoted[0]), text).split(joint, most):
        parts.append(text[start : start + len(part)])
        start += len(part) + len(joint)
    return parts


def _is_by_chance(told: Sequence[Markup | None], parts: Sequence[str]) -> bool:
    """Return whether only lone words are known beside words that are not, as in "Space and time"."""
    pairs = list(zip(told, parts, strict=True))
    return all(" " not in part for known, part in pairs if known) and any(
        letter.isalpha() for known, part in pairs if not known for letter in part
    )


def _as_it_stands(part: str) -> Markup:
    """Mark a part of a sentence that no message is in: as English if it has words, or else as data."""
    words = [word for word in part.split() if word.isascii() and word.isalpha() and word.islower()]
    return (_ENGLISH if len(words) > 1 else _DATA) % part
