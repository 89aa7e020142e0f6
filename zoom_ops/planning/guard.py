"""Actions that are refused as unsafe unless an operator says --force."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .actions import Action, CancelWebinar, CreateWebinar, UpdateWebinar
from .adoption.planned import kept_sentence
from .newer import would_put_back
from .observed import Bound
from .plans import Blocker, Plan

CALM_BEFORE_START = timedelta(minutes=15)
LARGEST_CANCELLED_SHARE = 0.3
FEW_WEBINARS = 10  # below this number the share is not checked
_HARMLESS_FIELDS = ("topic", "agenda")


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """The counts that the guard needs: the account's upcoming webinars, and those cancelled within the hour."""

    upcoming: int = 0
    cancelled: int = 0


def guard_plan(plan: Plan, bound: Bound | None, precedent: Precedent, now: datetime) -> Plan:
    """Replace each unsafe action of a plan by a blocker whose sentence says why it is refused."""
    safe: list[Action] = []
    blockers = list(plan.blockers)
    start = dict(bound.known).get("start") if bound else None
    moment = None
    if bound and bound.live:
        moment = f"Webinar {bound.webinar_id} is live"
    elif bound and isinstance(start, str) and abs(datetime.fromisoformat(start) - now) <= CALM_BEFORE_START:
        moment = f"Webinar {bound.webinar_id} starts or started within 15 minutes"
    for action in plan.actions:
        if reason := _unsafe(action, moment, precedent) or _is_not_ours(action, bound) or _puts_back(action, bound):
            sentence = f"{reason} An operator may do it with --force."
            blockers.append(Blocker(about="webinar", sentence=sentence, refused=True, unsafe=True))
        else:
            safe.append(action)
    return plan.model_copy(update={"actions": tuple(safe), "blockers": tuple(blockers)})


def _unsafe(action: Action, moment: str | None, precedent: Precedent) -> str | None:
    if isinstance(action, UpdateWebinar) and moment:
        risky = [change.field for change in action.fields if change.field not in _HARMLESS_FIELDS]
        return f"{moment}; {', '.join(risky)} would change." if risky else None
    if isinstance(action, CreateWebinar) and action.replaces and moment:
        return f"{moment}; the event would move to another host."
    if not isinstance(action, CancelWebinar):
        return None
    if moment:
        return f"{moment}; it would be cancelled."
    cancelled = precedent.cancelled + 1
    total = precedent.upcoming + precedent.cancelled
    if total >= FEW_WEBINARS and cancelled > LARGEST_CANCELLED_SHARE * total:
        return f"{cancelled} of the account's {total} upcoming webinars would be cancelled within an hour."
    return None


def _is_not_ours(action: Action, bound: Bound | None) -> str | None:
    if not isinstance(action, CancelWebinar) or bound is None or bound.origin != "home":
        return None
    return kept_sentence(action.webinar_id)


def _puts_back(action: Action, bound: Bound | None) -> str | None:
    if not isinstance(action, UpdateWebinar) or bound is None or not (names := would_put_back(action, bound)):
        return None
    return (
        f"Zoom has another {', '.join(names)} of webinar {action.webinar_id} than the restored backup. "
        "If that is right, change the event."
    )
