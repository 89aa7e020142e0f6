"""Users of the account with their settings and licences."""

from ..account import Account
from ..calls import Call, Json, Refusal
from ..paging import page_of
from ..records import User
from ..zones import write_instant


def list_users(account: Account, call: Call) -> Json:
    """Answer `GET /users`."""
    account.owner()
    inactive = {"active": False, "inactive": True}.get(call.params["status"])
    users = [user for user in account.users.values() if is_deactivated(account, user) is inactive]
    return page_of(account, call, "users", [_entry(account, user) for user in users])


def get_user(account: Account, call: Call) -> Json:
    """Answer `GET /users/{userId}`."""
    user = require_user(account, call.parts["userId"])
    return {
        **_entry(account, user),
        "account_id": account.account_id,
        "account_number": 123456789,
        "role_name": "Owner" if user is account.owner() else "Member",
        "use_pmi": False,
        "language": "en-US",
        "login_types": [100],
        "phone_number": "",
        "personal_meeting_url": f"{account.public_base()}/j/{_pmi(user)}",
        "cluster": "us02",
        "pronouns_option": 1,
        "jid": f"{user.id.lower()}@xmpp.zoom.us",
    }


def get_settings(account: Account, call: Call) -> Json:
    """Answer `GET /users/{userId}/settings`, with `option` and `custom_query_fields`."""
    user = require_user(account, call.parts["userId"])
    option = call.params.get("option")
    feature = {
        "meeting_capacity": account.policy.features.meeting_capacity,
        "large_meeting": False,
        "webinar": False,
        "zoom_events": False,
        **_licence(account, user),
        "cn_meeting": False,
        "in_meeting": False,
        "zoom_whiteboard": False,
        "zoom_translated_captions": False,
    }
    right = {"cloud_recording": account.policy.recordings.allow(user.email)}
    general = {**_SETTINGS, "recording": {**_SETTINGS["recording"], **right}}
    settings = _BY_OPTION[option] if option else {"feature": feature, **general}
    if option == "recording_authentication":
        settings = {**settings, "recording_authentication": account.policy.recordings.authentication}
    paths = [name.strip() for name in (call.params.get("custom_query_fields") or "").split(",") if name]
    if not paths:
        return settings
    selected = {name: value for name, value in settings.items() if name in paths}
    for path in paths:
        section, _, name = path.partition(".")
        fields = settings.get(section)
        if isinstance(fields, dict) and name in fields:
            selected[section] = {**selected.get(section, {}), name: fields[name]}
    return selected


def require_user(account: Account, name: str) -> User:
    """Get a user. Raise `Refusal` if there is none."""
    user = account.find_user(name)
    if user is None:
        raise Refusal(404, 1001, f"User does not exist: {name}.")
    return user


def require_licence(account: Account, user: User) -> None:
    """Raise `Refusal` if the user has no licence to hold webinars, or is deactivated."""
    if is_deactivated(account, user):
        raise Refusal(404, 1001, f"User does not exist: {user.email}.")
    if not has_licence(account, user):
        message = "Webinar plan is missing. You must subscribe to the webinar plan and enable webinars"
        raise Refusal(400, 200, f"{message} for user {user.id} in order to perform this action.")


def require_host(account: Account, name: str) -> User:
    """Get a user who has a webinar licence. Raise `Refusal` if the user or the licence is missing."""
    user = require_user(account, name)
    require_licence(account, user)
    return user


def has_licence(account: Account, user: User) -> bool:
    """Return whether a user has a licence to hold webinars."""
    return user.webinar and user.email.lower() not in map(str.lower, account.policy.licences.without)


def is_deactivated(account: Account, user: User) -> bool:
    """Return whether a user is deactivated."""
    return user.email.lower() in map(str.lower, account.policy.licences.deactivated)


def _licence(account: Account, user: User) -> Json:
    """Return what names the user's licence. Kinds that end in `unlimited` have several capacities."""
    policy = account.policy.licences
    if not has_licence(account, user):
        return {}
    kind = policy.of.get(user.email, policy.kind)
    if kind.endswith("pay_per_attendee"):
        return {kind: True}
    if kind.endswith("unlimited"):
        return {kind: True, f"{kind}_capacities": list(policy.capacities) or [user.capacity]}
    return {kind: True, f"{kind}_capacity": max(policy.capacities, default=user.capacity)}


