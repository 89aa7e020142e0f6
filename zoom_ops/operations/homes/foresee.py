"""What a pull would do, as JSON values: the records, their changes, and the plan that follows."""

from dataclasses import replace
from typing import Any

from ...errors import ZoomOpsError
from ...events import Event
from ...planning import name_action
from ...webinars import Unclear
from ..context import Context
from ..events.changes import describe_change, say_changes
from ..reconcile.made_there import load_made_there
from ..reconcile.observe import observe, plan_observed
from .pull import Pull
from .taking import Outcome

MOST_PLANNED = 100  # events of one pull


def pull_json(context: Context, pull: Pull) -> dict[str, Any]:
    """Build the JSON of a pull that was foreseen, with the plan of the first events that would change.

    `sentence` says how many more would change than are planned here.
    """
    changing = [outcome.record for outcome in pull.outcomes if outcome.what in ("new", "changed")]
    planned = set(changing[:MOST_PLANNED])
    return {
        "home": pull.home,
        "listed": pull.listed,
        "sentence": " ".join((pull.sum_up() or f"{pull.listing}: nothing is new.", *_unplanned(len(changing)))),
        "records": [
            _record_json(context, pull.home, outcome, planned=outcome.record in planned) for outcome in pull.outcomes
        ],
        "gone": list(pull.vanished.gone),
    }


def _unplanned(changing: int) -> tuple[str, ...]:
    left = changing - MOST_PLANNED
    return (f"The plans are those of the first {MOST_PLANNED}; {left} more change.",) if left > 0 else ()


def _record_json(context: Context, home: str, outcome: Outcome, *, planned: bool) -> dict[str, Any]:
    return {
        "record": outcome.record,
        "what": outcome.what,
        "name": outcome.name,
        "event": outcome.event_id,
        "reason": outcome.reason,
        "changes": [change.model_dump(mode="json") for change in outcome.changes],
        "says": [describe_change(said) for said in say_changes(outcome.changes)] if outcome.what == "changed" else [],
        "plan": list(_plan(context, home, outcome.event, outcome.webinar_id)) if planned and outcome.event else [],
    }


def _plan(context: Context, home: str, event: Event, webinar_id: int | Unclear | None) -> tuple[str, ...]:
    """Say what would be done outside for an event as it would be, and what holds it back.

    `webinar_id`: the webinar that its record in the home names.
    """
    if event.visibility == "draft":
        return ("It would be a draft until somebody decides what is in doubt.",)
    try:
        observed = observe(context, event, context.profile_of(event))
        with context.database.read() as connection:
            records = load_made_there(context, connection, event.id, (home, webinar_id))
        plan = plan_observed(context, event, replace(observed, made_there=records))
    except ZoomOpsError as error:
        return (str(error),)
    actions = (f"{name_action(action.kind)}: {action.reason}" for action in plan.actions)
    return (*actions, *(blocker.sentence for blocker in plan.blockers))
