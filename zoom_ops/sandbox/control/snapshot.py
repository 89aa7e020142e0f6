"""A picture of everything in the sandbox, for tests that count."""

from ..account import Account
from ..api.recordings import share_url
from ..calls import Json
from ..records import Instance, Recording, Webinar
from ..zones import write_instant

_SHOWN = ("id", "uuid", "topic", "agenda", "type", "start_time", "duration", "timezone", "settings")


def snapshot(account: Account) -> Json:
    """Take the picture: JSON, with every secret that was handed out in one list."""
    webinars = list(account.webinars.values())
    return {
        "now": write_instant(account.now()),
        "users": [
            {"id": user.id, "email": user.email, "webinar": user.webinar, "capacity": user.capacity}
            for user in account.users.values()
        ],
        "webinars": [_webinar(one) for one in webinars if not one.deleted],
        "deleted_webinars": [_webinar(one) for one in webinars if one.deleted],
        "recordings": [_recording(account, one) for one in account.instances() if one.recording],
        "tokens": [
            {name: token[name] for name in ("client_id", "at", "expires_at", "revoked")}
            for token in account.tokens.values()
        ],
        "secrets": list(account.names.handed_out),
        "notifications": [
            {"request_id": one.request_id, "event": one.event, "attempts": one.attempts}
            for one in account.notifications
        ],
        "subscription": {
            "validated": account.subscription.validated is not None,
            "failures": account.subscription.failures,
            "disabled": account.subscription.disabled,
        },
    }


def _webinar(webinar: Webinar) -> Json:
    fields = {name: webinar.fields[name] for name in _SHOWN if name in webinar.fields}
    return {
        "start_time": None,
        **fields,
        "host": webinar.host.email,
        "created_at": webinar.fields["created_at"],
        "panelists": webinar.panelists,
        "registrants": webinar.registrants,
        "invitations": webinar.invitations,
        "instances": [
            {
                "uuid": one.uuid,
                "start_time": write_instant(one.start),
                "end_time": write_instant(one.end),
                "live": one.live,
                "practice": one.practice,
            }
            for one in webinar.instances
        ],
    }


def _recording(account: Account, instance: Instance) -> Json:
    recording = instance.recording
    assert recording is not None  # noqa: S101 - the caller has looked
    return {
        "uuid": instance.uuid,
        "id": instance.webinar.id,
        "host": instance.webinar.host.email,
        "start_time": write_instant(instance.start),
        "state": _state(account, recording),
        "share_url": share_url(account, recording),
        "settings": recording.settings,
        "files": [
            {
                **file.fields,
                "state": "deleted" if file.gone else "trashed" if file.trashed else "kept",
            }
            for file in recording.files
        ],
    }


def _state(account: Account, recording: Recording) -> str:
    if recording.ready > account.now():
        return "processing"
    if recording.kept():
        return "completed"
    return "deleted" if all(file.gone for file in recording.files) else "trashed"
