"""Sentences that explain why a value does not fit its pydantic model."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

LISTED_NAMES = 12
MOST_MISTAKES = 20  # told of one input, or one file: more repeat one mistake
_LONGEST_SHOWN = 100  # characters of a key or value
_LONG_NUMBER = 10**30  # Python refuses to format an int of more than 4,300 digits

_EXPECTED = {
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number"),
    **dict.fromkeys(("tuple_type", "list_type"), 'a list such as ["one", "two"]'),
    **dict.fromkeys(("model_type", "dict_type"), "a table of keys and values"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "a date such as 2027-01-31"),
    **dict.fromkeys(("date_from_datetime_inexact",), "a date without a time, such as 2027-01-31"),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        "a date and time such as 2027-01-31T14:30",
    ),
    "string_unicode": "a text without half characters",
    "string_pattern_mismatch": "a text of the form {pattern}",
    "string_type": "a text in quotes",
    "path_type": "a path in quotes",
    "literal_error": "{expected}",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le} or less",
    "string_too_short": "at least {min_length} character(s)",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}


def explain_errors(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Explain the errors of a validation against `model`: at most MOST_MISTAKES sentences, and how many more there are.

    What cannot be a mistake of people costs little: see `refuse_excess`.
    """
    count = error.error_count()
    told = [explain_error(each, model) for each in islice(error.errors(include_url=False), MOST_MISTAKES)]
    return [*told, *([f"There are {count - len(told):,} more mistakes."] if count > len(told) else [])]


def refuse_excess(model: type[BaseModel], given: Any) -> Any:
    """Return the values for a model. Raise ValueError for very many unknown keys, and for a list that is too long.

    pydantic makes an error for each key and each entry: with 60,000 of them it takes seconds.
    """
    if not isinstance(given, dict):
        return given
    unknown = [name for name in given if name not in model.model_fields]
    if len(unknown) > MOST_MISTAKES:
        shown = ", ".join(repr(_cut(name)) for name in unknown[:3])
        raise ValueError(f"There are {len(unknown):,} keys that nobody knows, such as {shown}.")
    for name, field in model.model_fields.items():
        most = next((limit.max_length for limit in field.metadata if isinstance(limit, MaxLen)), None)
        if most is not None and isinstance(given.get(name), list) and len(given[name]) > most:
            raise ValueError(f"{name}: expected at most {most:,} entries, not {len(given[name]):,}.")
    return given


def explain_error(error: ErrorDetails, model: type[BaseModel], *, secret: bool = False) -> str:
    """Explain one error of a validation against `model`, without file and line. If `secret`, the value is not shown."""
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        key = _cut(str(path[-1]))
        return f"There is no key {key!r}.{suggest(key, known_keys(model, path[:-1]))}"
    if error["type"] == "missing":
        return f"{path[-1]} is missing."
    if error["type"] in ("value_error", "refused"):
        complaint = str(error.get("ctx", {}).get("error") or error["msg"])
    else:
        complaint = f"expected {expected_of(error, model)}{_instead(error['input'], secret)}."
    name = ".".join(str(part) for part in path)
    return f"{name}: {complaint}" if name else complaint


def expected_of(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is expected in place of a value, in our words: a library's are never shown."""
    kind = error["type"]
    if kind in ("too_short", "too_long") and isinstance(error["input"], str):
        kind = f"string_{kind}"
    expected = _EXPECTED.get(kind, "").format(**error.get("ctx", {}))
    field = field_at(model, error["loc"])
    return expected or ((field and field.description) or "").rstrip(".") or "another value"


def suggest(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or list all of them if none is near and they are at most `LISTED_NAMES`.

    The sentence begins with a space. It is empty if no name is known.
    """
    names, name = sorted(known), name[:_LONGEST_SHOWN]  # comparing takes a time that grows with the square
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f" Did you mean {near[0]!r}?"
    if 0 < len(names) <= LISTED_NAMES:
        return f" Known here: {', '.join(names)}."
    nearest = get_close_matches(name, names, n=1, cutoff=0)
    return f" The nearest is {nearest[0]!r}." if nearest else ""


def known_keys(model: type[BaseModel], path: Sequence[int | str] = ()) -> tuple[str, ...]:
    """List the keys that a user may set at a path inside a model."""
    inner = model_at(model, path)
    return tuple(name for name, field in inner.model_fields.items() if not field.deprecated) if inner else ()


def model_at(model: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel] | None:
    """Find the model at a path inside a model; None if there is none. A step into a dict is a key."""
    place: Any = model
    for step in path:
        if isinstance(place, type) and issubclass(place, BaseModel):
            field = place.model_fields.get(str(step))
            place = _bare(field.annotation) if field else None
        elif get_origin(place) in (dict, list, tuple):
            place = _bare(get_args(place)[-1 if get_origin(place) is dict else 0])
        else:
            place = None
    return place if isinstance(place, type) and issubclass(place, BaseModel) else None


def field_at(model: type[BaseModel], path: Sequence[int | str]) -> FieldInfo | None:
    """Find the field at a path inside a model; None if there is none. List entries belong to the field of the list."""
    names = list(path)
    while names and isinstance(names[-1], int):
        names.pop()
    inner = model_at(model, names[:-1]) if names else None
    return inner.model_fields.get(str(names[-1])) if inner else None


def iter_fields(model: type[BaseModel], above: str = "", *, refused: bool = False) -> Iterator[tuple[str, FieldInfo]]:
    """Yield the fields of a model and of the models inside it, with dotted names.

    These are the fields that a user may set, or, if `refused`, the deprecated ones, which are refused.
    """
    for name, field in model.model_fields.items():
        inner = _bare(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from iter_fields(inner, f"{above}{name}.", refused=refused)
        elif bool(field.deprecated) == refused:
            yield f"{above}{name}", field


def _bare(annotation: Any) -> Any:
    """Return X for the annotation `X | None`, and any other annotation as it is."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if len(parts) == 1 and type(None) in get_args(annotation) else annotation


def _instead(value: object, secret: bool) -> str:
    if secret:
        return ""
    if isinstance(value, bool):
        return f", not {str(value).lower()}"
    if isinstance(value, int) and abs(value) >= _LONG_NUMBER:
        return ", not a number of that length"
    if isinstance(value, str):
        return f", not {_cut(value)!r}"
    return f", not {value!r}" if isinstance(value, int | float) else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
