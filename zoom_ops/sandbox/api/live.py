"""A running webinar: its end, its live stream, tokens and links to join it."""

from ..account import Account
from ..calls import Call, Json, Refusal, invalid
from ..records import Webinar
from .holding import end_instance

TOKEN_LIFE_S = 120


def change_status(account: Account, webinar: Webinar, _call: Call) -> None:
    """Answer `PUT /webinars/{webinarId}/status`: end the running instance. Idempotent."""
    if running := webinar.live():
        end_instance(account, running)


def get_livestream(_account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/livestream`."""
    return {"stream_url": "", "stream_key": "", "page_url": "", "resolution": "", **webinar.livestream}


def set_livestream(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/livestream`."""
    webinar.livestream |= call.fields


def change_livestream(_account: Account, webinar: Webinar, _call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/livestream/status`."""
    if not webinar.livestream:
        raise Refusal(400, 3000, "The current webinar is not configured with a custom streaming service.")
    if not webinar.live():
        raise Refusal(400, 200, f"Webinar {webinar.id} has not started.")


def issue_join_token(account: Account, _webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/jointoken/…`."""
    return {"expire_in": TOKEN_LIFE_S, "token": account.names.token(80)}


def issue_caption_token(account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/token`: the address for captions of a running webinar."""
    if not webinar.live():
        raise Refusal(400, 3000, f"Webinar {webinar.id} has not started.")
    link = f"{account.public_base()}/closedcaption?id={webinar.id}&ns=1&expire=3600&spparams={account.names.token(22)}"
    return {"token": account.names.secret(link)}


def make_invite_links(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/invite_links`."""
    if account.options.plan == "pro":
        raise Refusal(400, 200, "No permission.")
    if not call.fields.get("attendees"):
        raise invalid("attendees")
    page = f"{account.public_base()}/w/{webinar.id}"
    links = [
        {"name": person["name"], "join_url": account.names.secret(f"{page}?tk={account.names.token(60)}")}
        for person in call.fields["attendees"]
    ]
    return {"attendees": links}


def get_sip_dialing(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/sip_dialing`."""
    passcode = call.fields.get("passcode") or webinar.fields.get("password", "")
    return {
        "sip_dialing": f"{webinar.id}.{passcode}@sip.example.org",
        "paid_crc_plan_participant": False,
        "participant_identifier_code": account.names.digits(),
        "expire_in": TOKEN_LIFE_S,
    }


def list_tracking_sources(_account: Account, _webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/tracking_sources`."""
    return {"total_records": 0, "tracking_sources": []}


def delete_chat_message(_account: Account, _webinar: Webinar, _call: Call) -> None:
    """Answer `DELETE /live_webinars/{webinarId}/chat/messages/{messageId}`."""
    raise Refusal(400, 300, "DLP is not enabled on this account.")
