"""Whether the records of an event in other systems show what our own page of it shows."""

from dataclasses import replace
from datetime import datetime

from ..messages import ENGLISH
from ..planning import PublishLink, WithdrawLink, say_changed
from .facts import EventFacts
from .holdups import Holdup, find_holdup
from .making import Why, at_once, not_done, why_held_up
from .stage import LINK_CHANGED, Stage

JOB = "publish_links"


def links_elsewhere(facts: EventFacts, deadline: datetime) -> Stage | None:
    """Decide whether each home shows what it should; None where nothing is to be done there.

    A link that people changed is stuck until an operator decides. A home that is down is only late.
    """
    actions = tuple(action for action in facts.plan.actions if isinstance(action, PublishLink | WithdrawLink))
    refused = [blocker for blocker in facts.blockers("link") if blocker.refused]
    if not (actions or refused):
        return None
    why = _why(facts, actions) if actions else Why(reason="")
    if refused:
        changed = say_changed(refused, facts.event.id)
        why = replace(why, reason=f"{why.reason} {changed}".strip(), stuck=True, alert=LINK_CHANGED)
    return not_done(facts, "links", deadline, why, JOB)


def _why(facts: EventFacts, actions: tuple[PublishLink | WithdrawLink, ...]) -> Why:
    """Say of which homes something is missing, and what holds up the first of them that is held up."""
    what = " ".join(dict.fromkeys(map(_missing, actions)))
    for home in dict.fromkeys(action.home for action in actions):
        if holdup := _holdup(facts, home):
            held = why_held_up(facts, JOB, holdup, run=facts.link_runs.get(home))
            return replace(held, reason=f"{what.removesuffix('.')}: {ENGLISH.what(holdup.message)}")
    run = facts.link_runs.get(actions[0].home)
    return Why(reason=what, action=at_once(facts, JOB, run))


def _holdup(facts: EventFacts, home: str) -> Holdup | None:
    """Return what holds up the links in a home. No Zoom account does: nothing is asked of Zoom."""
    return find_holdup(JOB, None, facts.link_runs.get(home), facts.service)


def _missing(action: PublishLink | WithdrawLink) -> str:
    if isinstance(action, WithdrawLink):
        return f"{action.place} still links a recording that is to be taken back."
    if action.before:
        return f"{action.place} shows the recording in another way than our own page of the event."
    return f"The recording is not on {action.place} yet."
