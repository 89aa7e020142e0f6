"""A snapshot of the sandbox's state, for tests."""

from ..account import Account
from ..api.recordings import share_url
from ..api.users import has_licence
from ..calls import Json
from ..records import Instance, Recording, Webinar
from ..zones import write_instant

_SHOWN = ("id", "uuid", "topic", "agenda", "type", "start_time", "duration", "timezone", "settings")


def snapshot(account: Account) -> Json:
    """Build the snapshot as JSON. `secrets` lists every secret that was handed out."""
    webinars = list(account.webinars.values())
    return {
        "now": write_instant(account.now()),
        "users": [
            {"id": user.id, "email": user.email, "webinar": has_licence(account, user), "capacity": user.capacity}
            for user in account.users.values()
        ],
        "webinars": [_webinar(webinar) for webinar in webinars if not webinar.deleted],
        "deleted_webinars": [_webinar(webinar) for webinar in webinars if webinar.deleted],
        "recordings": [_recording(account, instance) for instance in account.instances() if instance.recording],
        "tokens": [
            {name: token[name] for name in ("client_id", "at", "expires_at", "revoked")}
            for token in account.tokens.values()
        ],
        "secrets": list(account.names.handed_out),
        "notifications": [
            {"request_id": sent.request_id, "event": sent.event, "attempts": sent.attempts}
            for sent in account.notifications
        ],
        "subscription": {
            "validated": account.subscription.validated is not None,
            "failures": account.subscription.failures,
            "disabled": account.subscription.disabled,
        },
    }


def span(instance: Instance) -> Json:
    """Build the JSON of an instance: its uuid with its start and end."""
    return {
        "uuid": instance.uuid,
        "start_time": write_instant(instance.start),
        "end_time": write_instant(instance.end),
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
        "registrants_told": webinar.registrants_told,
        "instances": [
            {**span(instance), "live": instance.live, "practice": instance.practice} for instance in webinar.instances
        ],
    }


def _recording(account: Account, instance: Instance) -> Json:
    recording = instance.recorded
    return {
        "uuid": instance.uuid,
        "id": instance.webinar.id,
        "host": instance.webinar.host.email,
        "start_time": write_instant(instance.start),
        "state": _state(account, recording),
        "share_url": share_url(account, recording),
        "settings": recording.settings,
        "files": [
            {**file.fields, "state": "deleted" if file.deleted else "trashed" if file.trashed else "kept"}
            for file in recording.files
        ],
    }


def _state(account: Account, recording: Recording) -> str:
    if recording.ready > account.now():
        return "processing"
    if recording.kept():
        return "completed"
    return "deleted" if all(file.deleted for file in recording.files) else "trashed"
