"""Messages in words: English and plain, for the command line, mails and logs. Other surfaces build on it."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .message import Message, Step, Value
from .steps import STEPS
from .template import Place, Template, subject_of


class Words:
    """How a surface writes messages. What it does not write in its own way, it writes as plain English."""

    def tell(self, message: Message) -> str:
        """Write what happened, and what to do."""
        return self.join([part for part in (self.what(message), self.remedy(message)) if part], " ")

    def what(self, message: Message) -> str:
        """Write what happened, without what to do."""
        return self.fill(message.kind.sentence, message.values)

    def remedy(self, message: Message) -> str:
        """Write what to do; empty where the message says nothing of it."""
        return self.fill(message.kind.remedy, message.values)

    def fill(self, text: str, values: Mapping[str, Value]) -> str:
        """Write a sentence of the catalogue with its values."""
        written: list[str] = []
        for piece in Template.of(self.translate(text)).pieces:
            told = self.piece(piece, values)
            if not told and written and written[-1].endswith(" "):
                written[-1] = written[-1][:-1]  # the blank before a place that stays empty, or after the first
            elif not any(written) and told.startswith(" "):
                told = told[1:]
            written.append(told)
        return self.join(written, "")

    def piece(self, piece: str | Place, values: Mapping[str, Value]) -> str:
        """Write the words or a place of a sentence."""
        if isinstance(piece, str):
            return self.words(piece)
        if "." in piece.name:
            return self.step(Step(piece.name, {name: values[name] for name in subject_of(piece.name)}))
        value = values[piece.name]
        if piece.spec.startswith("local") and isinstance(value, datetime):
            return self.local(value.astimezone(ZoneInfo(str(values["timezone"]))), piece.spec)
        if "|" in piece.spec and isinstance(value, int):
            return self.words(self.form(piece.spec.split("|"), value).replace("#", f"{value:,}"))
        if piece.quoted:
            return self.data(piece.name, repr(value))
        return self.value(piece, value)

    def value(self, place: Place, value: Value) -> str:
        """Write the value of a place."""
        match value:
            case None:
                return ""
            case Message():
                return self.tell(_ended(value))
            case Step():
                return self.step(value)
            case tuple():
                return self.several(place, value)
            case datetime():
                return self.moment(value)
            case date():
                return self.words(f"{value:%Y-%m-%d}")
            case timedelta():
                return self.words(write_length(value))
            case int() | float():
                return self.words(format(value, "," if place.spec == "," else ""))
            case _:
                return self.data(place.name, str(value))

    def several(self, place: Place, values: Sequence[Value]) -> str:
        """Write a list: sentences one after the other, all else with commas, of which a place may show a number."""
        are_sentences = not place.spec and any(isinstance(value, Message) for value in values)
        most = int(place.spec) if place.spec.isdigit() else len(values)
        parts = [self.value(place._replace(spec=""), value) for value in values[:most]]
        if place.spec in ("and", "or") and len(parts) > 1:
            parts[-2:] = [self.join(parts[-2:], f" {place.spec} ")]
        told = self.join(parts, " " if are_sentences else "; " if place.spec == ";" else ", ")
        if place.spec == "^":  # it begins the sentence
            told = self.join([told[:1].upper(), told[1:]], "")
        rest = len(values) - most
        return self.join([told, self.words(f" and {rest} more")], "") if rest > 0 else told

    def moment(self, moment: datetime) -> str:
        """Write a moment to the minute, in UTC or in its own zone."""
        zone = getattr(moment.tzinfo, "key", None)
        return f"{moment:%Y-%m-%d %H:%M} " + (f"({zone})" if zone not in (None, "UTC") else "UTC")

    def local(self, moment: datetime, spec: str) -> str:
        """Write a moment in the zone that the sentence names, or only its time."""
        return self.words(f"{moment:%H:%M}" if spec == "local time" else f"{moment:%Y-%m-%d %H:%M}")

    def step(self, step: Step) -> str:
        """Write a step as a command."""
        return command_of(step)

    def data(self, _name: str, text: str) -> str:
        """Write what people or other systems wrote, in the place of a name."""
        return text

    def words(self, text: str) -> str:
        """Write words of the catalogue."""
        return text.replace("`", "")

    def form(self, forms: Sequence[str], number: int) -> str:
        """Choose the words that go with a number."""
        return forms[0] if number == 1 else forms[-1]

    def translate(self, text: str) -> str:
        """Return a sentence of the catalogue in the language of the surface."""
        return text

    def join(self, parts: Sequence[str], between: str) -> str:
        """Join what was written."""
        return between.join(parts)


class Shared(Words):
    """Writes what many subjects have in common: without names, moments and long numbers. Troubles are grouped by it."""

    _OWN = frozenset({"event", "webinar", "run", "name", "names", "title", "person", "people", "recording", "email"})
    _LONG = 10_000

    def common(self, message: Message) -> str:
        """Write what a message has in common with those of its kind: the catalogue's word for it, or its sentence."""
        return self.fill(message.kind.many or message.kind.sentence, message.values)

    def value(self, place: Place, value: Value) -> str:
        """Write a value that tells no subject from another."""
        if isinstance(value, Message):
            return self.common(value)
        is_own = place.name in self._OWN or isinstance(value, datetime | date)
        return "…" if is_own or (isinstance(value, int) and value >= self._LONG) else super().value(place, value)

    def local(self, _moment: datetime, _spec: str) -> str:
        """Write no moment."""
        return "…"

    def step(self, step: Step) -> str:
        """Write a step without its subject."""
        return command_of(Step(step.verb, dict.fromkeys(step.subject, "…")))


ENGLISH = Words()
SHARED = Shared()


def command_of(step: Step) -> str:
    """Return the command of a step, ready to be typed."""
    return "zoom-ops " + STEPS[step.verb].format_map({name: _argument(value) for name, value in step.subject.items()})


def _ended(message: Message) -> Message:
    """End a sentence of another program with a full stop, so that another may follow."""
    words = str(message.values.get("words", "."))
    if message.code != "said" or not words or words.endswith((".", "…", "?", "!")):
        return message
    return message.kind(words=f"{words}.")


def _argument(value: Value) -> str:
    if isinstance(value, tuple):
        return " ".join(map(_argument, value))
    text = str(value)
    return text if text == "…" else shlex.quote(text)


def write_length(length: timedelta) -> str:
    """Write a length in its largest units that are whole: "4 min", "2 h 5 min", "3 days"."""
    minutes = round(length.total_seconds() / 60)
    if abs(length) < timedelta(minutes=1):
        return f"{round(length.total_seconds())} s"
    if minutes % (24 * 60) == 0:
        days = minutes // (24 * 60)
        return "1 day" if days == 1 else f"{days} days"
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
