"""Messages to one webhook: each describes the event as it is when sent, and is sent until it is taken or given up."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ...access import show_event
from ...engine.attempts import guard
from ...engine.runs import Request, Run
from ...errors import NotFoundError, WaitingError
from ...messages import alerts as say
from ...messages import as_said
from ...outgoing import ATTEMPTS, Answer, Message, Webhook, next_attempt
from ...store.alerts import Alert, clear_alert, raise_alert
from ...store.events import load_event
from ...store.recordings import load_publications
from ...store.webhook_deliveries import (
    Delivery,
    give_up,
    load_due,
    next_due,
    note_attempt,
    put_off,
    stop_webhook,
    was_told,
)
from .. import metrics
from ..context import Context
from ..due import waiting_webhooks
from ..events.serialize import describe_event_to

MESSAGE_WAITING = "message.waiting"
_WITHDRAWN = "recording.withdrawn"
_AT_ONCE = 100
_REST = timedelta(seconds=5)  # of a webhook that is overloaded or does not answer, before the next message


def compose(context: Context, webhook: Webhook, delivery: Delivery) -> Message | None:
    """Build a message; return None where nothing of what happened is for this webhook."""
    try:
        content: dict[str, Any] = {"event": describe_event_to(context, delivery.event_id, webhook.reader)}
    except NotFoundError:  # it was deleted, or made a draft, after its messages were loaded
        return None
    kind = delivery.kind
    if delivery.recording_uuid is not None:
        recording = _describe_recording(context, webhook, delivery.event_id, delivery.recording_uuid)
        if recording is None:
            return None
        content["recording"] = recording
        kind = _WITHDRAWN if recording["state"] == "withdrawn" else kind
    if kind not in webhook.kinds:
        return None
    return Message(id=delivery.id, kind=kind, at=delivery.at, content=content)


def _describe_recording(context: Context, webhook: Webhook, event_id: str, uuid: str) -> dict[str, Any] | None:
    """Describe a recording, as withdrawn if the webhook got a message of it and may no longer see it; else None."""
    with context.database.read() as connection:
        event = load_event(connection, event_id)
        published = load_publications(connection, [event_id]).get(event_id, ())
        was_informed = was_told(connection, webhook.name, uuid)
    publication = next((known for known in published if known.recording_uuid == uuid), None)
    if publication:
        visible = publication.model_copy(update={"state": "published"})
        if show_event(event, [visible], webhook.reader).recordings:
            document = {
                "uuid": uuid,
                "title": publication.title,
                "part": publication.part,
                "state": publication.state,
            }
            return document | ({"url": publication.url} if publication.state == "published" else {})
    return {"uuid": uuid, "state": "withdrawn"} if was_informed else None


class WebhookWork:
    """The work of a run for one webhook."""

    touched: tuple[str, ...] = ()  # no event needs a job that follows

    def __init__(self, context: Context, run: Run) -> None:
        self._context, self._run, self._name = context, run, run.subject.id

    def deliver(self) -> str:
        """Send the messages that are due; return a sentence of how many were taken.

        Raise WaitingError while messages wait for their next attempt.
        """
        webhook = self._context.webhooks.get(self._name)
        if webhook is None:
            reason = f"There is no webhook {self._name!r} in the settings any more."
            with self._context.database.begin() as connection:
                guard(connection, self._run)
                count = give_up(connection, self._name, reason)
            return f"{reason} {count} messages to it were given up."
        answers = []
        with self._context.database.read() as connection:
            due = load_due(connection, self._name, self._context.database.now(connection), _AT_ONCE)
        for delivery in due:
            answer = self._deliver(webhook, delivery)
            answers.append(answer)
            if answer and (answer.gone or answer.overloaded):
                break
        with self._context.database.read() as connection:
            until = next_due(connection, self._name)
        if until is not None:
            raise WaitingError("Messages wait for their next attempt: zoom-ops webhooks deliveries", until=until)
        taken = sum(bool(answer and answer.taken) for answer in answers)
        return f"{taken} of {len(answers)} messages were taken." if answers else ""

    def _deliver(self, webhook: Webhook, delivery: Delivery) -> Answer | None:
        """Make one attempt and record its outcome; return None where nothing of the message is for the webhook."""
        message = compose(self._context, webhook, delivery)
        answer = self._context.sender.send(webhook, message) if message else None
        metrics.deliveries.labels(self._name, answer.outcome if answer else "skipped").inc()
        with self._context.database.begin(durable=False) as connection:  # if a power cut loses this, we send again
            guard(connection, self._run)
            now = self._context.database.now(connection)
            if answer is None:
                note_attempt(connection, delivery.id, state="skipped", answer="Nothing of it is for this webhook.")
                return None
            attempts = delivery.attempts + 1
            tried = {"attempts": attempts, "tried_at": now, "status": answer.status, "answer": answer.whole}
            next_at = None if answer.taken else next_attempt(attempts, now, answer.retry_at, random.random)
            state = "taken" if answer.taken else "waiting" if next_at else "failed"
            note_attempt(connection, delivery.id, state=state, next_at=next_at, **tried)
            if answer.taken:
                clear_alert(connection, failed_alert(webhook.name).key, now)
            elif answer.gone:
                stop_webhook(connection, webhook.name, webhook.url, now)
                give_up(connection, webhook.name, answer.sentence)
                raise_alert(connection, gone_alert(webhook.name), now)
            elif next_at is None:
                raise_alert(connection, failed_alert(webhook.name, answer.sentence), now)
            if answer.overloaded:
                put_off(connection, webhook.name, now + _REST)
        return answer


def ask_for_waiting(context: Context) -> Callable[[Connection, datetime], Sequence[Request]]:
    """Build the function that the engine calls at each look. It requests the jobs that deliver waiting messages."""

    def requests(connection: Connection, now: datetime) -> Sequence[Request]:
        return [
            Request(job=job, subject=subject, rank=0)
            for job in (context.rings.get(MESSAGE_WAITING, ()) if context.webhooks else ())
            for subject, _account in waiting_webhooks(connection, job, now)
        ]

    return requests


def failed_alert(webhook: str, answer: str = "") -> Alert:
    """Build the alert that messages to a webhook were given up."""
    return Alert(
        kind="webhook_failed",
        subject=webhook,
        message=say.WEBHOOK_FAILED(webhook=webhook, attempts=ATTEMPTS, answer=as_said(answer)),
    )


def gone_alert(webhook: str) -> Alert:
    """Build the alert that a webhook wants no more messages."""
    return Alert(
        kind="webhook_gone",
        subject=webhook,
        message=say.WEBHOOK_GONE(webhook=webhook),
    )
