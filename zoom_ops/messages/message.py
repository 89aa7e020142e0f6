"""A message as a value: a code of the catalogue, its values, and the next step. It becomes words at a surface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Union

from .template import Template

Value = Union[str, int, float, date, datetime, timedelta, "Step", "Message", "tuple[Value, ...]", None]
"""What a place of a sentence takes: what people wrote, numbers, moments in UTC, a step, another message, a list."""


@dataclass(frozen=True)
class Step:
    """What to do next: a verb of `steps.STEPS`, with its subject, such as the event's id.

    A command line writes it as a command, the console as a link to where it is done.
    """

    verb: str
    subject: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.verb)


@dataclass(frozen=True, eq=False)
class Kind:
    """An entry of the catalogue. Calling it with the values of its places makes a message.

    `sentence` is what happened. `remedy` is what to do, said after it. `many` is what many subjects have in common,
    without what differs from one to the next. `cause` is for the runbook alone: why it comes about.

    A place is written `{name}`, a number with the words that go with it `{count:# event|# events}`, a step with its
    verb `{events.show}`: its subject are the values of the same names. Words in `backticks` are code.
    """

    sentence: str
    remedy: str = ""
    many: str = ""
    cause: str = ""
    code: str = ""  # its subject and its name in the catalogue, which sets it: "stages.not_started"

    def __call__(self, **values: Value) -> Message:
        """Make a message of this kind. Raise TypeError for values that its places do not take."""
        if values.keys() != self.names:
            wrong = ", ".join(sorted(values.keys() ^ self.names))
            raise TypeError(f"{self.code}: these values and places do not fit: {wrong}")
        return Message(self, values)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the values that a message of this kind has."""
        return frozenset(name for text in (self.sentence, self.remedy, self.many) for name in Template.of(text).names)


@dataclass(frozen=True)
class Message:
    """A message: its kind and the values of its places. Written by `str`, it is English, with its remedy."""

    kind: Kind
    values: Mapping[str, Value]

    def __hash__(self) -> int:
        return hash(self.kind.code)

    def __bool__(self) -> bool:
        return True

    @property
    def code(self) -> str:
        """Its code in the catalogue."""
        return self.kind.code

    @property
    def step(self) -> Step | None:
        """The next step, if it names one."""
        return next(self.steps(), None)

    def parts(self) -> Iterator[Message]:
        """Yield the message, and those among its values."""
        yield self
        for value in self.values.values():
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Message):
                    yield from inner.parts()

    def steps(self) -> Iterator[Step]:
        """Yield the steps that it names, those of its values last."""
        for part in self.parts():
            for text in (part.kind.remedy, part.kind.sentence):
                for verb, names in Template.of(text).verbs:
                    yield Step(verb, {name: part.values[name] for name in names})
            yield from (value for value in part.values.values() if isinstance(value, Step))

    def __repr__(self) -> str:
        return f"<{self.code} {dict(self.values)!r}>"

    def __str__(self) -> str:
        from .english import ENGLISH  # it writes messages

        return ENGLISH.tell(self)
