"""Actions that are refused as unsafe unless an operator says --force."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..messages import Message
from ..messages import plans as say
from .actions import Action, CancelWebinar, CreateWebinar, UpdateWebinar
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
    """Replace each unsafe action of a plan by a blocker that says why it is refused."""
    safe: list[Action] = []
    blockers = list(plan.blockers)
    for action in plan.actions:
        reason = _unsafe(action, bound, precedent, now) or _is_not_ours(action, bound) or _puts_back(action, bound)
        if reason:
            blockers.append(Blocker(about="webinar", message=reason, refused=True, unsafe=True))
        else:
            safe.append(action)
    return plan.model_copy(update={"actions": tuple(safe), "blockers": tuple(blockers)})


def _unsafe(action: Action, bound: Bound | None, precedent: Precedent, now: datetime) -> Message | None:
    is_live, is_soon = bool(bound and bound.live), _is_soon(bound, now)
    if bound and (is_live or is_soon):
        webinar = bound.webinar_id
        if isinstance(action, UpdateWebinar):
            risky = tuple(change.field for change in action.fields if change.field not in _HARMLESS_FIELDS)
            change = say.LIVE_WOULD_CHANGE if is_live else say.SOON_WOULD_CHANGE
            return change(webinar=webinar, fields=risky) if risky else None
        if isinstance(action, CreateWebinar) and action.replaces:
            return (say.LIVE_WOULD_MOVE if is_live else say.SOON_WOULD_MOVE)(webinar=webinar)
        if isinstance(action, CancelWebinar):
            return (say.LIVE_WOULD_END if is_live else say.SOON_WOULD_END)(webinar=webinar)
    if not isinstance(action, CancelWebinar):
        return None
    cancelled = precedent.cancelled + 1
    total = precedent.upcoming + precedent.cancelled
    if total >= FEW_WEBINARS and cancelled > LARGEST_CANCELLED_SHARE * total:
        return say.MANY_WOULD_END(cancelled=cancelled, upcoming=total)
    return None


def _is_soon(bound: Bound | None, now: datetime) -> bool:
    start = dict(bound.known).get("start") if bound else None
    return isinstance(start, str) and abs(datetime.fromisoformat(start) - now) <= CALM_BEFORE_START


def _is_not_ours(action: Action, bound: Bound | None) -> Message | None:
    if not isinstance(action, CancelWebinar) or bound is None or bound.origin != "home":
        return None
    return say.NOT_OURS(webinar=action.webinar_id)


def _puts_back(action: Action, bound: Bound | None) -> Message | None:
    if not isinstance(action, UpdateWebinar) or bound is None or not (names := would_put_back(action, bound)):
        return None
    return say.OLDER_THAN_ZOOM(fields=names, webinar=action.webinar_id)