def _entry(account: Account, user: User) -> Json:
    words = [word.capitalize() for word in user.name.replace("_", ".").split(".") if word]
    first, last = words[0] if words else "", " ".join(words[1:])
    return {
        "id": user.id,
        "first_name": first,
        "last_name": last,
        "display_name": f"{first} {last}".strip(),
        "email": user.email,
        "type": 2,
        "role_id": "2",
        "pmi": _pmi(user),
        "timezone": user.timezone,
        "verified": 1,
        "dept": "",
        "created_at": write_instant(user.created),
        "user_created_at": write_instant(user.created),
        "last_login_time": write_instant(user.created),
        "group_ids": [],
        "status": "inactive" if is_deactivated(account, user) else "active",
    }


def _pmi(user: User) -> int:
    return 1_000_000_000 + int.from_bytes(user.id.encode()[:4]) % 8_999_999_999


_PASSWORD_RULES: Json = {
    "length": 6,
    "have_letter": False,
    "have_number": False,
    "have_special_character": False,
    "only_allow_numeric": False,
    "have_upper_and_lower_characters": False,
    "consecutive_characters_length": 0,
    "weak_enhance_detection": False,
}
_SETTINGS: Json = {
    "schedule_meeting": {
        "host_video": True,
        "participants_video": False,
        "audio_type": "both",
        "join_before_host": False,
        "require_password_for_scheduling_new_meetings": True,
        "embed_password_in_join_link": True,
        "meeting_password_requirement": _PASSWORD_RULES,
    },
    "in_meeting": {
        "chat": True,
        "closed_caption": True,
        "webinar_polling": {"enable": True, "advanced_polls": True, "allow_alternative_host_to_add_edit": True},
        "webinar_survey": True,
        "webinar_live_streaming": {"enable": True, "live_streaming_service": ["custom_live_streaming_service"]},
        "webinar_chat": {"enable": True, "allow_attendees_chat_with": 1, "allow_panelists_chat_with": 1},
        "language_interpretation": {
            "enable": True,
            "languages": ["English", "Chinese", "French", "Russian", "Spanish"],
            "custom_languages": ["Arabic"],
        },
    },
    "email_notification": {
        "jbh_reminder": True,
        "cancel_meeting_reminder": True,
        "cloud_recording_available_reminder": True,
    },
    "recording": {
        "local_recording": True,
        "cloud_recording": True,
        "record_speaker_view": True,
        "record_gallery_view": False,
        "record_audio_file": True,
        "save_chat_text": True,
        "show_timestamp": False,
        "recording_audio_transcript": True,
        "auto_recording": "none",
        "host_pause_stop_recording": True,
        "auto_delete_cmr": False,
        "recording_password_requirement": {
            "length": 8,
            "have_letter": True,
            "have_number": True,
            "have_special_character": True,
            "only_allow_numeric": False,
        },
    },
    "telephony": {"third_party_audio": False, "audio_conference_info": "", "show_international_numbers_link": True},
    "tsp": {"call_out": False, "call_out_countries": [], "show_international_numbers_link": False},
}
SIGN_IN = {"id": "signIn_D8cJuqWVQ623CI4Q8yQK0Q", "name": "Sign in to Zoom", "type": "enforce_login"}
_OF_ACCOUNT = {"id": "internally_D8cJuqWVQ623CI4Q8yQK0Q", "name": "Only people of this account", "type": "internally"}
_BY_OPTION: dict[str, Json] = {
    "meeting_authentication": {
        "meeting_authentication": False,
        "authentication_options": [{**SIGN_IN, "default_option": True, "visible": True}],
    },
    "recording_authentication": {
        "recording_authentication": False,
        "authentication_options": [
            {**SIGN_IN, "default_option": True, "visible": True},
            {**_OF_ACCOUNT, "default_option": False, "visible": True},
        ],
    },
    "meeting_security": {
        "meeting_security": {
            "auto_security": True,
            "block_user_domain": False,
            "embed_password_in_join_link": True,
            "encryption_type": "enhanced_encryption",
            "end_to_end_encrypted_meetings": False,
            "meeting_password": True,
            "meeting_password_requirement": _PASSWORD_RULES,
            "phone_password": True,
            "pmi_password": True,
            "require_password_for_scheduled_meeting": True,
            "require_password_for_scheduled_webinar": True,
            "waiting_room": False,
            "webinar_password": True,
        }
    },
}
