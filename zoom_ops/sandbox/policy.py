"""What an account at Zoom allows: locked settings, inherited defaults, licences, rights, recordings.

A policy is a TOML file (`zoom-ops sandbox --policy FILE`) or the body of `POST /_sandbox/policy`. Whatever it leaves
out behaves as at the strictest ordinary account.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ..errors import BadInputError
from ..explain import suggest
from ..toml import parse_toml

DEFAULT_SETTINGS: dict[str, Any] = {
    "host_video": False,
    "panelists_video": True,
    "approval_type": 2,
    "registration_type": 1,
    "audio": "both",
    "auto_recording": "none",
    "enforce_login": False,
    "enforce_login_domains": "",
    "alternative_hosts": "",
    "alternative_host_update_polls": False,
    "close_registration": False,
    "show_share_button": True,
    "show_join_info": False,
    "allow_multiple_devices": True,
    "practice_session": False,
    "hd_video": False,
    "hd_video_for_attendees": False,
    "send_1080p_video_to_attendees": False,
    "question_and_answer": {
        "enable": True,
        "allow_submit_questions": True,
        "allow_anonymous_questions": True,
        "answer_questions": "all",
        "attendees_can_comment": False,
        "attendees_can_upvote": False,
        "allow_auto_reply": False,
        "auto_reply_text": "",
    },
    "registrants_confirmation_email": True,
    "registrants_email_notification": True,
    "registrants_restrict_number": 0,
    "on_demand": False,
    "request_permission_to_unmute_participants": False,
    "allow_host_control_participant_mute_state": False,
    "global_dial_in_countries": ["US"],
    "global_dial_in_numbers": [
        {"country_name": "US", "city": "New York", "number": "+1 6465550100", "type": "toll", "country": "US"}
    ],
    "contact_name": "",
    "contact_email": "",
    "email_language": "en-US",
    "post_webinar_survey": False,
    "survey_url": "",
    "meeting_authentication": False,
    "panelist_authentication": False,
    "add_watermark": False,
    "add_audio_watermark": False,
    "enable_session_branding": False,
    "email_in_attendee_report": False,
    "additional_data_center_regions": [],
    "audio_conference_info": "",
    "panelists_invitation_email_notification": True,
    "attendees_and_panelists_reminder_email_notification": {"enable": False, "type": 0},
    "follow_up_attendees_email_notification": {"enable": False, "type": 0},
    "follow_up_absentees_email_notification": {"enable": False, "type": 0},
    "language_interpretation": {"enable": False},
    "sign_language_interpretation": {"enable": False},
}
"""The settings of a webinar where neither request, policy nor account say anything."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsPolicy(_Table):
    """Settings of webinars. Names are dotted: `question_and_answer.enable`."""

    locked: dict[str, Any] = Field(default={}, description="Settings with the only value that Zoom keeps.")
    inherited: dict[str, Any] = Field(default={}, description="What a new webinar gets for a setting left out.")

    @field_validator("locked", "inherited")
    @classmethod
    def _known(cls, settings: dict[str, Any]) -> dict[str, Any]:
        for name in flattened(settings):
            if complaint := _find_unknown(name):
                raise ValueError(complaint)
        return settings


class PeoplePolicy(_Table):
    """Panelists: whose addresses Zoom shows, and whom it takes."""

    blank_emails: bool | Literal["guests"] | tuple[str, ...] = Field(
        default=False,
        description="Whose addresses the list of panelists withholds: true (all), `guests` (who is no user), or these.",
    )
    refused_emails: tuple[str, ...] = Field(default=(), description="Addresses for which a whole call is refused.")
    most_panelists: int = Field(default=100, ge=0, description="The most panelists of a webinar.")


class Policy(_Table):
    """The policy of an account."""

    settings: SettingsPolicy = SettingsPolicy()
    people: PeoplePolicy = PeoplePolicy()

    def merged(self, changes: Mapping[str, Any]) -> "Policy":
        """Return this policy with some keys of some tables changed. Raises pydantic's ValidationError."""
        tables = self.model_dump()
        for name, table in changes.items():
            both = isinstance(table, Mapping) and isinstance(tables.get(name), dict)
            tables[name] = {**tables[name], **table} if both else table
        return Policy.model_validate(tables)


def load_policy(path: Path | str) -> Policy:
    """Load a policy file. Raises BadInputError with file, line and, for an unknown key, the nearest known one."""
    file = str(path)
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"The policy file cannot be read: {error}", file=file) from error
    toml = parse_toml(text, file)
    tables = toml.values.get("settings", {})
    for table in ("locked", "inherited"):
        settings = tables.get(table, {}) if isinstance(tables, Mapping) else {}
        for name, keys in flattened(settings).items() if isinstance(settings, Mapping) else ():
            if complaint := _find_unknown(name):
                raise toml.wrong(complaint, ("settings", table, *keys))
    return toml.validate(Policy, toml.values)


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Nest dotted names as Zoom's `settings` object does. Nested tables stay as they are."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        place = tree
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return tree


def flattened(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return the dotted name of each setting in nested tables, with the keys that lead to it."""
    names: dict[str, tuple[str, ...]] = {}
    for key, value in tree.items():
        path = (*above, key)
        names |= flattened(value, path) if isinstance(value, Mapping) and value else {".".join(path): path}
    return names


def _find_unknown(name: str) -> str | None:
    known = flattened(DEFAULT_SETTINGS)
    tables = {key for key, value in DEFAULT_SETTINGS.items() if isinstance(value, dict)}
    if name in known or name.partition(".")[0] in tables:
        return None
    return f"Zoom has no setting {name!r} of webinars.{suggest(name, known)}"
