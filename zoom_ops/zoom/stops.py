"""What a stop of an account says: to the caller, to operators."""

from ..errors import MESSAGE_LIMIT, shorten
from ..store.accounts.stops import Stop
from ..store.alerts import Alert, Severity
from .errors import AccountStoppedError, EndpointStoppedError

ALERT = "account_stopped"


def stopped(stop: Stop) -> AccountStoppedError:
    """Build the error that says why no call is sent, and what to do."""
    error = EndpointStoppedError if stop.cause == "scopes" else AccountStoppedError
    return error(" ".join(describe_stop(stop)), until=stop.retry_at)


def describe_stop(stop: Stop) -> tuple[str, str]:
    """Say why no call is sent, and what to do."""
    name = stop.account
    head, tail = {
        "errors": (f"Zoom account {name} is stopped for a while:", "It is tried again by itself."),
        "scopes": (f"Zoom account {name} is stopped for one thing:", f"Then: zoom-ops accounts resume {name}"),
        "credentials": (
            f"Zoom account {name} is stopped:",
            f"Correct it; a variable needs a restart. Or: zoom-ops accounts resume {name}",
        ),
        "paused": (f"Zoom account {name} is paused by {stop.by}:", f"To go on: zoom-ops accounts resume {name}"),
    }[stop.cause]
    reason = shorten(stop.sentence.rstrip(".") + ".", MESSAGE_LIMIT - len(head) - len(tail) - 4)
    return f"{head} {_quote(reason) if stop.cause == 'paused' else reason}", tail


def _quote(note: str) -> str:
    """Quote what an operator wrote, without its full stop."""
    return f"“{note.rstrip('.')}”."


def alert_of(stop: Stop, sentence: str) -> Alert:
    """Build the alert of a stop."""
    severity: Severity = "warning" if stop.verb else "critical"  # of one verb: the rest of the account works
    return Alert(
        kind=ALERT,
        account=stop.account,
        subject=stop.verb or None,
        sentence=sentence,
        severity=severity,
        cause=stop.verb,
    )
