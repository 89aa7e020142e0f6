"""The things that a command takes by name: completed at the keyboard, and known by the beginning of their id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer._click.core import Parameter

    from ...settings import Settings
    from ...store.names import Kind
    from ..opening import Peek

_SHOWN, _OFFERED = 5, 200
_STORED: dict[str, Kind] = {  # by metavar: the kind in the database (store/names.py)
    "EVENT": "event",
    "RECORDING": "recording",
    "RUN": "run",
    "ALERT": "alert",
    "WINDOW": "window",
    "NOTIFICATION": "notification",
    "MESSAGE": "message",
    "USER": "user",
    "TOKEN": "token",
    "PERSON": "person",
}
_NAMED_IN_FULL = {
    *("RUN", "ALERT", "WINDOW", "NOTIFICATION"),  # the beginning of a number is another number
    *("USER", "TOKEN", "PERSON"),  # to remove `ab` twice must not remove `abc`
}
_SET = ("JOB", "PROFILE", "ACCOUNT", "HOST", "WEBHOOK", "HOME")  # known from settings and files


def kind_of(param: Parameter) -> str | None:
    """Return what a parameter takes: its metavar, else its name, if that is one of those above."""
    word = (param.metavar or param.name.upper()).strip("[].")
    return word if word in _STORED or word in _SET else None


def offer(kind: str | None, metavar: str, beginning: str) -> list[tuple[str, str]]:
    """Offer values for a parameter that begin so, each with a word on it: of its kind, or of a metavar such as a|b."""
    from ..opening import peeked

    if kind is None:
        return [(word, "") for word in metavar.split("|") if "|" in metavar and word.startswith(beginning)]
    with peeked() as look:
        return [(name, " ".join(more.split())) for name, more in _find(look, kind, beginning, _OFFERED)]


def complete_ids(given: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Complete the ids of parameters, each of its kind. Raise BadInputError if one is the beginning of several.

    What is an id stays as it is, also if it is the beginning of another one. So does what is unknown: the command has
    a sentence for that.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from ..opening import peeked

    wanted = {name: value for name, value in given.items() if kinds[name] not in _NAMED_IN_FULL}
    if not wanted:
        return dict(given)
    with suppress(SQLAlchemyError), peeked() as look:
        return {**given, **{name: _complete(look, kinds[name], value) for name, value in wanted.items()}}
    return dict(given)


def _complete(look: Peek, kind: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_complete(look, kind, part) for part in value)
    from ...errors import BadInputError
    from ...store.names import is_name

    if kind in _STORED and (look.connection is None or is_name(look.connection, _STORED[kind], value)):
        return value
    found = [name for name, _ in _find(look, kind, value, _SHOWN + 1)] if value else []
    if value in found or not found:
        return value
    if len(found) == 1:
        return found[0]
    more = " and more" if len(found) > _SHOWN else ""
    raise BadInputError(f"{value!r} is the beginning of several: {', '.join(found[:_SHOWN])}{more}. Type more of it.")


def _find(look: Peek, kind: str, beginning: str, limit: int) -> Iterable[tuple[str, str]]:
    """Find what begins so."""
    from ...store.names import find_names

    if kind in _SET:
        known = sorted(set(_known_to(look.settings, kind)))
        return [(name, "") for name in known if name.startswith(beginning)][:limit]
    if look.connection is None:
        return []
    return find_names(look.connection, _STORED[kind], beginning, limit=limit)


def _known_to(settings: Settings, kind: str) -> Iterable[str]:
    match kind:
        case "JOB":
            return (path.stem for path in settings.jobs_dir.glob("*.py") if path.name[0] not in "._")
        case "PROFILE":
            return (path.stem for path in (settings.config_dir / "profiles").glob("*.toml"))
        case "HOME":
            return (path.stem for path in (settings.config_dir / "homes").glob("*.toml"))
        case "ACCOUNT":
            return settings.accounts
        case "HOST":
            return (host for account in settings.accounts.values() for host in account.hosts)
    return settings.webhooks
