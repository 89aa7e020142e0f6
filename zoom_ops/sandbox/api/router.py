"""Routing of calls to the operations of the API."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from .. import tokens
from ..account import Account
from ..calls import Call, Json, Refusal, Reply
from ..contract import Operation, check_body, check_query, find_operation, unrecognised
from ..limits import count_call
from ..records import Webinar
from ..tokens import OAuthRefusal, check_bearer
from . import (
    branding,
    catalogue,
    journal,
    live,
    panelists,
    past,
    polls,
    questions,
    recordings,
    registrants,
    sharing,
    users,
    webinars,
)

API_ROOT = "/v2"

Answer = Callable[[Account, Call], Json | None]
WebinarAnswer = Callable[[Account, Webinar, Call], Json | None]

ANSWERS: Mapping[str, Answer] = {
    "users": users.list_users,
    "user": users.get_user,
    "userSettings": users.get_settings,
    "webinars": webinars.list_webinars,
    "webinarCreate": webinars.create_webinar,
    "pastWebinars": past.list_instances,
    "listWebinarParticipants": past.list_participants,
    "webinarAbsentees": past.list_absentees,
    "listPastWebinarQA": questions.list_questions,
    "listPastWebinarPollResults": questions.list_answers,
    "reportWebinarDetails": past.report_webinar,
    "reportWebinarParticipants": past.report_participants,
    "reportWebinarPolls": questions.report_answers,
    "reportWebinarQA": questions.report_questions,
    "reportWebinarSurvey": past.report_survey,
    "reportUpcomingEvents": past.report_upcoming,
    "Gethistorymeetingandwebinarlist": past.report_history,
    "reportCloudRecording": past.report_storage,
    "recordingGet": recordings.get_recording,
    "recordingsList": recordings.list_recordings,
    "recordingDelete": recordings.delete_recording,
    "recordingDeleteOne": recordings.delete_file,
    "recordingStatusUpdate": recordings.recover_recording,
    "recordingStatusUpdateOne": recordings.recover_file,
    "recordingSettingUpdate": sharing.get_settings,
    "recordingSettingsUpdate": sharing.change_settings,
    "GetMeetingTranscript": sharing.get_transcript,
    "DeleteMeetingTranscript": sharing.delete_transcript,
    "meetingRecordingRegistrants": sharing.list_registrants,
    "meetingRecordingRegistrantCreate": sharing.add_registrant,
    "meetingRecordingRegistrantStatus": sharing.change_registrants,
    "recordingRegistrantsQuestionsGet": sharing.get_questions,
    "recordingRegistrantQuestionUpdate": sharing.set_questions,
    "analytics_summary": sharing.summarise_views,
    "analytics_details": sharing.list_views,
    "listWebinarTemplates": catalogue.list_templates,
    "webinarTemplateCreate": catalogue.add_template,
    "trackingfieldList": catalogue.list_tracking_fields,
    "trackingfieldCreate": catalogue.add_tracking_field,
    "getWebhookLogs": journal.list_deliveries,
}
OF_A_WEBINAR: Mapping[str, WebinarAnswer] = {
    "webinar": webinars.get_webinar,
    "webinarUpdate": webinars.update_webinar,
    "webinarDelete": webinars.delete_webinar,
    "webinarPanelists": panelists.list_panelists,
    "webinarPanelistCreate": panelists.add_panelists,
    "webinarPanelistsDelete": panelists.remove_panelists,
    "webinarPanelistDelete": panelists.remove_panelist,
    "webinarStatus": live.change_status,
    "webinarRegistrants": registrants.list_registrants,
    "webinarRegistrantCreate": registrants.add_registrant,
    "addBatchWebinarRegistrants": registrants.add_batch,
    "webinarRegistrantGet": registrants.get_registrant,
    "deleteWebinarRegistrant": registrants.delete_registrant,
    "webinarRegistrantStatus": registrants.change_registrants,
    "webinarRegistrantsQuestionsGet": registrants.get_questions,
    "webinarRegistrantQuestionUpdate": registrants.set_questions,
    "webinarPolls": polls.list_polls,
    "webinarPollCreate": polls.add_poll,
    "webinarPollGet": polls.get_poll,
    "webinarPollUpdate": polls.update_poll,
    "webinarPollDelete": polls.delete_poll,
    "webinarSurveyGet": polls.get_survey,
    "webinarSurveyUpdate": polls.update_survey,
    "webinarSurveyDelete": polls.delete_survey,
    "getWebinarLiveStreamDetails": live.get_livestream,
    "webinarLiveStreamUpdate": live.set_livestream,
    "webinarLiveStreamStatusUpdate": live.change_livestream,
    "webinarLiveStreamingJoinToken": live.issue_join_token,
    "webinarLocalArchivingArchiveToken": live.issue_join_token,
    "webinarLocalRecordingJoinToken": live.issue_join_token,
    "webinarToken": live.issue_caption_token,
    "webinarInviteLinksCreate": live.make_invite_links,
    "getWebinarSipDialingWithPasscode": live.get_sip_dialing,
    "getTrackingSources": live.list_tracking_sources,
    "deleteWebinarChatMessageById": live.delete_chat_message,
    "getWebinarBranding": branding.get_branding,
    "createWebinarBrandingNameTag": branding.add_name_tag,
    "updateWebinarBrandingNameTag": branding.update_name_tag,
    "deleteWebinarBrandingNameTag": branding.delete_name_tags,
    "uploadWebinarBrandingVB": branding.add_background,
    "setWebinarBrandingVB": branding.choose_background,
    "deleteWebinarBrandingVB": branding.delete_backgrounds,
    "uploadWebinarBrandingWallpaper": branding.set_wallpaper,
    "deleteWebinarBrandingWallpaper": branding.delete_wallpaper,
}
_TOKEN_PATHS: Mapping[tuple[str, str], Answer] = {
    ("POST", "/oauth/token"): tokens.issue_token,
    ("POST", "/oauth/revoke"): tokens.revoke_token,
}


def without_root(path: str) -> str:
    """Return a path as the documentation writes it: without `/v2`."""
    return path.removeprefix(API_ROOT)


def answer(account: Account, call: Call) -> Reply:
    """Answer a call as Zoom would. The caller must hold the account's lock."""
    account.callers_base = call.base
    try:
        if call.path.startswith("/oauth/"):
            token_answer = _TOKEN_PATHS.get((call.method, call.path))
            if token_answer is None:
                raise unrecognised()
            return Reply(body=token_answer(account, call))
        return _answer_operation(account, call)
    except (Refusal, OAuthRefusal) as refusal:
        return refusal.reply()


