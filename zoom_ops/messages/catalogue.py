"""Every kind of message by its code. The modules of this package with kinds are its subjects."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType

from .message import Kind, Message

SUBJECTS = (
    "alerts",
    "audit",
    "doctor",
    "effects",
    "holdups",
    "homes",
    "needs",
    "plans",
    "readings",
    "recordings",
    "runs",
    "stages",
)
"""The modules of the catalogue."""

SAID = Kind("{words}", code="said")
"""A sentence of another program, or of a time before messages had codes: shown as it is."""


SEVERAL = Kind("{messages}", code="several")
"""Messages that are said one after the other."""


def as_said(words: str) -> Message:
    """Make a message of a sentence that has no code."""
    return SAID(words=words)


def all_of(messages: Iterable[Message]) -> Message:
    """Make one message of some that are said one after the other."""
    several = tuple(dict.fromkeys(messages))
    return several[0] if len(several) == 1 else SEVERAL(messages=several)


def _collect(module: ModuleType) -> Mapping[str, Kind]:
    subject = module.__name__.rpartition(".")[2]
    kinds = {name: kind for name, kind in vars(module).items() if isinstance(kind, Kind) and not kind.code}
    for name, kind in kinds.items():
        object.__setattr__(kind, "code", f"{subject}.{name.lower()}")
    return {kind.code: kind for kind in kinds.values()}


KINDS: Mapping[str, Kind] = {
    SAID.code: SAID,
    SEVERAL.code: SEVERAL,
    **{code: kind for name in SUBJECTS for code, kind in _collect(import_module(f"{__package__}.{name}")).items()},
}
"""Every kind by its code."""
