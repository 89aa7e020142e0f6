"""Calls of homes: another system says that something changed there, which rings the pull of that home.

A call is a doorbell. Nothing in its body is believed or read, so a call that is sent again does no harm.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from ...engine.listing import list_open
from ...engine.runs import JUST_HAPPENED, Request, Subject, submit
from ...signing import SIGNATURES, is_bearer, is_genuine, parse_signed
from ...store.homes.records import Pulled, find_pull
from .. import metrics
from ..context import Context
from .admin import PULLED_BY

log = structlog.get_logger()
PAUSE = timedelta(seconds=10)  # between two pulls that calls bring about
PAUSE_WHILE_FAILING = timedelta(minutes=1)
NOBODYS = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"  # of a home that has no secret, or is unknown


def may_be_genuine(context: Context, home: str, headers: Mapping[str, str]) -> bool:
    """Return whether a call may be genuine by its headers, in small letters, before its body is read.

    A bearer token is checked. Of a signature only the form and the time are: an unknown home has to look like one
    whose secret the caller does not know.
    """
    if SIGNATURES in headers:
        found = parse_signed(headers, context.clock.now()) is not None
    else:
        found = is_bearer(headers, _secrets_of(context, home))
    return found or _refuse(context, home)


def take_call(context: Context, home: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Ask for a pull of a home if its call is genuine, and return whether it is.

    A pull that waits already takes the call in. The next one begins no sooner than `PAUSE` after the latest.
    """
    known = _secrets_of(context, home)
    if SIGNATURES in headers:
        signed = parse_signed(headers, context.clock.now())
        genuine = signed is not None and is_genuine(signed, body, known)
    else:
        genuine = is_bearer(headers, known)
    if not genuine:
        return _refuse(context, home)
    _ring(context, home)
    metrics.home_calls.labels("asked").inc()
    log.info("home_called", home=home)
    return True


def next_pull(pulled: Pulled, now: datetime) -> datetime:
    """Return when a call may bring the next pull about: now, or after a pause since the latest."""
    if pulled.tried_at is None:
        return now
    return max(now, pulled.tried_at + (PAUSE_WHILE_FAILING if pulled.failing_since else PAUSE))


def _ring(context: Context, home: str) -> None:
    """Ask for a pull. Write nothing while one waits that takes this call in: a home may call without end."""
    requests = [(job, Subject(kind="home", id=home)) for job in context.rings.get(PULLED_BY, ())]
    with context.database.read() as connection:
        now = context.database.now(connection)
        at = next_pull(find_pull(connection, home), now)
        if all(_waits(connection, job, subject, now, at) for job, subject in requests):
            return
    with context.database.begin() as connection:
        now = context.database.now(connection)
        at = next_pull(find_pull(connection, home), now)
        for job, subject in requests:
            submit(connection, Request(job=job, subject=subject, priority=JUST_HAPPENED, at=at), now)


def _waits(connection: Connection, job: str, subject: Subject, now: datetime, at: datetime) -> bool:
    """Return whether a run that is not under way begins later than now and not after `at`."""
    found = (run for run in list_open(connection, job) if run.subject == subject and run.state == "active")
    return any(run.started is None and run.next_at is not None and now < run.next_at <= at for run in found)


def _secrets_of(context: Context, home: str) -> tuple[str, ...]:
    settings = context.home_settings.get(home)
    known = tuple(secret.get_secret_value() for secret in settings.hook_secret) if settings else ()
    return known or (NOBODYS,)


def _refuse(context: Context, home: str) -> bool:
    metrics.home_calls.labels("refused").inc()
    log.warning("home_call_refused", home=home if home in context.home_settings else None)
    return False
