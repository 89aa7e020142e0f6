"""Actions that are refused as unsafe unless an operator says --force."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .actions import Action, CancelWebinar, CreateWebinar, PublishRecording, UpdateWebinar, WithdrawRecording
from .adoption.planned import kept_sentence
from .elsewhere.hosts import FOREIGN_LINK, LED_ELSEWHERE
from .newer import would_put_back
from .observed import Bound
from .plans import Blocker, Plan

CALM_BEFORE_START = timedelta(minutes=15)
LARGEST_CANCELLED_SHARE = 0.3
FEW_WEBINARS = 10  # below this number the share is not checked
FEW_ELSEWHERE = 10  # events; if the recordings of more lead elsewhere, rather a setting of ours is wrong
ELSEWHERE_LATELY = timedelta(days=30)  # for so long one counts that is not published, or no longer
_HARMLESS_FIELDS = ("topic", "agenda")


@dataclass(frozen=True, kw_only=True)
class Precedent:
    """The counts that the guard needs: the account's upcoming webinars, and those cancelled within the hour.

    And of how many other events, of all accounts, a recording leads to where none may play.
    """

    upcoming: int = 0
    cancelled: int = 0
    elsewhere: int = 0


def guard_plan(plan: Plan, bound: Bound | None, precedent: Precedent, now: datetime) -> Plan:
    """Replace each unsafe action of a plan by a blocker whose sentence says why it is refused."""
    plan = _guard_links(plan, precedent)
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


def leads_elsewhere(action: Action) -> bool:
    """Return whether an action withdraws a recording because its link leads to where none may play."""
    return isinstance(action, WithdrawRecording) and action.reason == LED_ELSEWHERE


def _guard_links(plan: Plan, precedent: Precedent) -> Plan:
    """Keep recordings published while many lead elsewhere, and say so where operators are told that they do.

    Nothing waits for a decision: the run looks again by itself, so that a corrected setting is all that is needed. The
    event's other recordings stay as they are, too: their parts are counted without those that would be withdrawn.
    """
    if precedent.elsewhere < FEW_ELSEWHERE or not any(map(leads_elsewhere, plan.actions)):
        return plan
    sentence = (
        f"The recordings of more than {FEW_ELSEWHERE} events lead elsewhere, so none is withdrawn by itself any more. "
        "Nobody can open them meanwhile. An operator may withdraw them: zoom-ops apply --kind recording --force"
    )
    told = [
        each.model_copy(update={"sentence": f"{each.sentence} {sentence}"}) if each.notice == FOREIGN_LINK else each
        for each in plan.blockers
    ]
    held = Blocker(about="recording", sentence=sentence, unsafe=True)
    kept = tuple(action for action in plan.actions if not (leads_elsewhere(action) or _widens(action)))
    return plan.model_copy(update={"actions": kept, "blockers": (*told, held)})


def _widens(action: Action) -> bool:
    narrows = ("public", "members")
    return isinstance(action, PublishRecording) and (action.old_visibility, action.visibility) != narrows


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
