"""Zoom's rate limits: per account and label, per host and UTC day, per registrant and UTC day.

Without the option `limits` the calls are counted but never refused.
"""

from datetime import datetime, timedelta

from .account import Account
from .calls import Refusal
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

Headers = tuple[tuple[str, str], ...]

PER_SECOND_MESSAGE = "You have reached the maximum per-second rate limit for this API. Try again later."
DAILY_MESSAGE = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when "
    "you can make another request."
)
HOST_DAY_MESSAGE = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular "
    "user. You may resume these requests at GMT 00:00:00."
)
REGISTRANT_MESSAGE = (
    "You have exceeded the daily rate limit of (3) for Add a webinar registrant API requests for the registrant ({}). "
    "You can resume these API requests at GMT 00:00:00."
)
CONCURRENT_MESSAGE = (
    "Too many concurrent requests. A request to perform this operation has already been made for this resource."
)


def count_call(account: Account, operation: Operation) -> Headers:
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
        _count_heavy(account)
    recent.append(now)
    return rate_headers(label, "QPS", limit, max(0, limit - len(recent)))


def count_host_day(account: Account, host: User) -> None:
    """Count a create or update of a host. Raise `Refusal` (429) after 100 on one UTC day."""
    key = ("host", host.id, _day(account))
    if account.options.limits and account.counters.of_day[key] >= HOST_PER_DAY:
        raise host_day(account.options.plan)
    account.counters.of_day[key] += 1


def count_registrant(account: Account, webinar_id: int, email: str) -> None:
    """Count a registration of an e-mail address for a webinar. Raise `Refusal` (429) after 3 on one UTC day."""
    key = ("registrant", str(webinar_id), email.lower(), _day(account))
    if account.options.limits and account.counters.of_day[key] >= REGISTRANT_PER_DAY:
        raise registrant_day(email)
    account.counters.of_day[key] += 1


def count_registrant_status(account: Account, webinar_id: int, registrant: str) -> None:
    """Count a status change of a registrant of a webinar. Raise `Refusal` (429) after 10 on one UTC day."""
    key = ("status", str(webinar_id), registrant, _day(account))
    if account.options.limits and account.counters.of_day[key] >= REGISTRANT_STATUS_PER_DAY:
        raise daily("MEDIUM", REGISTRANT_STATUS_PER_DAY, account.now())
    account.counters.of_day[key] += 1


def too_fast(label: str, limit: int) -> Refusal:
    """Build the error of the per-second limit."""
    return Refusal(429, 429, PER_SECOND_MESSAGE, headers=rate_headers(label, "QPS", limit, 0))


def daily(label: str, limit: int, now: datetime) -> Refusal:
    """Build the error of a daily limit. `Retry-After` is the next UTC midnight as an instant, not seconds."""
    midnight = (now + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
    headers = (*rate_headers(label, "Daily-limit", limit, 0), ("Retry-After", midnight))
    return Refusal(429, 429, DAILY_MESSAGE, headers=headers)


def host_day(plan: str) -> Refusal:
    """Build the error of a host's daily limit. As observed at Zoom, its headers do not show that limit."""
    limit = PER_SECOND[plan]["LIGHT"]
    headers = (
        ("X-RateLimit-Category", "Light"),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(limit - 1)),
    )
    return Refusal(429, 429, HOST_DAY_MESSAGE, headers=headers)


def registrant_day(email: str) -> Refusal:
    """Build the error of a registrant's daily limit."""
    return Refusal(429, 429, REGISTRANT_MESSAGE.format(email))


def concurrent() -> Refusal:
    """Build the error for a request to a resource that another request is changing."""
    return Refusal(429, 429, CONCURRENT_MESSAGE)


def rate_headers(label: str, kind: str, limit: int, remaining: int) -> Headers:
    """Build the headers that show a caller its limit and the calls that remain."""
    return (
        ("X-RateLimit-Category", label.capitalize()),
        ("X-RateLimit-Type", kind),
        ("X-RateLimit-Limit", str(limit)),
        ("X-RateLimit-Remaining", str(remaining)),
    )


def _count_heavy(account: Account) -> None:
    limit = HEAVY_PER_DAY[account.options.plan]
    key = ("heavy", _day(account))
    if account.options.limits and account.counters.of_day[key] >= limit:
        raise daily("HEAVY", limit, account.now())
    account.counters.of_day[key] += 1


def _day(account: Account) -> str:
    return account.now().date().isoformat()
