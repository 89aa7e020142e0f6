"""Profiles: the settings that a kind of webinar gets (`config/profiles/*.toml`)."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from ..explain import iter_fields, suggest
from ..toml import TomlFile, parse_toml
from ..webinars import Settings, flatten_settings
from .webinar_settings import WebinarSettings

Owner = Literal["ours", "zoom"]
Join = Literal["invitation", "members", "public"]
RecordingType = Literal[
    "shared_screen_with_speaker_view(CC)", "shared_screen_with_speaker_view", "shared_screen_with_gallery_view",
    "active_speaker", "gallery_view", "shared_screen", "audio_only", "audio_transcript", "chat_file", "poll",
    "host_video", "closed_caption", "timeline", "thumbnail", "audio_interpretation", "summary", "summary_next_steps",
    "summary_smart_chapters", "sign_interpretation", "production_studio",
]  # fmt: skip

# fields that may drift, beside the settings
WEBINAR_FIELDS = ("topic", "agenda", "start", "duration", "timezone", "license_type")
INHERITED = (  # a create that omits one gets the account's value (Zoom's changelog, 15 March 2026)
    "panelist_authentication",
    "meeting_authentication",
    "add_watermark",
    "add_audio_watermark",
    "approval_type",
    "auto_recording",
    "practice_session",
    "on_demand",
    "panelists_invitation_email_notification",
    "enable_session_branding",
)
SETTINGS = "settings"  # in [drift]: all settings


class Profile(BaseModel):
    """The settings that a kind of webinar gets. The fields are the keys of a profile file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str = Field(description="The name of the file, without its ending.")
    buffer_minutes: int = Field(default=15, ge=0, description="Minutes free between two webinars of one host.")
    capacity: int = Field(default=0, ge=0, description="Attendees that the host's licence must allow.")
    license_type: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="The licence that the webinar uses, where hosts have several: Zoom's `license_type`. Zoom publishes"
        " no list of its values; take the one that Zoom tells of a webinar made with that licence.",
    )
    recording_types: tuple[RecordingType, ...] = Field(
        default=(
            "shared_screen_with_speaker_view",
            "shared_screen_with_speaker_view(CC)",
            "shared_screen_with_gallery_view",
            "active_speaker",
            "gallery_view",
            "shared_screen",
            "audio_only",
        ),
        strict=False,  # TOML has lists
        min_length=1,
        description="Which recording file counts: the first of these that there is.",
    )
    min_recording_minutes: int = Field(default=1, ge=0, description="Shorter recordings are crumbs: left out.")
    trim_notice_minutes: int = Field(
        default=10,
        ge=0,
        description="A recording that begins more minutes than this before the event may hold a rehearsal:"
        " `early_recording` says what is done with it.",
    )
    early_recording: Literal["publish", "hold"] = Field(
        default="publish",
        description="`publish`: a recording that begins early is published, and operators get a notice."
        " `hold`: an operator approves it first.",
    )
    review: Literal["none", "required"] = Field(
        default="none", description="`required`: an operator approves each recording before it is published."
    )
    publish_after_minutes: int = Field(
        default=0, ge=0, description="Minutes between the end of a webinar and its recording on the page."
    )
    wait_for_transcript: bool = Field(default=False, description="Publish only when there is a transcript, too.")
    restricted_recordings: Literal["publish", "hold"] = Field(
        default="publish",
        description="A recording that opens only for people who sign in to Zoom, who register there or who belong to"
        " the Zoom account: `publish` it, and its page says so, or `hold` it until it is shared publicly.",
    )
    join: Join = Field(
        default="invitation",
        description="Whom the event page leads into the webinar, or to its registration where it asks for one:"
        " `public` everybody, `members` who is signed in, `invitation` nobody: people join by the link they were sent.",
    )
    tell_people_of_cancellation: bool = Field(
        default=True, description="Zoom writes to panelists and registrants when a webinar is cancelled."
    )
    tell_registrants_of_moves: bool = Field(
        default=True, description="Zoom writes to registrants when a webinar gets another time."
    )
    tell_panelists_of_moves: Literal["no", "resend"] = Field(
        default="no",
        description="Zoom tells no panelist of a move. `resend`: panelists are removed and added again, so that Zoom"
        " mails new invitations with new links.",
    )
    name_tags: bool = Field(
        default=False,
        description="Panelists are added with a name tag: name, role, organization. Zoom shows it where the account has"
        " session branding (`enable_session_branding`).",
    )
    webinar_due_days: int = Field(
        default=7, ge=0, le=365, description="Days before its start from which an event without a webinar is late."
    )
    webinar_must_hours: int = Field(
        default=24, ge=0, le=720, description="Hours before its start from which that is critical."
    )
    speakers_due_hours: int = Field(
        default=24, ge=0, le=720, description="Hours before the start from which speakers without a seat are late."
    )
    start_due_minutes: int = Field(
        default=10,
        ge=0,
        le=1440,
        description="Minutes after the start from which a webinar that has not begun is late.",
    )
    recording_due_hours: int | None = Field(
        default=None,
        ge=0,
        le=720,
        description="Hours from the end, beyond twice its length, from which the recording is late. Without it, the"
        " setting `RECORDING_MARGIN_S` counts.",
    )
    as_account: tuple[str, ...] = Field(
        default=(),
        strict=False,  # TOML has lists
        description="Settings that are left to the account on purpose. Without this, one that decides who gets in or"
        " what is shown must be in `[settings]`; `doctor` names those that are in neither.",
    )
    settings: tuple[tuple[str, Any], ...] = Field(  # `webinars.Settings`
        default=(), description="The table of the webinar's settings, see below."
    )
    drift: tuple[tuple[str, Owner], ...] = Field(
        default=(),
        description="The table of who wins, field by field, where a webinar was changed at Zoom: `ours` or `zoom`.",
    )

    @property
    def omitted(self) -> tuple[str, ...]:
        """The settings of INHERITED that the profile neither asks for nor leaves to the account."""
        named = {name for name, _ in self.settings}
        return tuple(name for name in INHERITED if name not in named and name not in self.as_account)

    def owner(self, field: str) -> Owner:
        """Return which side wins when a field of the webinar was changed at Zoom: `ours`, unless [drift] says `zoom`.

        `field` is a webinar field ("topic") or the dotted name of a setting, with or without "settings." before it.
        The nearest entry of [drift] decides: of the field, of a table that holds it, or "settings" for all settings.
        """
        owners = dict(self.drift)
        name = field.removeprefix(f"{SETTINGS}.")
        while name:
            if name in owners:
                return owners[name]
            name = name.rpartition(".")[0]
        return "ours" if field in WEBINAR_FIELDS else owners.get(SETTINGS, "ours")


def parse_profile(text: str, file: str) -> Profile:
    """Parse a profile file, which names the profile. Raises BadInputError with file, line and what was expected."""
    toml = parse_toml(text, file)
    for key in toml.values:
        if key == "name":
            raise toml.wrong("A profile is called as its file is: take this line out.", (key,))
        if key in WebinarSettings.model_fields:
            raise toml.wrong(f"{key} is a setting of the webinar: it belongs under [settings].", (key,))
    for name in toml.values.get("as_account", ()):
        if isinstance(name, str) and name not in WebinarSettings.model_fields:
            known = WebinarSettings.model_fields
            raise toml.wrong(f"as_account knows no setting {name!r}.{suggest(name, known)}", ("as_account",))
    table = toml.validate(WebinarSettings, _table(toml, SETTINGS), (SETTINGS,))
    settings = flatten_settings(table.model_dump(exclude_none=True, exclude_unset=True))
    values = {**toml.values, "settings": settings, "drift": _parse_drift(toml), "name": PurePath(file).stem}
    return toml.validate(Profile, values)


def _parse_drift(toml: TomlFile) -> Settings:
    owners = flatten_settings(_table(toml, "drift"))
    names = [name for name, _ in iter_fields(WebinarSettings)]
    settings = dict.fromkeys(part for name in names for part in (name.partition(".")[0], name))  # and their tables
    known = (*WEBINAR_FIELDS, SETTINGS, *settings)
    for name, owner in owners:
        path = ("drift", *name.split("."))
        if name not in known:
            raise toml.wrong(f"[drift] knows no field {name!r}.{suggest(name, known)}", path)
        if owner not in get_args(Owner):
            raise toml.wrong(f"drift.{name}: expected 'ours' or 'zoom', not {owner!r}.", path)
    return owners


def _table(toml: TomlFile, name: str) -> Mapping[str, Any]:
    table = toml.values.get(name, {})
    if not isinstance(table, Mapping):
        raise toml.wrong(f"{name}: expected a table, begun by [{name}].", (name,))
    return table
