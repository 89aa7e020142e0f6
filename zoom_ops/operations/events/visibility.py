"""The visibility of an event, settled at each write of its record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ...drafts import Decided, decide, describe_change, why_no_draft, why_not_theirs
from ...errors import BadInputError, ForbiddenError, ParkedError
from ...events import Event, Listing
from ...messages import runs as say
from ...store.audit import Actor
from ...store.deletion import fence_runs, load_outside, take_back
from ...store.events import Record


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of an event's visibility with a write."""

    event: Event  # with its visibility
    intended: Listing  # its visibility once nothing is in doubt
    before: Decided | None = None  # None for a new event
    what: str = ""  # a short name for the timeline; empty where nothing changed
    sentence: str = ""
    becomes_draft: bool = False  # it was published


def settle_visibility(
    connection: Connection, known: Record | None, event: Event, by: Actor, asked: Listing | None = None
) -> Settled:
    """Return an event with its visibility, as `drafts.decide` says. `asked`: what is asked for; None: nothing.

    It only reads. Raise ForbiddenError if the actor may not change this event, and ParkedError if it is to become a
    draft and something of it has left this service already.
    """
    before = known.decided if known else None
    if known and (sentence := why_not_theirs(known.event, publishes=by.publishes)):
        raise ForbiddenError(sentence)
    decided = decide(before, asked, doubtful=bool(event.blocking_notes()), publishes=by.publishes)
    becomes_draft = before is not None and before.visibility != "draft" and decided.visibility == "draft"
    if becomes_draft:
        _check_inside(connection, event)
    what, sentence = describe_change(before.visibility if before else None, decided.visibility) or ("", "")
    settled = event.model_copy(update={"visibility": decided.visibility})
    return Settled(
        event=settled,
        intended=decided.intended,
        before=before,
        what=what,
        sentence=sentence,
        becomes_draft=becomes_draft,
    )


def take_inside(connection: Connection, settled: Settled, now: datetime) -> None:
    """Before an event that becomes a draft is written: stop its runs, and take back its host's time and messages.

    Raise ParkedError if something of it has left this service meanwhile.
    """
    if settled.becomes_draft:
        fence_runs(connection, settled.event.id, now, say.EVENT_DRAFTED())
        _check_inside(connection, settled.event)
        take_back(connection, settled.event.id)


def check_groups(event: Event, known: Event | None) -> None:
    """Raise BadInputError for an entry that everybody sees though it names groups, unless the record has it so."""
    kept = known.attachments if known else ()
    if vain := next((each for each in event.attachments if each.has_vain_groups and each not in kept), None):
        raise BadInputError(f"“{vain.title[:60]}” names groups, and everybody sees it: say visibility: members.")


def _check_inside(connection: Connection, event: Event) -> None:
    if sentence := why_no_draft(event, load_outside(connection, event.id)):
        raise ParkedError(sentence)
