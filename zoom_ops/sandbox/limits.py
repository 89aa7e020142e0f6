"""Zoom's rate limits: per account and label, per host and UTC day, per registrant and UTC day.

Without the option `limits` the calls are counted but never refused.
"""

from datetime import datetime, timedelta

from .account import Account
from .calls import Pairs, Refusal
from .contract import Operation
from .records import User

PER_SECOND = {
    "pro": {"LIGHT": 30, "MEDIUM": 20, "HEAVY": 10},
    "business": {"LIGHT": 80, "MEDIUM": 60, "HEAVY": 40},
}
HEAVY_PER_DAY = {"pro": 30_000, "business": 60_000}
HOST_PER_DAY = 100
REGISTRANT_PER_DAY = 3
REGISTRANT_STATUS_PER_DAY = 10
_WINDOW = timedelta(seconds=1)


def count_call(account: Account, operation: Operation) -> Pairs:
    """Count a call on its label, and return the rate-limit headers of the reply.

    Raise `Refusal` (429) at the limit of the second or, for HEAVY, of the day. A refused call is not counted.
    """
    label = operation.label or "LIGHT"
    plan, now = account.options.plan, account.now()
    limit = PER_SECOND[plan][label]
    recent = account.counters.recent[label]
    while recent and recent[0] <= now - _WINDOW:
        recent.popleft()
    if account.options.limits and len(recent) >= limit:
        raise too_fast(label, limit)
    if label == "HEAVY":
        _count_today(account, ("heavy",), HEAVY_PER_DAY[plan], daily("HEAVY", HEAVY_PER_DAY[plan], now))
    recent.append(now)
    return rate_headers(label, "QPS", limit, max(0, limit - len(recent)))


def count_host_day(account: Account, host: User) -> None:
    """Count a create or update of a host. Raise `Refusal` (429) after 100 on one UTC day."""
    _count_today(account, ("host", host.id), HOST_PER_DAY, host_day(account.options.plan))


def count_registrant(account: Account, webinar_id: int, email: str) -> None:
    """Count a registration of an e-mail address for a webinar. Raise `Refusal` (429) after 3 on one UTC day."""
    subject = ("registrant", str(webinar_id), email.lower())
    _count_today(account, subject, REGISTRANT_PER_DAY, registrant_day(email))


def count_registrant_status(account: Account, webinar_id: int, registrant: str) -> None:
    """Count a status change of a registrant of a webinar. Raise `Refusal` (429) after 10 on one UTC day."""
    refusal = daily("MEDIUM", REGISTRANT_STATUS_PER_DAY, account.now())
    _count_today(account, ("status", str(webinar_id), registrant), REGISTRANT_STATUS_PER_DAY, refusal)


def too_fast(label: str, limit: int) -> Refusal:
    """Build the error of the per-second limit."""
    message = "You have reached the maximum per-second rate limit for this API. Try again later."
    return Refusal(429, 429, message, headers=rate_headers(label, "QPS", limit, 0))


def daily(label: str, limit: int, now: datetime) -> Refusal:
    """Build the error of a daily limit. `Retry-After` is the next UTC midnight as an instant, not seconds."""
    message = "You have reached the maximum daily rate limit for this API."
    advice = "Refer to the response header for details on when you can make another request."
    midnight = (now + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    headers = (*rate_headers(label, "Daily-limit", limit, 0), ("Retry-After", midnight))
    return Refusal(429, 429, f"{message} {advice}", headers=headers)


def host_day(plan: str) -> Refusal:
    """Build the error of a host's daily limit. As observed at Zoom, its headers do not show that limit."""
    message = (
        "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this "
        "particular user. You may resume these requests at GMT 00:00:00."
    )
    limit = PER_SECOND[plan]["LIGHT"]
    headers = (
        ("X-RateLimit-Category", "Light"),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(limit - 1)),
    )
    return Refusal(429, 429, message, headers=headers)


def registrant_day(email: str) -> Refusal:
    """Build the error of a registrant's daily limit."""
    message = (
        "You have exceeded the daily rate limit of (3) for Add a webinar registrant API requests for the registrant "
        f"({email}). You can resume these API requests at GMT 00:00:00."
    )
    return Refusal(429, 429, message)


def concurrent() -> Refusal:
    """Build the error for a request to a resource that another request is changing."""
    reason = "A request to perform this operation has already been made for this resource."
    return Refusal(429, 429, f"Too many concurrent requests. {reason}")


def rate_headers(label: str, kind: str, limit: int, remaining: int) -> Pairs:
    """Build the headers that show a caller its limit and the calls that remain."""
    return (
        ("X-RateLimit-Category", label.capitalize()),
        ("X-RateLimit-Type", kind),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
    )


def _count_today(account: Account, subject: tuple[str, ...], limit: int, refusal: Refusal) -> None:
    key = (*subject, account.now().date().isoformat())
    if account.options.limits and account.counters.of_day[key] >= limit:
        raise refusal
    account.counters.of_day[key] += 1
