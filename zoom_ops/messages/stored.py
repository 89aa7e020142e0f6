"""Messages as JSON: for scripts, and as they are stored. A text that was stored before is a message as it is said."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from .catalogue import KINDS, as_said
from .message import Message, Step, Value

_MARK = '{"code":'


def message_json(message: Message) -> dict[str, Any]:
    """Build the JSON of a message for scripts: code, values, next step, and the sentence in English."""
    step = message.step
    return {
        "code": message.code,
        "values": _as_json(message.values),
        "step": {"verb": step.verb, "subject": _as_json(step.subject), "command": str_of(step)} if step else None,
        "sentence": str(message),
    }


def read_message(told: Message | str | Mapping[str, Any]) -> Message:
    """Read a message from its JSON. A text, and one whose kind is gone or has other values now, is as it was said."""
    if isinstance(told, Message):
        return told
    if not isinstance(told, Mapping):
        return as_said(told)
    try:
        return KINDS[told["code"]](**{name: _from_json(value) for name, value in told["values"].items()})
    except (TypeError, KeyError):
        return as_said(told.get("sentence") or told["said"])


def store_message(message: Message) -> str:
    """Write a message as the text of a column: with its sentence, for when a later catalogue has another."""
    if message.code == "said":
        return str(message)
    stored = {"code": message.code, "values": _as_json(message.values), "said": str(message)}
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


def load_message(text: str) -> Message:
    """Read a message from the text of a column. One without a code, or with one that is gone, is as it was said."""
    if not text.startswith(_MARK):
        return as_said(text)
    try:
        return read_message(json.loads(text))
    except (ValueError, KeyError):  # a text that only looks like it
        return as_said(text)


def str_of(step: Step) -> str:
    """Return the command of a step."""
    from .english import command_of

    return command_of(step)


def _as_json(value: Value | Mapping[str, Value]) -> Any:
    match value:
        case Message():
            return {"code": value.code, "values": _as_json(value.values), "said": str(value)}
        case Step():
            return {"verb": value.verb, "subject": _as_json(value.subject)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
        case tuple():
            return [_as_json(each) for each in value]
        case Mapping():
            return {name: _as_json(each) for name, each in value.items()}
        case _:
            return value


def _from_json(value: Any) -> Any:
    match value:
        case {"code": str(), "values": dict(), "said": str()}:
            return read_message(value)
        case {"verb": str(verb), "subject": dict(subject)}:
            return Step(verb, {name: _from_json(each) for name, each in subject.items()})
        case {"moment": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"seconds": float(seconds) | int(seconds)}:
            return timedelta(seconds=seconds)
        case list():
            return tuple(_from_json(each) for each in value)
        case _:
            return value
