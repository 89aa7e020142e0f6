"""Values that do not fit the event model, in our words: what stands there, and what is expected."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ...events import Event
from ...explain import expected_of
from .moments import shown
from .record import Record
from .trees import Path

_FORMS = {  # fields whose value has a form
    "id": "an id of small letters, digits and dashes, such as how-waves-travel-2027",
    "start": "a date and time such as 2027-01-31T08:30",
    "end": "a date and time such as 2027-01-31T08:30",
    "email": "an e-mail address such as ada.lovelace@example.org",
    "language": 'a language code such as "en" or "pt-BR"',
    "dated": "a date such as 2027-01-31",
    "size": "a number of bytes",
}
_TIMES = ("start", "end", "timezone", "previous_start")  # they were read before


def take_mistakes(record: Record, error: ValidationError) -> None:
    """Add the mistakes of a validation to those of the event. Missing keys come last: one may be only misspelt."""
    details = error.errors(include_url=False)
    for detail in sorted(details, key=lambda detail: detail["type"] == "missing"):
        place = detail["loc"]
        if place and place[0] in _TIMES and detail["type"] in ("missing", "model_type"):
            continue
        sentence, expected = explain(detail)
        record.refuse(record.place(place), sentence, expected=expected)


def explain(detail: ErrorDetails) -> tuple[str, str | None]:
    """Return what is wrong with a value of an event, and what was expected in its place."""
    place, kind = detail["loc"], detail["type"]
    if kind == "missing":
        return "this is required", None
    if kind == "value_error":
        sentence, found = str(detail.get("ctx", {}).get("error", "")), shown(detail["input"])
        return sentence if found in sentence or not place else f"{sentence}, found {found}", None
    form = _FORMS.get(_name(place))
    is_form = form and kind not in ("string_too_long", "greater_than_equal")
    expected = form if is_form else expected_of(detail, Event)
    return f"expected {expected}, found {shown(detail['input'])}", expected


def _name(place: Path) -> str:
    return next((str(part) for part in reversed(place) if isinstance(part, str)), "")
