"""The plan of one event as a value: sorted actions with a digest, and blockers of what is not done."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from ..messages import Kind, Message, all_of, runs
from .actions import ACTIONS, Action
from .base import About, Told, Value

_ACTIONS: Mapping[str, tuple[str, Kind]] = {  # by kind: what it does, and what it has done
    "CancelWebinar": ("Delete the webinar", runs.DELETED),
    "AdoptWebinar": ("Adopt the webinar", runs.ADOPTED),
    "CreateWebinar": ("Create the webinar", runs.CREATED),
    "DeleteOldWebinar": ("Delete the old webinar", runs.DELETED_OLD),
    "UpdateWebinar": ("Change the webinar", runs.CHANGED),
    "RemovePanelist": ("Remove a panelist", runs.UNSEATED),
    "AddPanelists": ("Add panelists", runs.SEATED),
    "WithdrawRecording": ("Withdraw the recording", runs.WITHDREW),
    "PublishRecording": ("Publish the recording", runs.PUBLISHED),
    "WithdrawLink": ("Take the link back from another system", runs.TOOK_BACK),
    "PublishLink": ("Write the link to another system", runs.WROTE),
}


NOT_LINKS = tuple(action.__name__ for action in ACTIONS if action.about != "link")
"""The kinds of actions at Zoom and on our own page. Links in homes follow what is published, not what is planned."""


class Blocker(Value):
    """The reason why something is not done: it waits for a change outside, or an operator has to decide."""

    about: About
    message: Told
    refused: bool = False
    unsafe: bool = False  # refused by the guard, so an operator may force it
    approval: Literal["recording", "practice", "early_start"] | None = None  # the operator's approval that lifts it
    recording: str | None = None  # the uuid of the recording that it is about, if it is about one alone
    finding: Told | None = None  # what was found, without what to do about it
    over: bool = False  # it will never be done: nothing waits for it
    until: datetime | None = None  # the wait ends by itself at this time
    notice: str | None = None  # nothing waits for it, but an operator must know it: the kind of its alert

    @property
    def sentence(self) -> str:
        """The message in English."""
        return str(self.message)


class Plan(Value):
    """The actions for one event, in order, with the blockers that hold the rest back."""

    event: str
    actions: tuple[Action, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    @property
    def waits(self) -> tuple[Message, ...]:
        """List the messages of the blockers that wait for a change outside."""
        return tuple(blocker.message for blocker in self.blockers if not (blocker.refused or blocker.notice))

    @property
    def refused(self) -> tuple[Message, ...]:
        """List the messages of the blockers that an operator has to decide on."""
        return tuple(blocker.message for blocker in self.blockers if blocker.refused)

    @property
    def notices(self) -> tuple[Blocker, ...]:
        """List the blockers that hold nothing back, and that an operator must know."""
        return tuple(blocker for blocker in self.blockers if blocker.notice)

    def sum_up(self, done: Sequence[Action]) -> Message | None:
        """Say what was done until this was left to plan, or else what holds the rest back; None where nothing is."""
        kinds = [action.kind for action in done]
        if deeds := tuple(_ACTIONS[kind][1](times=kinds.count(kind)) for kind in dict.fromkeys(kinds)):
            return runs.DONE(deeds=deeds)
        return all_of(blocker.message for blocker in self.blockers) if self.blockers else None

    def only(self, kinds: Collection[str]) -> "Plan":
        """Reduce the plan to some kinds of actions and the blockers that concern them."""
        about = about_of(kinds)
        kept = {
            "actions": tuple(action for action in self.actions if action.kind in kinds),
            "blockers": tuple(blocker for blocker in self.blockers if blocker.about in about),
        }
        return self.model_copy(update=kept)


def about_of(kinds: Collection[str]) -> frozenset[About]:
    """Return what some kinds of actions are about; everything where none is named."""
    return frozenset(action.about for action in ACTIONS if not kinds or action.__name__ in kinds)


def digest_of(actions: Iterable[Action]) -> str:
    """Compute the digest of actions without their reasons: 16 hexadecimal digits, the same in any process."""
    document = [action.model_dump(mode="json", exclude={"reason"}) for action in actions]
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_action(kind: str) -> str:
    """Return what an action of a kind does, in plain words: "Create the webinar"."""
    return _ACTIONS[kind][0] if kind in _ACTIONS else kind
