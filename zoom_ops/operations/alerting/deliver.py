"""Messages to one target, sent until it takes them or three days have passed."""

import random
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ...alerting.deciding import Known, find_silence
from ...alerting.notifier import Answer
from ...alerting.problems import Mute
from ...alerting.targets import FAILING, Target
from ...alerting.words import describe_window
from ...engine.attempts import guard
from ...engine.runs import Run
from ...errors import WaitingError
from ...outgoing import next_attempt
from ...store.alerting.messages import (
    StoredMessage,
    change_target,
    hurry,
    load_due,
    load_targets,
    next_due,
    note_attempt,
    put_off,
    remove_target,
)
from ...store.alerting.state import forget_told
from ...store.alerts import clear_alert, key_of, raise_alert
from ..context import Context
from .known import load_known
from .round import failing_alert

_AT_ONCE = 100
FAILS_AFTER = timedelta(hours=1)  # then the failure is an alert
WAITS = tuple(  # between the attempts of a message: often in the first hour, then each hour for three days
    timedelta(minutes=minutes) for minutes in (0.5, 2, 5, 10, 20, 30, *(60 for _hour in range(71)))
)


class TargetWork:
    """The work of a run for one target."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run = context, run

    def tell(self) -> str:
        """Send the messages that are due; return a sentence of how many were taken.

        Raise WaitingError while messages wait for their next attempt.
        """
        target_id = self._run.subject.id
        target = next((one for one in self._context.alerting.targets if one.id == target_id), None)
        if target is None:
            with self._context.database.begin() as connection:
                guard(connection, self._run)
                count = remove_target(connection, target_id, "ALERT_TO does not name it any more.")
            return f"ALERT_TO does not name this target any more. {count} messages to it were given up."
        with self._context.database.read() as connection:
            now = self._context.database.now(connection)
            due, known = load_due(connection, target_id, now, _AT_ONCE), load_known(connection, now).known
        taken = 0
        for message in due:
            if self._is_silenced(message, known):
                continue
            colour = "over" if message.kind == "over" else message.severity
            answer = self._context.alerting.notifier.send(target, message.title, message.body, colour)
            self._note(target, message, answer)
            if not answer.taken:
                break
            taken += 1
        with self._context.database.read() as connection:
            until = next_due(connection, target_id)
        if until is not None:
            raise WaitingError(self._reason(target, known, until), until=until)
        return f"{taken} of {len(due)} messages were taken." if due else ""

    def _reason(self, target: Target, known: Known, until: datetime) -> str:
        """Say why messages wait: for the end of a maintenance window, or because the target took none."""
        window = next((window for window in known.windows if window.ends == until), None)
        if window is None:
            return f"{target.label} did not take a message to operators, and is tried again."
        shown = describe_window(window, self._context.alerting.frame.hours, self._context.clock.now())
        return f"Messages to {target.label} are put off. {shown}"

    def _is_silenced(self, message: StoredMessage, known: Known) -> bool:
        """Skip a message whose problem was muted meanwhile; put one off that falls into a maintenance window."""
        silence = find_silence(known, message.problem, message.account, self._context.clock.now())
        if silence is None:
            return False
        with self._context.database.begin() as connection:
            guard(connection, self._run)
            if isinstance(silence, Mute):
                answer = f"It was not sent: {silence.who} has muted its problem: {silence.note}"
                note_attempt(connection, message.id, state="skipped", answer=answer)
                forget_told(connection, message.target, [silence.problem])  # it is told once it is muted no more
            else:
                note_attempt(connection, message.id, state="waiting", next_at=silence.ends, answer=message.answer)
        return True

    def _note(self, target: Target, message: StoredMessage, answer: Answer) -> None:
        """Record an attempt, durably: what was taken is not sent again."""
        with self._context.database.begin() as connection:
            guard(connection, self._run)
            now = self._context.database.now(connection)
            tried = {"attempts": message.attempts + 1, "tried_at": now, "answer": answer.sentence}
            if answer.taken:
                note_attempt(connection, message.id, state="taken", **tried)
                note_success(connection, target, answer, now)
                return
            next_at = next_attempt(message.attempts + 1, now, None, random.random, WAITS)
            note_attempt(connection, message.id, state="waiting" if next_at else "failed", next_at=next_at, **tried)
            note_failure(connection, target, answer, now)
            if next_at:
                put_off(connection, target.id, next_at)


def note_success(connection: Connection, target: Target, answer: Answer, now: datetime) -> None:
    """Note that a target took a message: what waits for it is sent now."""
    change_target(connection, target.id, failing_since=None, tried_at=now, answer=answer.sentence)
    clear_alert(connection, key_of(FAILING, None, target.label), now)
    hurry(connection, target.id, now)


def note_failure(connection: Connection, target: Target, answer: Answer, now: datetime) -> None:
    """Note that a target took no message, and raise an alert where it has taken none for an hour."""
    row = load_targets(connection).get(target.id)
    since = row.failing_since if row and row.failing_since else now
    change_target(connection, target.id, failing_since=since, tried_at=now, answer=answer.sentence)
    if now - since >= FAILS_AFTER:
        raise_alert(connection, failing_alert(target, since, answer.sentence), now)
