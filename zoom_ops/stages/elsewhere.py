"""Whether the records of an event in other systems show what our own page of it shows."""

from dataclasses import replace
from datetime import datetime

from ..messages import Message
from ..messages import stages as say
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
    if not refused:
        return not_done(facts, "links", deadline, _why(facts, actions), JOB)
    message = say.LINKS_CHANGED(
        missing=_why(facts, actions).message if actions else None,
        changed=say_changed(refused, facts.event.id),
    )
    why = Why(message=message, stuck=True, alert=LINK_CHANGED)
    return not_done(facts, "links", deadline, why, JOB)


def _why(facts: EventFacts, actions: tuple[PublishLink | WithdrawLink, ...]) -> Why:
    """Say of which homes something is missing, and what holds up the first of them that is held up."""
    missing = tuple(dict.fromkeys(map(_missing, actions)))
    for home in dict.fromkeys(action.home for action in actions):
        if holdup := _holdup(facts, home):
            held = why_held_up(facts, JOB, holdup, run=facts.link_runs.get(home))
            return replace(held, message=say.LINKS_HELD_UP(missing=missing, why=holdup.message))
    run = facts.link_runs.get(actions[0].home)
    return Why(message=say.UNFINISHED(what=missing, then=at_once(facts, JOB, run)))


def _holdup(facts: EventFacts, home: str) -> Holdup | None:
    """Return what holds up the links in a home. No Zoom account does: nothing is asked of Zoom."""
    return find_holdup(JOB, None, facts.link_runs.get(home), facts.service)


def _missing(action: PublishLink | WithdrawLink) -> Message:
    if isinstance(action, WithdrawLink):
        return say.STILL_ON_PLACE(place=action.place)
    if action.before:
        return say.OTHERWISE_ON_PLACE(place=action.place)
    return say.NOT_ON_PLACE(place=action.place)
