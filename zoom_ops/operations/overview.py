"""The plan of many events at once, and how it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..engine.runs import Request, Subject, submit
from ..errors import ZoomOpsError
from ..events import Event
from ..planning import Action, digest_of
from ..store.events import load_event, load_open_events
from .asking import BY_HAND, jobs_wanted
from .context import Context
from .jobs import Job
from .work import plan_event

Held = tuple[tuple[str, str], ...]  # event, sentence


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What would be done for many events, and what holds the rest back."""

    actions: tuple[Action, ...]
    waiting: Held
    refused: Held

    @property
    def digest(self) -> str:
        """Name the plan by its contents."""
        return digest_of(self.actions)


def plan_events(context: Context, event_ids: tuple[str, ...], *, force: bool = False) -> Overview:
    """Plan some events, or all for which something may be left to do."""
    with context.database.read() as connection:
        if event_ids:
            events = tuple(load_event(connection, event_id) for event_id in dict.fromkeys(event_ids))
        else:
            events = load_open_events(connection, context.clock.now())
    actions: list[Action] = []
    waiting: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    for event in events:
        _add(context, event, force, actions, waiting, refused)
    return Overview(actions=tuple(actions), waiting=tuple(waiting), refused=tuple(refused))


def request_plan(context: Context, jobs: Iterable[Job], overview: Overview, *, force: bool = False) -> tuple[int, ...]:
    """Ask for the jobs that carry the plan out; tell the runs."""
    known = tuple(jobs)
    wanted = [
        (job.name, event_id, account)
        for event_id, account in dict.fromkeys((action.event, action.account) for action in overview.actions)
        for job in jobs_wanted(context, known, event_id, force=force)
    ]
    with context.database.begin() as connection:
        now = context.database.now(connection)
        return tuple(
            submit(
                connection,
                Request(
                    job=job,
                    subject=Subject(kind="event", id=event_id),
                    account=account,
                    priority=BY_HAND,
                    force=force,
                ),
                now,
            )
            for job, event_id, account in wanted
        )


def _add(
    context: Context,
    event: Event,
    force: bool,
    actions: list[Action],
    waiting: list[tuple[str, str]],
    refused: list[tuple[str, str]],
) -> None:
    try:
        found = plan_event(context, event, force=force)
    except ZoomOpsError as error:  # one event that cannot be planned does not hide the others
        refused.append((event.id, str(error)))
        return
    actions.extend(found.actions)
    waiting.extend((event.id, sentence) for sentence in found.waits)
    refused.extend((event.id, sentence) for sentence in found.refused)
