"""The plan of one event as a value: sorted actions with a digest, and blockers of what is not done."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from .actions import ACTIONS, Action
from .base import About, Value

_ACTIONS: Mapping[str, tuple[str, str]] = {  # by kind: what it does, and what it has done
    "CancelWebinar": ("Delete the webinar", "deleted the webinar"),
    "AdoptWebinar": ("Adopt the webinar", "adopted the webinar"),
    "CreateWebinar": ("Create the webinar", "created the webinar"),
    "DeleteOldWebinar": ("Delete the old webinar", "deleted the old webinar"),
    "UpdateWebinar": ("Change the webinar", "changed the webinar"),
    "RemovePanelist": ("Remove a panelist", "removed a panelist"),
    "AddPanelists": ("Add panelists", "added panelists"),
    "WithdrawRecording": ("Withdraw the recording", "withdrew the recording"),
    "PublishRecording": ("Publish the recording", "published the recording"),
    "WithdrawLink": ("Take the link back from another system", "took the link back from another system"),
    "PublishLink": ("Write the link to another system", "wrote the link to another system"),
}


NOT_LINKS = tuple(action.__name__ for action in ACTIONS if action.about != "link")
"""The kinds of actions at Zoom and on our own page. Links in homes follow what is published, not what is planned."""


class Blocker(Value):
    """The reason why something is not done: it waits for a change outside, or an operator has to decide."""

    about: About
    sentence: str
    refused: bool = False
    unsafe: bool = False  # refused by the guard, so an operator may force it
    approval: Literal["recording", "practice", "early_start"] | None = None  # the operator's approval that lifts it
    recording: str | None = None  # the uuid of the recording that it is about, if it is about one alone
    finding: str | None = None  # what was found, without what to do about it
    over: bool = False  # it will never be done: nothing waits for it
    until: datetime | None = None  # the wait ends by itself at this time
    notice: str | None = None  # nothing waits for it, but an operator must know it: the kind of its alert


class Plan(Value):
    """The actions for one event, in order, with the blockers that hold the rest back."""

    event: str
    actions: tuple[Action, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    @property
    def waits(self) -> tuple[str, ...]:
        """List the sentences of the blockers that wait for a change outside."""
        return tuple(blocker.sentence for blocker in self.blockers if not (blocker.refused or blocker.notice))

    @property
    def refused(self) -> tuple[str, ...]:
        """List the sentences of the blockers that an operator has to decide on."""
        return tuple(blocker.sentence for blocker in self.blockers if blocker.refused)

    @property
    def notices(self) -> tuple[Blocker, ...]:
        """List the blockers that hold nothing back, and that an operator must know."""
        return tuple(blocker for blocker in self.blockers if blocker.notice)

    def sum_up(self, done: Sequence[Action]) -> str:
        """Say what was done until this was left to plan, or else what holds the rest back."""
        return _describe_done([action.kind for action in done]) or " ".join(each.sentence for each in self.blockers)

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


def _describe_done(kinds: Sequence[str]) -> str:
    """Say what was done, by the kinds of the actions in their order. Return "" for none."""
    parts = (_done(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds))
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _done(kind: str, times: int) -> str:
    words = _ACTIONS[kind][1] if kind in _ACTIONS else kind
    return f"{words} {times} times" if times > 1 else words
