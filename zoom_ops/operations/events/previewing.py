"""What an import would do, event by event. Nothing is stored but pictures, so that they are fetched once."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection

from ...errors import BadInputError, ForbiddenError, ParkedError
from ...events import Event, ReviewNote
from ...planning import FieldChange
from ...readers import Announced, Source
from ...store.audit import Actor
from ...store.db.encryption import SecretBox
from ..context import Context
from .changes import differences
from .editing import ChangedMeanwhileError
from .fetching import fetch_pictures
from .identity import AS_SAID, KnownEvents, Meant, take_own
from .importing import Imported, Tell, decide_event, import_within, meant_by, twins

Action = Literal["created", "updated", "unchanged", "unclear", "refused"]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would make of one event.

    `question` asks which event is meant, if that is unclear, or says why the event is refused.
    """

    id: str
    action: Action
    question: str | None = None
    changes: tuple[FieldChange, ...] = ()
    notes: tuple[ReviewNote, ...] = ()
    sources: tuple[Source, ...] = ()
    file: str
    line: int
    event: Event = field(repr=False)

    @property
    def is_held(self) -> bool:
        """Whether a note holds the webinar back."""
        return bool(self.event.blocking_notes())


def preview(announced: Announced, known: Event | None, decision: Event | ParkedError | ForbiddenError) -> Preview:
    """Build the preview of an announced event from the event as known and as an import would store it."""
    place: dict[str, Any] = {"file": announced.file, "line": announced.line, "sources": announced.sources}
    if isinstance(decision, ParkedError | ForbiddenError):
        event = announced.event
        action: Action = "unclear" if isinstance(decision, ParkedError) else "refused"
        question = str(decision).removeprefix(f"{announced.file}:{announced.line}: ")
        return Preview(id=event.id, action=action, question=question, notes=event.needs_review, event=event, **place)
    changes = differences(known, decision)
    return Preview(
        id=decision.id,
        action="unchanged" if not changes else "updated" if known else "created",
        changes=changes,
        notes=decision.needs_review,
        event=decision,
        **place,
    )


def preview_events(
    context: Context,
    announced: Sequence[Announced],
    by: Actor,
    *,
    as_id: str | None = None,
    new: bool = False,
    tell: Tell = lambda _: None,
) -> tuple[Preview, ...]:
    """Return what an import of a file would do. Raise the same errors; a question stands in the preview of its event.

    `tell` is called after each event with the number of those that are done.
    """
    previews = preview_each(context, announced, by, meant_by(announced, as_id=as_id, new=new), tell)
    for each in previews:
        if each.action == "refused":
            raise ForbiddenError(each.question)
    return previews


def preview_each(
    context: Context, announced: Sequence[Announced], by: Actor, meant: Meant = AS_SAID, tell: Tell = lambda _: None
) -> tuple[Preview, ...]:
    """Return what imports of the events of a file would do, of which some may be refused to the actor."""
    announced = fetch_pictures(context, announced)
    with context.database.read() as connection:
        return _preview_within(context, connection, announced, by, meant, tell)


def _preview_within(
    context: Context, connection: Connection, announced: Sequence[Announced], by: Actor, meant: Meant, tell: Tell
) -> tuple[Preview, ...]:
    announced = take_own(context, announced)
    known_events = KnownEvents(connection, announced, meant.as_id)
    first: dict[str, Announced] = {}
    previews: list[Preview] = []
    for number, each in enumerate(announced, start=1):
        try:
            known, settled = decide_event(context, known_events, each, by, meant)
        except (ForbiddenError, ParkedError) as question:
            previews.append(preview(each, None, question))
        else:
            event = settled.event
            previews.append(preview(each, known, event))
            before = first.setdefault(event.id, each)
            if before is not each and previews[-1].action == "updated":
                raise BadInputError(twins(before, event.id), file=each.file, line=each.line)
            known_events.expect(event, settled.intended, each.origin)
        tell(number)
    return tuple(previews)


def import_previewed(
    context: Context,
    announced: Sequence[Announced],
    by: Actor,
    *,
    expected: Collection[str] | None,
    as_id: str | None = None,
    new: bool = False,
) -> tuple[Preview, ...]:
    """Import the events of a file, all or none, and return what was done.

    `expected` holds digests of previews that were read before. Raise ChangedMeanwhileError, and store nothing, if the
    import does something else.
    """
    meant, announced = meant_by(announced, as_id=as_id, new=new), fetch_pictures(context, announced)
    with context.database.begin() as connection:
        imported = import_within(context, connection, announced, by, meant)
        done = tuple(_done(each, outcome) for each, outcome in zip(announced, imported, strict=True))
        if expected is not None and digest_of(context.box, map(preview_json, done)) not in expected:
            raise ChangedMeanwhileError("An import would do something else now: preview it again, and decide anew.")
        return done


def _done(announced: Announced, outcome: Imported) -> Preview:
    return Preview(
        id=outcome.id,
        action=outcome.action,
        changes=outcome.changes,
        notes=outcome.event.needs_review,
        sources=announced.sources,
        file=announced.file,
        line=announced.line,
        event=outcome.event,
    )


def preview_json(shown: Preview) -> dict[str, Any]:
    """Build the JSON of a preview."""
    return {
        "id": shown.id,
        "action": shown.action,
        "question": shown.question,
        "held": shown.is_held,
        "changes": [change.model_dump(mode="json") for change in shown.changes],
        "needs_review": [note.model_dump(mode="json") for note in shown.notes],
        "sources": [{"field": each.field, "place": each.place, "text": each.text} for each in shown.sources],
        "line": shown.line,
        "event": shown.event.to_json(),
    }


def digest_of(box: SecretBox, documents: Iterable[Mapping[str, Any]]) -> str:
    """Compute the digest of the JSON of previews: the same only where an import does the same to the same records.

    It is keyed, as it is shown to people who do not see all of the JSON: they cannot try what fits.
    """
    digests = (sha256(json.dumps(each, sort_keys=True).encode()).hexdigest() for each in documents)
    return box.fingerprint(*digests)[:32]


def columns_of(previews: Iterable[Preview]) -> tuple[tuple[str, str], ...]:
    """List how the columns of a table were understood: the heading of each, and the field that it says."""
    return tuple(dict.fromkeys(_columns(previews)))


def _columns(previews: Iterable[Preview]) -> Iterator[tuple[str, str]]:
    for shown in previews:
        for source in shown.sources:
            if source.column:
                yield source.column, ".".join(part for part in source.field.split(".") if not part.isdecimal())
