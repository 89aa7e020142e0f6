"""The answer of a home, and what is taken of it as JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..linear import TooHeavyError, load_json
from .errors import StrangeAnswerError

Headers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of a home."""

    status: int
    headers: Headers = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)
    where: str  # the home's name, for messages

    def json(self) -> Any:
        """Parse the body as JSON. Raise StrangeAnswerError for anything else, such as a page for people."""
        try:
            value = load_json(self.body, parse_constant=_refuse, parse_float=_finite)
            return _without_halves(value) if b"\\ud" in self.body.lower() else value
        except TooHeavyError:
            raise StrangeAnswerError(f"{self.where} answered with more values than are read at once.") from None
        except (ValueError, RecursionError):
            what = "a page" if self.body.lstrip()[:1] == b"<" else "no JSON"
            raise StrangeAnswerError(f"{self.where} answered HTTP {self.status} with {what} instead of JSON.") from None

    def json_object(self) -> Mapping[str, Any]:
        """Parse the body as a JSON object; see `json`."""
        value = self.json()
        if not isinstance(value, dict):
            raise StrangeAnswerError(f"{self.where} answered with another JSON than expected: no object.")
        return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):  # 1e400 is JSON, and nothing that can be written as JSON again
        raise ValueError(digits)
    return value


def _without_halves(value: Any) -> Any:
    """Return a value without halves of letters, such as "\\ud83d" alone: no database and no other system takes them."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return json.loads(text)


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON
