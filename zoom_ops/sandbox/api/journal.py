"""Zoom's log of its deliveries to the webhook address."""

from datetime import UTC, datetime, timedelta

from ..account import Account
from ..calls import Call, Json, Refusal
from ..notifications import NOT_CONNECTED, TIMED_OUT, sign
from ..paging import TOKEN_ONLY, page_of
from ..records import Notification
from ..zones import write_instant

LOG_LIFE = timedelta(days=7)
_ALL, _FAILED, _SUCCEEDED = 1, 2, 3
_TIMED_OUT_REASON, _REFUSED_REASON, _STATUS_REASON = 1, 2, 3


def list_deliveries(account: Account, call: Call) -> Json:
    """Answer `GET /marketplace/apps/{appId}/webhook_logs`: one entry for each attempt, by default only failed ones."""
    first, last = _span(account, call)
    event, retry = call.params.get("event"), call.params.get("retry_num")
    entries = []
    for notification in account.notifications:
        for number, attempt in enumerate(notification.attempts):
            kinds = (_ALL, _SUCCEEDED if 200 <= attempt["status"] < 300 else _FAILED)
            fits = event in (None, notification.event) and retry in (None, number) and call.params["type"] in kinds
            if fits and first.timestamp() <= attempt["at"] <= last.timestamp():
                entries.append(_entry(account, notification, attempt, number))
    return page_of(account, call, "webhook_logs", entries, TOKEN_ONLY)


def _span(account: Account, call: Call) -> tuple[datetime, datetime]:
    now = account.now()
    first, last = _parse_instant(call.params.get("from"), now - LOG_LIFE), _parse_instant(call.params.get("to"), now)
    if last < first:
        raise Refusal(404, 1501, "The 'to' date must be after the 'from' date.")
    if first > now:
        raise Refusal(404, 1504, "The 'from' date must be before the current date(UTC).")
    if first < now - LOG_LIFE - timedelta(minutes=1):
        raise Refusal(404, 1502, "The date range must be within the last seven days.")
    return first, last


def _parse_instant(text: str | None, default: datetime) -> datetime:
    if not text:
        return default
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal(404, 1503, "The dates must follow the format: `yyyy-MM-dd'T'HH:mm:ss'Z'`.") from error


def _entry(account: Account, notification: Notification, attempt: Json, number: int) -> Json:
    status, timestamp = attempt["status"], int(attempt["at"])
    signature = sign(account.options.webhook_secret or "", timestamp, notification.body)
    entry: Json = {
        "event": notification.event,
        "status": status,
        "user_id": account.owner().id,
        "endpoint": account.options.webhook_url,
        "subscription_id": "sandbox",
        "request_headers": f"x-zm-request-timestamp:{timestamp};x-zm-signature:{signature}",
        "request_body": notification.body.decode(),
        "response_headers": "",
        "response_body": "",
        "date_time": write_instant(datetime.fromtimestamp(attempt["at"], UTC)),
        "trace_id": notification.request_id,
        "request_id": notification.request_id,
        "retry_num": number,
    }
    if not 200 <= status < 300:
        reasons = {TIMED_OUT: _TIMED_OUT_REASON, NOT_CONNECTED: _REFUSED_REASON}
        entry["failed_reason_type"] = reasons.get(status, _STATUS_REASON)
    return entry
