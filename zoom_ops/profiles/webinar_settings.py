"""The settings of a webinar: every field of `settings` in Zoom's create call."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError


def _not_a_flag(value: Any) -> Any:
    """Reject true and false in place of a number: Python takes them for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "not a whole number")
    return value


Number = BeforeValidator(_not_a_flag)
Flag = bool | None
Approval = Annotated[Literal[0, 1, 2], Number]
Registration = Annotated[Literal[1, 2, 3], Number]
Registrants = Annotated[int, Field(ge=0, le=20000)]
Audio = Literal["both", "telephony", "voip", "thirdParty"]
DialIn = Annotated[str, Field(max_length=2048)]
AutoRecording = Literal["cloud", "local", "none"]
Days = Annotated[Literal[0, 1, 2, 3, 4, 5, 6, 7], Number] | None
Word = Annotated[str, Field(min_length=1)] | None
Words = Annotated[tuple[str, ...], Field(strict=False)] | None  # TOML has lists
Language = Literal[
    "en-US", "de-DE", "es-ES", "fr-FR", "id-ID", "jp-JP", "nl-NL", "pl-PL", "pt-PT", "ru-RU", "tr-TR", "zh-CN",
    "zh-TW", "ko-KO", "it-IT", "vi-VN",
]  # fmt: skip


def _may(description: str) -> Any:
    """Declare a field that a profile may set. If a profile omits it, Zoom's default for the host applies."""
    return Field(default=None, description=description)


def _may_not(sentence: str) -> Any:
    """Declare a field of Zoom's that a profile may not set; `sentence` is the reason."""
    return Field(default=None, deprecated=sentence)


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse(cls, value: Any, place: ValidationInfo) -> Any:
        reason = cls.model_fields[str(place.field_name)].deprecated
        if reason:
            raise PydanticCustomError("refused", "{sentence}", {"sentence": str(reason)})
        return value


class Reminder(_Table):
    """A reminder by e-mail."""

    enable: Flag = _may("Send it.")
    type: Days = _may("When: the sum of 1 (an hour), 2 (a day), 4 (a week before).")


class FollowUp(_Table):
    """An e-mail after the webinar."""

    enable: Flag = _may("Send it.")
    type: Days = _may("Days after the webinar; 0 sends none.")


class QuestionsAndAnswers(_Table):
    """The Q&A panel."""

    enable: Flag = _may("Open the Q&A panel.")
    allow_submit_questions: Flag = _may("Attendees may ask.")
    allow_anonymous_questions: Flag = _may("Attendees may ask without their name.")
    answer_questions: Literal["only", "all"] | None = _may("Attendees see `only` answered or `all` questions.")
    attendees_can_comment: Flag = _may("Attendees may comment on questions.")
    attendees_can_upvote: Flag = _may("Attendees may vote for questions.")
    allow_auto_reply: Flag = _may("Answer each question with `auto_reply_text`.")
    auto_reply_text: Word = _may("The text of the automatic answer.")


class Interpretation(_Table):
    """Interpretation into spoken or signed languages."""

    enable: Flag = _may("Allow interpreters.")
    interpreters: Any = _may_not("interpreters belong to the event: list them among its performers.")


class WebinarSettings(_Table):
    """The table `[settings]` of a profile: every field of `settings` in Zoom's create call."""

    approval_type: Approval | None = _may("Registration: 0 approved at once, 1 by hand, 2 none.")
    registration_type: Registration | None = _may("Registration for a series: 1 once, 2 for each date, 3 choose.")
    registrants_restrict_number: Registrants | None = _may("Most registrants; 0 sets no limit.")
    registrants_email_notification: Flag = _may("Send registrants mails about approval, refusal and cancellation.")
    registrants_confirmation_email: Flag = _may("Confirm registrations; needs `registrants_email_notification`.")
    show_share_button: Flag = _may("Show buttons for sharing on the registration page.")
    show_join_info: Flag = _may("Show how to join on the page that confirms a registration.")
    allow_multiple_devices: Flag = _may("Registrants may join from several devices.")
    email_in_attendee_report: Flag = _may("List e-mail addresses in the attendee report.")
    close_registration: Any = _may_not("Zoom has deprecated it.")
    panelists_invitation_email_notification: Flag = _may("Zoom invites panelists by e-mail, with their own links.")
    attendees_and_panelists_reminder_email_notification: Reminder | None = _may("Remind all who are expected.")
    follow_up_attendees_email_notification: FollowUp | None = _may("Write to those who came.")
    follow_up_absentees_email_notification: FollowUp | None = _may("Write to those who did not come.")
    email_language: Language | None = _may("The language of Zoom's mails.")
    contact_name: Word = _may("Whom registrants may ask.")
    contact_email: Word = _may("Where registrants may ask.")
    auto_recording: AutoRecording | None = _may("Record from the start of the broadcast, and where.")
    practice_session: Flag = _may("Host and panelists meet before the audience is let in.")
    question_and_answer: QuestionsAndAnswers | None = _may("The Q&A panel.")
    language_interpretation: Interpretation | None = _may("Spoken interpretation; the plan must have it.")
    sign_language_interpretation: Interpretation | None = _may("Signed interpretation; the plan must have it.")
    host_video: Flag = _may("Start with the host's video on.")
    panelists_video: Flag = _may("Start with the panelists' video on.")
    hd_video: Flag = _may("HD video for host and panelists.")
    hd_video_for_attendees: Flag = _may("HD video for attendees.")
    send_1080p_video_to_attendees: Flag = _may("1080p video for attendees.")
    audio: Audio | None = _may("How people hear: by telephone, computer, both.")
    audio_conference_info: DialIn | None = _may("How to dial in with `thirdParty` audio.")
    global_dial_in_countries: Words = _may("Countries with a telephone number, as two letters.")
    request_permission_to_unmute_participants: Flag = _may("Ask once for leave to unmute.")
    allow_host_control_participant_mute_state: Flag = _may("The host may unmute without asking.")
    alternative_hosts: Word = _may("Addresses of alternative hosts, licensed users, parted by commas.")
    alternative_host_update_polls: Flag = _may("Alternative hosts may write polls.")
    meeting_authentication: Flag = _may("Only people signed in to Zoom may join.")
    panelist_authentication: Flag = _may("Panelists must be signed in to Zoom.")
    authentication_option: Word = _may("Which way of signing in, by Zoom's id.")
    authentication_domains: Word = _may("Domains whose users may join, parted by commas.")
    enforce_login: Any = _may_not("Zoom has deprecated it: use meeting_authentication.")
    enforce_login_domains: Any = _may_not("Zoom has deprecated it: use authentication_domains.")
    add_watermark: Flag = _may("A watermark on shared screens.")
    add_audio_watermark: Flag = _may("A watermark in the sound.")
    additional_data_center_regions: Words = _may("Further data centre regions, as two letters.")
    on_demand: Flag = _may("Zoom offers the recording to registrants by itself.")
    post_webinar_survey: Flag = _may("Show Zoom's survey at the end.")
    survey_url: Word = _may("Open this survey at the end.")
    enable_session_branding: Flag = _may("Wallpaper, backgrounds and name tags of the webinar.")

    @model_validator(mode="after")
    def _fits_together(self) -> "WebinarSettings":
        if self.registrants_confirmation_email and not self.registrants_email_notification:
            raise ValueError("registrants_confirmation_email needs registrants_email_notification = true.")
        if self.request_permission_to_unmute_participants and self.allow_host_control_participant_mute_state:
            raise ValueError(
                "request_permission_to_unmute_participants and allow_host_control_participant_mute_state"
                " exclude each other."
            )
        return self
