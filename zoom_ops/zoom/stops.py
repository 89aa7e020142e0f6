"""What a stop of an account says: to the caller, to operators."""

from datetime import datetime

from ..errors import shorten
from ..messages import Message, as_said
from ..messages import holdups as say
from ..store.accounts.stops import Stop
from ..store.alerts import Alert, Severity
from .errors import AccountStoppedError, EndpointStoppedError

ALERT = "account_stopped"
_LONGEST = 150  # characters of a reason: with what stands around it, the error takes 256


def stopped(stop: Stop) -> AccountStoppedError:
    """Build the error that says why no call is sent, and what to do."""
    error = EndpointStoppedError if stop.cause == "scopes" else AccountStoppedError
    return error(describe_stop(stop), until=stop.retry_at)


def describe_stop(stop: Stop, until: datetime | None = None) -> Message:
    """Say why no call is sent, and what to do, or when one is tried again, if that is told."""
    account, reason = stop.account, shorten(stop.sentence.rstrip(".") + ".", _LONGEST)
    match stop.cause:
        case "errors":
            again = say.AGAIN_AT(until=until) if until else say.AGAIN()
            return say.ACCOUNT_STOPPED_FOR_A_WHILE(account=account, reason=as_said(reason), again=again)
        case "scopes":
            return say.ACCOUNT_STOPPED_FOR_ONE_THING(account=account, reason=as_said(reason))
        case "credentials":
            return say.ACCOUNT_STOPPED(account=account, reason=as_said(reason))
        case "paused":
            return say.ACCOUNT_PAUSED(account=account, who=stop.by, note=stop.sentence.rstrip("."))


def alert_of(stop: Stop) -> Alert:
    """Build the alert of a stop."""
    severity: Severity = "warning" if stop.verb else "critical"  # of one verb: the rest of the account works
    return Alert(
        kind=ALERT,
        account=stop.account,
        subject=stop.verb or None,
        message=describe_stop(stop),
        severity=severity,
        cause=stop.verb,
    )
