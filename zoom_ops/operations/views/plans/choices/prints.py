"""Fingerprints of a plan, event by event: what has changed since somebody looked at it."""

from collections.abc import Iterable, Mapping

from .....planning import Action, digest_of

Prints = Mapping[str, str]  # a digest of the event's actions, by event


def prints_of(actions: Iterable[Action]) -> Prints:
    """Compute the fingerprint of each event of a plan."""
    by_event: dict[str, list[Action]] = {}
    for action in actions:
        by_event.setdefault(action.event, []).append(action)
    return {event: digest_of(several) for event, several in by_event.items()}


def compare_prints(seen: Prints, now: Prints) -> Mapping[str, str]:
    """Say for each event whose changes are others by now what has become of them."""
    news = {event: "is new in the plan" for event in now if event not in seen}
    gone = {event: "has nothing to be changed any more" for event in seen if event not in now}
    other = {event: "is changed in another way now" for event in now if event in seen and seen[event] != now[event]}
    return other | news | gone
