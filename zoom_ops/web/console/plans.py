"""The plan in the console: the changes outside, old → new; filters, a choice of events, and Apply."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from ...errors import BadInputError
from ...operations.reconcile.known import Shared
from ...operations.services import Operations
from ...operations.views.events import names_of, times_of
from ...operations.views.plans.choices.applying import OTHER_PLAN, request_plan
from ...operations.views.plans.choices.choice import KINDS, SUBJECTS, PlanQuery, follows
from ...operations.views.plans.choices.prints import Prints, compare_prints, prints_of
from ...operations.views.plans.choices.reading import MOST_EVENTS, list_plan_hosts, read_days
from ...operations.views.plans.groups import events_in, group_held
from ...operations.views.plans.overview import Overview
from ...operations.views.plans.plan import plan_choice
from ...operations.views.run_lists.causes import name_first
from ...planning import name_action
from ..dependencies import TheOperations, check_slug
from ..edge.bodies import Form
from ..reading_slots import APlanSlot, ReadingSlots, note_length
from .frame import TheActor, TheLongForm, go_on, make_router, refuse_filter, show
from .options import event_of

_TITLES = {
    "trouble": "Failed, parked or tried again",
    "late": "Late or stuck",
    "notice": "Needs attention",
    "waits": "Waits",
    "refused": "Refused until somebody decides",
}
_DAYS = {"1": "within a day", "7": "within 7 days", "30": "within 30 days"}
_SUBJECTS = {subject: subject for subject in SUBJECTS}
_KINDS = {kind: name_action(kind) for kind in KINDS}
_TEXTS = ("kind", "account", "host", "profile", "series", "days", "force")

router = make_router()


class Asked:
    """What the address or the form says of the part of the plan that is meant, before it is read."""

    def __init__(self, events: list[str], without: list[str], texts: dict[str, str]) -> None:
        self.events = [words for each in events if (words := each.strip())]
        self.without = [words for each in without if (words := each.strip())]
        self.texts = {name: text for name in _TEXTS if (text := texts.get(name, "").strip())}

    def text(self, name: str) -> str:
        """Return what one of the fields says; empty for nothing."""
        return self.texts.get(name, "")

    @property
    def force(self) -> bool:
        """Whether also what the guard refuses is meant."""
        return "force" in self.texts

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The fields, as they are sent again."""
        named = (("event", self.events), ("without", self.without))
        return [(name, each) for name, several in named for each in several] + list(self.texts.items())

    def address(self, **others: list[str]) -> str:
        """Build the address of this part of the plan, with other events."""
        events, without = others.get("events", self.events), others.get("without", self.without)
        pairs = Asked(events, without, self.texts).pairs
        return f"/-/plan?{urlencode(pairs)}" if pairs else "/-/plan"

    def read(self, operations: Operations) -> PlanQuery:
        """Read what is meant. Raise BadInputError for what cannot be meant."""
        texts = {name: text for name, text in self.texts.items() if name not in ("days", "force")}
        one = len(self.events) == 1
        return PlanQuery(
            events=(event_of(operations, self.events[0]),) if one else tuple(map(check_slug, self.events)),
            without=tuple(map(check_slug, self.without)),
            days=read_days(self.text("days")),
            **texts,
        )


def _asked(request: Request) -> Asked:
    asked = request.query_params
    return Asked(asked.getlist("event"), asked.getlist("without"), dict(asked))


@router.get("/plan")
def show_plan(
    request: Request, operations: TheOperations, asked: Annotated[Asked, Depends(_asked)], slots: APlanSlot
) -> Response:
    """Show the plan, or the part of it that the filters mean."""
    try:
        overview = _plan(operations, asked, slots)
    except BadInputError as error:
        return refuse_filter(request, "plan.html", _filters(operations, asked), error)
    return note_length(request, show(request, "plan.html", _values(operations, asked, overview)))


