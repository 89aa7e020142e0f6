"""Ask an operator before something happens outside, and say what; where nothing does, nobody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request, Response

from ..body_limit import Form
from .frame import show

_SEEN = "seen"
_AT_MOST = 30


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an operator is asked."""

    title: str
    button: str
    back: str  # where he goes who does nothing
    more: str = ""  # what follows besides
    danger: bool = False


def ask_first(request: Request, form: Form, told: Sequence[str], question: Question) -> Response | None:
    """Ask whether to do what a form asks for, with what that does outside; None once just this was seen, or nothing is.

    The answer sends the same form again, with a digest of what was said: if that is another by then, he is asked again.
    """
    return None if not told or form.get(_SEEN) == _digest(told) else ask(request, form, told, question)


def ask(request: Request, form: Form, told: Sequence[str], question: Question) -> Response:
    """Ask whether to do what a form asks for, with what that does outside."""
    left = len(told) - _AT_MOST
    values = {
        "title": question.title, "more": question.more,
        "told": [*told[:_AT_MOST], *([f"And {left} more."] if left > 0 else [])],
        "action": request.url.path, "button": question.button, "back": question.back, "danger": question.danger,
        "fields": {**form, _SEEN: _digest(told)},
    }  # fmt: skip
    return show(request, "confirm.html", values)


def _digest(told: Sequence[str]) -> str:
    return sha256("\n".join(told).encode()).hexdigest()[:16]
