"""What Zoom had newer than a restored backup: noted where it is found, kept until an operator has read it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection

from ..db.facts import find_fact, forget_facts, keep_fact
from ..db.locks import exclude_others

Kind = Literal["taken", "gone", "changed", "seated", "recorded", "unknown", "unclear"]
Place = tuple[int, str]  # the number of a webinar, and its host
_NEWER = "newer"  # the row of meta


@dataclass(frozen=True, kw_only=True)
class Newer:
    """What Zoom has, and the restored backup has not; each by event."""

    taken: Mapping[str, int] = field(default_factory=dict)  # the webinars that were made since, and are taken over
    gone: Mapping[str, int] = field(default_factory=dict)  # the webinars that are no longer there
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the fields of webinars that have changed
    seated: Mapping[str, int] = field(default_factory=dict)  # how many panelists were not known
    recorded: tuple[str, ...] = ()  # events with new recordings
    unknown: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)  # of events that the backup does not know
    unclear: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)  # a person has to decide
    unasked: Mapping[str, str] = field(default_factory=dict)  # accounts that could not be asked, and why

    def __bool__(self) -> bool:
        """Return whether anything is newer."""
        return any((self.taken, self.gone, self.changed, self.seated, self.recorded, self.unknown, self.unclear))

    @property
    def events(self) -> frozenset[str]:
        """The ids of the events that the backup may know, and of which something is newer."""
        return frozenset().union(self.taken, self.gone, self.changed, self.seated, self.recorded, self.unclear)

    @property
    def unknown_sentence(self) -> str:
        """How many webinars are of events that the backup does not know, and what to do; a list of them follows."""
        count = sum(len(places) for places in self.unknown.values())
        webinars = "webinar is" if count == 1 else "webinars are"
        events, again, ids = ("an event", "event", "id") if len(self.unknown) == 1 else ("events", "events", "ids")
        return (
            f"{count:,} {webinars} of {events} that the backup does not know; import the {again} again, with the same "
            f"{ids}, and the {webinars} taken over"
        )

    @property
    def digest(self) -> str:
        """Names just this, so that what is found after somebody has read it is not dismissed with it."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def note_newer(connection: Connection, kind: Kind, found: Mapping[str, Any]) -> None:
    """Note what is newer of some events. An event whose webinar is taken over is neither unknown nor unclear."""
    if not found:
        return
    lock_newer(connection)
    noted = _load(connection)
    noted.setdefault(kind, {}).update(found)
    if kind == "taken":
        for other in ("unknown", "unclear"):
            noted[other] = {name: places for name, places in noted.get(other, {}).items() if name not in found}
    keep_fact(connection, _NEWER, json.dumps(noted))


def lock_newer(connection: Connection) -> None:
    """Let nobody else change what is known of a restoration until the transaction ends."""
    exclude_others(connection, "what is newer")


def load_newer(connection: Connection) -> Newer:
    """Load what was noted since the database was restored, and was not dismissed."""
    noted = _load(connection)
    return Newer(
        taken=noted.get("taken", {}),
        gone=noted.get("gone", {}),
        changed={name: tuple(fields) for name, fields in noted.get("changed", {}).items()},
        seated=noted.get("seated", {}),
        recorded=tuple(noted.get("recorded", {})),
        unknown=_places(noted.get("unknown", {})),
        unclear=_places(noted.get("unclear", {})),
    )


def forget_newer(connection: Connection) -> None:
    """Forget what was noted: it was read, or the database was restored again."""
    forget_facts(connection, _NEWER)


def _places(noted: Mapping[str, Iterable[Iterable[Any]]]) -> dict[str, tuple[Place, ...]]:
    return {name: tuple((number, host) for number, host in places) for name, places in noted.items()}


def _load(connection: Connection) -> dict[str, dict[str, Any]]:
    value = find_fact(connection, _NEWER)
    return json.loads(value) if value else {}