def label_of(call: Call) -> str | None:
    """Return the rate-limit label of a call, None if no operation matches."""
    match = _find_operation(call)
    return match[0].label or "LIGHT" if match else None


def host_of(account: Account, call: Call) -> str | None:
    """Return the e-mail address of the user or host whom a call concerns, None if there is none."""
    match = _find_operation(call)
    parts = match[1] if match else {}
    if "userId" in parts:
        user = account.find_user(parts["userId"])
        return user.email if user else None
    name = parts.get("webinarId") or parts.get("meetingId") or parts.get("meetingUUID")
    webinar = account.find_any_webinar(name) if name else None
    return webinar.host.email if webinar else None


def _find_operation(call: Call) -> tuple[Operation, Mapping[str, str]] | None:
    try:
        return find_operation(call.method, without_root(call.path))
    except Refusal:  # the path is malformed
        return None


def _answer_operation(account: Account, call: Call) -> Reply:
    match = find_operation(call.method, without_root(call.path))
    if match is None:
        raise _unknown(account, without_root(call.path).strip("/").split("/"))
    operation, parts = match
    check_bearer(account, call, operation)
    headers = count_call(account, operation)
    try:
        params, fields = check_query(operation, call.query), check_body(operation, call.body)
        reply = _carry_out(account, operation, replace(call, parts=parts, params=params, fields=fields))
    except Refusal as refusal:
        reply = refusal.reply()
    if "X-RateLimit-Category" in dict(reply.headers):  # the reply of another limit has its own headers
        return reply
    return replace(reply, headers=(*reply.headers, *headers))


def _carry_out(account: Account, operation: Operation, call: Call) -> Reply:
    if operation.id in OF_A_WEBINAR:
        body = OF_A_WEBINAR[operation.id](account, webinars.require_webinar(account, call.parts["webinarId"]), call)
    else:
        body = ANSWERS[operation.id](account, call)
    if body is None:
        return Reply(status=200 if operation.id == "recordingStatusUpdate" else 204)  # Zoom's one exception
    return Reply(status=201 if operation.method == "POST" else 200, body=body)


def _unknown(account: Account, segments: list[str]) -> Refusal:
    """Build the error for a path that no operation has. The sandbox has no meetings."""
    if len(segments) != 2 or segments[0] != "meetings":
        return unrecognised()
    if account.find_webinar(segments[1]):
        return Refusal(400, 3000, "Cannot access webinar info.")
    return Refusal(404, 3001, f"Meeting does not exist: {segments[1]}.")
