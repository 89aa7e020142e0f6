"""The API: from a call to Zoom's answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from zoom_ops.sandbox import panelists, recordings, tokens, users, webinars
from zoom_ops.sandbox.calls import Call, Json, Refusal, Reply
from zoom_ops.sandbox.contract import Operation, check_body, check_query, find_operation, unrecognised
from zoom_ops.sandbox.limits import count_call
from zoom_ops.sandbox.state import Account
from zoom_ops.sandbox.tokens import OAuthRefusal, check_bearer

API_ROOT = "/v2"

Answer = Callable[[Account, Call], Reply]

ANSWERS: Mapping[str, Answer] = {
    "users": users.list_users,
    "user": users.get_user,
    "userSettings": users.get_settings,
    "webinars": webinars.list_webinars,
    "webinarCreate": webinars.create_webinar,
    "webinar": webinars.get_webinar,
    "webinarUpdate": webinars.update_webinar,
    "webinarDelete": webinars.delete_webinar,
    "webinarPanelists": panelists.list_panelists,
    "webinarPanelistCreate": panelists.add_panelists,
    "webinarPanelistsDelete": panelists.remove_panelists,
    "webinarPanelistDelete": panelists.remove_panelist,
    "recordingGet": recordings.get_recording,
    "recordingsList": recordings.list_recordings,
    "recordingDelete": recordings.delete_recording,
    "recordingDeleteOne": recordings.delete_file,
    "recordingStatusUpdate": recordings.recover_recording,
    "recordingStatusUpdateOne": recordings.recover_file,
}
_TOKEN_PATHS: Mapping[tuple[str, str], Answer] = {
    ("POST", "/oauth/token"): tokens.issue_token,
    ("POST", "/oauth/revoke"): tokens.revoke_token,
}


def is_api(path: str) -> bool:
    """Tell whether a path is the API's or the token endpoint's."""
    return path.startswith(f"{API_ROOT}/") or path.startswith("/oauth/")


def without_root(path: str) -> str:
    """Tell a path as the documentation writes it: without `/v2`."""
    return path.removeprefix(API_ROOT)


def answer(account: Account, call: Call) -> Reply:
    """Answer a call as Zoom would; the account is held."""
    account.callers_base = call.base
    try:
        if call.path.startswith("/oauth/"):
            return _answer_token_call(account, call)
        return _answer_operation(account, call)
    except (Refusal, OAuthRefusal) as refusal:
        return refusal.reply()


def label_of(call: Call) -> str | None:
    """Tell the rate-limit label of a call, None for one that has none."""
    try:
        found = find_operation(call.method, without_root(call.path))
    except Refusal:
        return None
    return found[0].label or "LIGHT" if found else None


def host_of(account: Account, call: Call) -> str | None:
    """Tell the e-mail of the user whom a call concerns."""
    try:
        found = find_operation(call.method, without_root(call.path))
    except Refusal:
        return None
    parts = found[1] if found else {}
    if "userId" in parts:
        user = account.find_user(parts["userId"])
        return user.email if user else None
    name = parts.get("webinarId") or parts.get("meetingId") or parts.get("meetingUUID")
    webinar = account.webinar_of(name) if name else None
    return webinar.host.email if webinar else None


def _answer_token_call(account: Account, call: Call) -> Reply:
    wanted = _TOKEN_PATHS.get((call.method, call.path))
    if wanted is None:
        raise unrecognised()
    return wanted(account, call)


def _answer_operation(account: Account, call: Call) -> Reply:
    found = find_operation(call.method, without_root(call.path))
    if found is None or found[0].id not in ANSWERS:
        raise unrecognised()
    operation, parts = found
    check_bearer(account, call, operation)
    headers = count_call(account, operation)
    try:
        reply = ANSWERS[operation.id](account, _checked(operation, parts, call))
    except Refusal as refusal:
        reply = refusal.reply()
    told = {name for name, _ in reply.headers}
    if "X-RateLimit-Category" in told:  # a limit of its own speaks for itself
        return reply
    return replace(reply, headers=(*reply.headers, *headers))


def _checked(operation: Operation, parts: Mapping[str, str], call: Call) -> Call:
    params: Json = check_query(operation, call.query)
    return replace(call, parts=parts, params=params, fields=check_body(operation, call.body))
