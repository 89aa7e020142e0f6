"""The circuit breaker of an account: while Zoom refuses us or fails, only single trial calls are sent.

Zoom disables apps with a high error rate, so a refused call must not be repeated two hundred times. The database holds
the stop, for all processes and across restarts, and operators see it as an alert.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import local

import structlog
from sqlalchemy import Connection

from ..clock import Clock
from ..errors import TemporaryError, WaitingError
from ..store.accounts.stops import (
    Cause,
    Stop,
    claim_trial,
    end_stop,
    find_after_call,
    grant_trials,
    load_stops,
    postpone_trial,
    save_stop,
)
from ..store.alerts import clear_alert, raise_alert
from ..store.db.connect import Database
from ..store.db.encryption import SecretBox
from ..store.zoom_calls import latest_call, load_answers
from .accounts import Waits, ZoomAccount
from .errors import (
    AccountStoppedError,
    CredentialError,
    MissingScopesError,
    NoRecordingError,
    RateLimitedError,
    WrongAddressError,
    ZoomRefusedError,
)
from .stops import alert_of, stopped

LATEST = 20  # the latest calls, which are counted
TOO_MANY = 10  # failures among them (no answer, or 5xx) that stop the account; more than 8 threads at one hiccup make
WINDOW = timedelta(minutes=10)  # older calls do not count
LONGEST_PAUSE_S = 900.0

_ANSWERS = (ZoomRefusedError, NoRecordingError, RateLimitedError, MissingScopesError, WaitingError)  # Zoom works

OnResumed = Callable[[Connection, str, datetime], None]

log = structlog.get_logger()


class CircuitBreaker:
    """Decides whether calls of an account may be sent."""

    def __init__(
        self,
        account: ZoomAccount,
        database: Database,
        box: SecretBox,
        clock: Clock,
        waits: Waits,
        on_resumed: OnResumed,
        is_cut_off: Callable[[], object],
    ) -> None:
        self._account = account.name
        self._database, self._box, self._clock, self._waits = database, box, clock, waits
        self._on_resumed, self._is_cut_off = on_resumed, is_cut_off
        self._thread = local()
        self.fingerprint = box.fingerprint(
            account.account_id, account.client_id, account.client_secret, account.api_url, account.oauth_url
        )

    def check(self) -> None:
        """Raise AccountStoppedError if not even a trial call may be sent."""
        with self._database.read() as connection:
            stop = _of_account(load_stops(connection, self._account))
            if stop and self.is_by_hand and not stop.is_pause:
                return
            if stop and not _is_due(stop, self._database.now(connection), self.fingerprint):
                raise stopped(stop)

    @contextmanager
    def by_hand(self) -> Iterator[None]:
        """Let this thread send calls despite stops: an operator checks. Failures then stop nothing.

        A pause still holds: whoever paused the account wants no call at all.
        """
        self._thread.by_hand = True
        try:
            yield
        finally:
            self._thread.by_hand = False

    @contextmanager
    def passage(self, *, proves: bool = True) -> Iterator[None]:
        """Let the block send a call, or raise AccountStoppedError; stop or resume the account by how the block ends.

        `proves`: the success of the block ends a stop; a token alone does not. A CredentialError is raised as the stop
        that it causes, every other error as it is.
        """
        outer: Stop | None = getattr(self._thread, "trial", None)
        trial = outer or self._enter()
        self._thread.trial = trial
        try:
            yield
            self._succeed(trial, outer, proves=proves)
        except AccountStoppedError:
            if outer is None:
                self._hand_on(trial)
            raise
        except CredentialError as error:
            if self.is_by_hand and trial is None:
                raise  # a check with other settings must not stop the processes that run with theirs
            may_pass = isinstance(error, WrongAddressError)  # a network in trouble: retried without an operator
            trials = trial.trials + 1 if trial and may_pass else 0
            raise self._stop("errors" if may_pass else "credentials", str(error), trials=trials) from error
        except _ANSWERS:
            self._succeed(trial, outer, proves=proves)
            raise
        except TemporaryError:
            if outer is None:
                self._note_failure(trial)
            raise
        finally:
            self._thread.trial = outer

    def find_endpoint_stop(self, name: str) -> Stop | None:
        """Find the stop of an endpoint, as it was when this thread's passage began, or None."""
        stops: tuple[Stop, ...] = getattr(self._thread, "stops", ())
        return next((stop for stop in stops if stop.verb == name), None)

    def claim_endpoint_trial(self, stop: Stop, scopes: frozenset[str]) -> bool:
        """Claim the one trial call of a stopped endpoint; return whether the scopes of the token have changed.

        The trial is allowed when the scopes have changed, or when an operator has resumed the account. Raises
        AccountStoppedError otherwise.
        """
        if not self.is_by_hand:
            self._claim(stop, self._fingerprint_of(scopes))
        return stop.fingerprint != self._fingerprint_of(scopes)

    def stop_endpoint(self, name: str, error: MissingScopesError, scopes: frozenset[str]) -> AccountStoppedError:
        """Stop one endpoint, for which the app lacks scopes, and build the error that says so."""
        return self._stop("scopes", str(error), endpoint=name, fingerprint=self._fingerprint_of(scopes))

    def end(self, stop: Stop) -> None:
        """End a stop: Zoom has answered. If the database cannot store that, the next trial ends it."""
        with _in_passing("stop_not_ended"), self._database.begin() as connection:
            now = self._database.now(connection)
            if end_stop(connection, stop, now, after_call=latest_call(connection)):
                clear_alert(connection, alert_of(stop).key, now)
                self._on_resumed(connection, self._account, now)

    def grant_endpoint_trials(self, names: Iterable[str]) -> None:
        """Allow trial calls of these endpoints at once, and resume the runs that wait: the app has the scopes."""
        with self._database.begin() as connection:
            now = self._database.now(connection)
            stopped_names = {stop.verb for stop in load_stops(connection, self._account)} & set(names)
            for name in stopped_names:
                grant_trials(connection, self._account, now, verb=name)
            if stopped_names:
                self._on_resumed(connection, self._account, now)

    @property
    def is_by_hand(self) -> bool:
        """Whether this thread's calls are made by hand: an operator checks, and failures stop nothing."""
        return getattr(self._thread, "by_hand", False)

    def _fingerprint_of(self, scopes: frozenset[str]) -> str:
        return self._box.fingerprint(*sorted(scopes))

    def _enter(self) -> Stop | None:
        with self._database.read() as connection:
            self._thread.stops = load_stops(connection, self._account)
        stop = _of_account(self._thread.stops)
        if stop is not None and stop.is_pause:
            raise stopped(stop)
        if stop is None or self.is_by_hand:
            return stop
        return self._claim(stop, self.fingerprint)

    def _claim(self, stop: Stop, fingerprint: str) -> Stop:
        with self._database.begin() as connection:
            now = self._database.now(connection)
            until = now + timedelta(seconds=2 * self._waits.deadline_s + 5)
            if not _is_due(stop, now, fingerprint):
                raise stopped(stop)
            if not claim_trial(connection, stop, fingerprint=fingerprint, until=until):
                raise stopped(replace(stop, retry_at=until))
        return replace(stop, fingerprint=fingerprint, retry_at=until)

    def _succeed(self, trial: Stop | None, outer: Stop | None, *, proves: bool) -> None:
        if proves and trial is not None:
            self.end(trial)
        elif not proves and outer is None:
            self._hand_on(trial)

    def _note_failure(self, trial: Stop | None) -> None:
        """Count a failed call. A failure to count it must not hide the first failure."""
        with suppress(TemporaryError):
            if self.is_by_hand:
                return
            if self._is_cut_off():  # neither Zoom nor the account is at fault: other processes get answers
                self._hand_on(trial)
            elif trial is not None:
                with self._database.begin() as connection:
                    retry_at = self._database.now(connection) + self._pause(trial.trials + 1)
                    postpone_trial(connection, trial, retry_at, trials=trial.trials + 1)
            else:
                failed = self._count_failures()
                if failed >= TOO_MANY:
                    self._stop("errors", f"{failed} of its latest calls to Zoom failed.")

    def _count_failures(self) -> int:
        with self._database.read() as connection:
            after = find_after_call(connection, self._account)
            since = self._clock.now() - WINDOW
            answers = load_answers(connection, self._account, after=after, since=since, limit=LATEST)
        return sum(answer.status is None or answer.status >= 500 or answer.strange for answer in answers)

    def _stop(
        self, cause: Cause, reason: str, *, endpoint: str = "", fingerprint: str | None = None, trials: int = 0
    ) -> AccountStoppedError:
        with self._database.begin() as connection:
            now = self._database.now(connection)
            stop = Stop(
                account=self._account,
                verb=endpoint,
                cause=cause,
                sentence=reason.rstrip(".") + ".",
                since=now,
                fingerprint=fingerprint or self.fingerprint,
                retry_at=now + self._pause(trials) if cause == "errors" else None,
                trials=trials,
            )
            save_stop(connection, stop)
            error = stopped(stop)
            raise_alert(connection, alert_of(stop), now)
        return error

    def _hand_on(self, trial: Stop | None) -> None:
        """Let the next call be the trial, if this thread still holds it: this call has proved nothing."""
        if trial is not None:
            with _in_passing("trial_not_handed_on"), self._database.begin() as connection:
                now = self._database.now(connection)
                claim_trial(connection, trial, fingerprint=trial.fingerprint, until=now)

    def _pause(self, trials: int) -> timedelta:
        return timedelta(seconds=min(LONGEST_PAUSE_S, self._waits.trial_s * 2 ** min(trials, 20)))


@contextmanager
def _in_passing(event: str) -> Iterator[None]:
    """Log a failure to store the block's change. Zoom has answered, and this must not turn that into a failure."""
    try:
        yield
    except TemporaryError as error:
        log.warning(event, reason=str(error))


def _is_due(stop: Stop, now: datetime, fingerprint: str) -> bool:
    if stop.is_pause:
        return False
    return stop.fingerprint != fingerprint or (stop.retry_at is not None and stop.retry_at <= now)


def _of_account(stops: tuple[Stop, ...]) -> Stop | None:
    return next((stop for stop in stops if not stop.verb), None)
