"""One round: what each target is told now, written as messages to send."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from ...alerting.deciding import News, Tidings, decide
from ...alerting.problems import find_mute
from ...alerting.targets import FAILING, WRONG, Target
from ...alerting.words import SHOWN, Message, compose_digest, compose_one, compose_several
from ...engine.attempts import guard
from ...engine.runs import Request, Run, Subject
from ...messages import alerts as say
from ...messages import as_said
from ...outgoing import new_message_id
from ...store.alerting.messages import change_target, load_targets, post_message, remove_target, save_target
from ...store.alerting.state import end_mute, forget_told, save_told
from ...store.alerts import Alert, are_settled, clear_alert, list_raised, settle_alerts
from ..context import Context
from ..due import waiting_targets
from ..watching.watchers import KIND as PAUSED
from ..watching.watchers import find_paused_watchers
from .detail import load_detail, load_past_detail
from .known import Stored, list_ended, load_known

log = structlog.get_logger()
TELL = "problem.untold"  # rings the job that tells operators
THE_ROUND = Subject(kind="service", id="alerts")
_SETTLED = (WRONG, PAUSED)
_LOOKS_EVERY = timedelta(seconds=5)


def ask_to_tell(context: Context) -> Callable[[Connection, datetime], Sequence[Request]]:
    """Build the function that the engine calls at each look: it requests a round, and the delivery of messages.

    A round is requested only where it has something to do, so that a quiet day makes no runs.
    """
    looked: list[datetime] = []

    def requests(connection: Connection, now: datetime) -> Sequence[Request]:
        jobs = context.rings.get(TELL, ())
        subjects = [subject for job in jobs for subject, _account in waiting_targets(connection, job, now)]
        if not looked or not timedelta() <= now - looked[0] < _LOOKS_EVERY:
            looked[:] = [now]
            subjects += [THE_ROUND] if is_due(context, connection, now) else []
        return [Request(job=job, subject=subject, rank=0) for job in jobs for subject in subjects]

    return requests


def follow_settings(context: Context) -> None:
    """Follow ALERT_TO when a process starts: also where it names nobody any more."""
    with context.database.begin() as connection:
        _follow_settings(context, connection, context.database.now(connection))


def is_due(context: Context, connection: Connection, now: datetime) -> bool:
    """Return whether a round has something to do."""
    alerting = context.alerting
    rows = load_targets(connection)
    if {target.id: target.label for target in alerting.targets} != {key: row.label for key, row in rows.items()}:
        return True
    wanted = [*_wrong_alerts(context), *find_paused_watchers(connection)]
    if not are_settled(wanted, list_raised(connection, _SETTLED)):
        return True
    if not rows:
        return False
    stored = load_known(connection, now)
    tidings = (decide(one, rows[one.id].digest_at, stored.known, alerting.frame.hours, now) for one in alerting.targets)
    return bool(stored.outlived) or any(tidings)


def tell_round(context: Context, run: Run) -> str:
    """Write the messages of a round; return a sentence of how many."""
    with context.database.begin() as connection:
        guard(connection, run)
        now = context.database.now(connection)
        _follow_settings(context, connection, now)
        stored, rows = load_known(connection, now), load_targets(connection)
        for problem in stored.outlived:
            end_mute(connection, problem)
        written = 0
        for target in context.alerting.targets:
            tidings = decide(target, rows[target.id].digest_at, stored.known, context.alerting.frame.hours, now)
            written += _write(context, connection, target, tidings, stored, now)
        if written:
            log.info("operator_messages_written", messages=written)
        return f"{written} {'message' if written == 1 else 'messages'} to operators." if written else ""


def failing_alert(target: Target, since: datetime, answer: str) -> Alert:
    """Build the alert that a target takes no messages."""
    message = say.TARGET_FAILING(target=target.label, since=since, answer=as_said(answer))
    return Alert(kind=FAILING, subject=target.label, cause=target.id, message=message)


def _follow_settings(context: Context, connection: Connection, now: datetime) -> None:
    """Note new targets, forget removed ones, and raise or clear the alerts about wrong entries and paused watchers."""
    targets = {target.id: target for target in context.alerting.targets}
    for known in load_targets(connection):
        if known not in targets:
            remove_target(connection, known, "ALERT_TO does not name it any more.")
    for target in targets.values():
        save_target(connection, target.id, target.label, now)
    wanted = [*_wrong_alerts(context), *find_paused_watchers(connection)]
    settle_alerts(connection, wanted, list_raised(connection, _SETTLED), now)
    labels = {(target.label, target.id) for target in targets.values()}
    for row in list_raised(connection, (FAILING,)):
        if (row.subject, row.cause) not in labels:
            clear_alert(connection, row.key, now)


def _wrong_alerts(context: Context) -> list[Alert]:
    return [
        Alert(kind=WRONG, subject=wrong.label, cause=wrong.id, message=as_said(wrong.sentence))
        for wrong in context.alerting.wrong
    ]


def _write(
    context: Context, connection: Connection, target: Target, tidings: Tidings, stored: Stored, now: datetime
) -> int:
    """Write the messages of a target, and what it is told by them; return their number."""
    messages = _compose(context, connection, target, tidings, stored, now)
    for message in messages:
        post_message(connection, {"id": new_message_id(), "target": target.id, "at": now, **asdict(message)})
    over = [news.problem.id for news in tidings.news if news.what == "over"]
    forget_told(connection, target.id, (*over, *tidings.forget))
    for news in tidings.news:
        if news.what != "over":
            _note_told(connection, target, news, now)
    if tidings.digest:
        change_target(connection, target.id, digest_at=now)
    return len(messages)


def _note_told(connection: Connection, target: Target, news: News, now: datetime) -> None:
    problem = news.problem
    names = ("kind", "account", "cause", "summary", "severity", "since")
    save_told(connection, problem.id, target.id, {name: getattr(problem, name) for name in names} | {"at": now})


def _compose(
    context: Context, connection: Connection, target: Target, tidings: Tidings, stored: Stored, now: datetime
) -> list[Message]:
    frame, known = context.alerting.frame, stored.known
    messages = []
    if len(tidings.news) > SHOWN:
        messages.append(compose_several(frame, tidings.news))
    else:
        for news in tidings.news:
            load = load_past_detail if news.what == "over" else load_detail
            detail = load(context, connection, news.problem)
            messages.append(compose_one(frame, news, detail))
    if tidings.digest:
        wanted = [one for one in known.problems if target.wants(one.kind, one.account, one.cause, one.severity)]
        lasting = {problem.id for problem in known.problems}
        mutes = {mute.problem: mute for mute in known.mutes if find_mute(known.mutes, mute.problem, now)}
        since = load_targets(connection)[target.id].digest_at
        ended = list_ended(connection, since, lasting)
        messages.append(compose_digest(frame, wanted, mutes, known.windows, ended, now))
    return messages
