"""What an endpoint says of its answer: that it may be kept, and until when."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_KEY = "zoom_ops.keeping"


@dataclass(slots=True)
class Keeping:
    """Whether an answer may be kept. It may not unless its endpoint says so."""

    may: bool = False
    until: datetime | None = None  # when it changes by the clock alone


def expect_answer(scope: MutableMapping[str, Any]) -> Keeping:
    """Ask the endpoint of a request whether its answer may be kept."""
    keeping = scope[_KEY] = Keeping()
    return keeping


def may_keep(scope: MutableMapping[str, Any], until: datetime | None) -> None:
    """Say that the answer is the same for every visitor, until a moment, for as long as what it was read from is."""
    if keeping := scope.get(_KEY):
        keeping.may, keeping.until = True, until


def is_expected(scope: MutableMapping[str, Any]) -> bool:
    """Return whether the answer is to be kept: most errors need no page then, as they are not."""
    return _KEY in scope