@router.post("/plan")
def apply(request: Request, operations: TheOperations, by: TheActor, form: TheLongForm, slots: APlanSlot) -> Response:
    """Request the runs of what was shown.

    If the plan is another one by now, show it again with what has changed. If some events were taken out, show what is
    left first: nothing is carried out that was not shown so.
    """
    asked = Asked(form.getlist("event"), form.getlist("without"), dict(form))
    overview = _plan(operations, asked, slots)
    if overview.digest != form.get("digest", ""):
        changed = compare_prints(_prints_in(form), prints_of(overview.actions))
        values = _values(operations, asked, overview)
        names = names_of(operations.context.database, changed)
        news = [(names.get(event, event), words) for event, words in changed.items()]
        return show(request, "plan.html", values | {"stale": OTHER_PLAN, "news": news}, status=409)
    if left_out := set(_prints_in(form)) - set(form.getlist("take")):
        return _show_choice(asked, overview, left_out)
    runs = request_plan(operations.context, operations.jobs.values(), overview, by, force=asked.force)
    operations.wake()
    where = f"/-/runs/{runs[0]}" if len(runs) == 1 else "/-/runs"
    return go_on(where, _answer(overview, names_of(operations.context.database, overview.impact.events)))


def _show_choice(asked: Asked, overview: Overview, left_out: set[str]) -> Response:
    """Lead to the plan without the events that were taken out. Raise BadInputError if none is left."""
    shown = list(dict.fromkeys(action.event for action in overview.actions))
    left = [event for event in shown if event not in left_out]
    if not left:
        raise BadInputError("Nothing was applied: all events are taken out. Mark those that are to be changed.")
    without = [*asked.without, *(event for event in shown if event in left_out)]
    fewest = asked.address(events=left, without=[]) if len(left) < len(without) else asked.address(without=without)
    if min(len(left), len(without)) > MOST_EVENTS:
        raise BadInputError(f"At most {MOST_EVENTS} events can be named one by one: choose by kind, host or days.")
    count = "1 event" if len(left) == 1 else f"{len(left)} events"
    return go_on(fewest, f"Nothing is applied yet. This is the plan of the {count} that you left marked.")


def _answer(overview: Overview, names: Mapping[str, str]) -> str:
    """Say how many actions of a plan that was applied are carried out now, for what, and how many wait."""
    stopped = len(overview.stopped)
    count = len(overview.actions) - stopped
    held = {holdup.account for holdup in overview.outages}
    events = dict.fromkeys(action.event for action in overview.actions if action.account not in held)
    named = name_first(names.get(event, event) for event in events)
    now = f"{count} {'action is' if count == 1 else 'actions are'} carried out now: {named}"
    if not stopped:
        return f"{now}."
    waits = f"{stopped} {'action waits' if stopped == 1 else 'actions wait'} until the account works again"
    return f"{now}; {waits}." if count else f"Nothing is carried out now: {waits}."


def _plan(operations: Operations, asked: Asked, slots: ReadingSlots) -> Overview:
    jobs, shared = operations.jobs.values(), Shared(while_asking=slots.lend)
    return plan_choice(operations.context, jobs, asked.read(operations), force=asked.force, shared=shared)


def _prints_in(form: Form) -> Prints:
    """Return the fingerprints of the events that the page has shown."""
    pairs = (each.partition(" ") for each in form.getlist("seen"))
    return {check_slug(event): digest for event, _, digest in pairs}


def _values(operations: Operations, asked: Asked, overview: Overview) -> dict[str, Any]:
    """Collect what the page of a plan shows."""
    shown = {*events_in(overview), *overview.query.without, *overview.query.events}
    names = names_of(operations.context.database, shown)
    effects: dict[str, list[tuple[Any, str, bool]]] = {}
    for action, sentence in overview.impact.effects:
        effects.setdefault(action.event, []).append((action, sentence, follows(overview.query, action)))
    return _filters(operations, asked) | {
        "overview": overview,
        "names": names,
        "groups": group_held(overview, names),
        "titles": _TITLES,
        "effects": effects,
        "prints": prints_of(overview.actions),
        "times": times_of(operations.context.database, effects),
    }


def _filters(operations: Operations, asked: Asked) -> dict[str, Any]:
    """Collect what the filters of the page offer."""
    context, days = operations.context, asked.text("days")
    with context.database.read() as connection:
        hosts = list_plan_hosts(context, connection)
    return {
        "asked": asked,
        "subjects": _SUBJECTS,
        "kinds": _KINDS,
        "accounts": sorted(context.gateways),
        "hosts": hosts,
        "profiles": sorted(context.profiles),
        "spans": {days: f"within {days} days"} | _DAYS if days.isdigit() else _DAYS,
    }
