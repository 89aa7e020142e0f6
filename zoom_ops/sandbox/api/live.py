"""A running webinar: its end, its live stream, tokens and links to join it."""

from ..account import Account
from ..calls import NO_CONTENT, Call, Refusal, Reply, created, invalid
from .holding import end_instance
from .webinars import require_webinar

TOKEN_LIFE_S = 120


def change_status(account: Account, call: Call) -> Reply:
    """Answer `PUT /webinars/{webinarId}/status`: end the running instance. Idempotent."""
    running = require_webinar(account, call).live()
    if running:
        end_instance(account, running)
    return NO_CONTENT


def get_livestream(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/livestream`."""
    empty = {"stream_url": "", "stream_key": "", "page_url": "", "resolution": ""}
    return Reply(body={**empty, **require_webinar(account, call).livestream})


def set_livestream(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/livestream`."""
    require_webinar(account, call).livestream |= call.fields
    return NO_CONTENT


def change_livestream(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/livestream/status`."""
    webinar = require_webinar(account, call)
    if not webinar.livestream:
        raise Refusal(400, 3000, "The current webinar is not configured with a custom streaming service.")
    if not webinar.live():
        raise Refusal(400, 200, f"Webinar {webinar.id} has not started.")
    return NO_CONTENT


def issue_join_token(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/jointoken/…`."""
    require_webinar(account, call)
    return Reply(body={"expire_in": TOKEN_LIFE_S, "token": account.names.token(80)})


def issue_caption_token(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/token`: the address for captions of a running webinar."""
    webinar = require_webinar(account, call)
    if not webinar.live():
        raise Refusal(400, 3000, f"Webinar {webinar.id} has not started.")
    link = f"{account.public_base()}/closedcaption?id={webinar.id}&ns=1&expire=3600&spparams={account.names.token(22)}"
    return Reply(body={"token": account.names.secret(link)})


def make_invite_links(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/invite_links`."""
    webinar = require_webinar(account, call)
    if account.options.plan == "pro":
        raise Refusal(400, 200, "No permission.")
    if not call.fields.get("attendees"):
        raise invalid("attendees")
    links = [
        {
            "name": person["name"],
            "join_url": account.names.secret(f"{account.public_base()}/w/{webinar.id}?tk={account.names.token(60)}"),
        }
        for person in call.fields["attendees"]
    ]
    return created({"attendees": links})


def get_sip_dialing(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/sip_dialing`."""
    webinar = require_webinar(account, call)
    passcode = call.fields.get("passcode") or webinar.fields.get("password", "")
    return created(
        {
            "sip_dialing": f"{webinar.id}.{passcode}@sip.example.org",
            "paid_crc_plan_participant": False,
            "participant_identifier_code": account.names.digits(6),
            "expire_in": TOKEN_LIFE_S,
        }
    )


def list_tracking_sources(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/tracking_sources`."""
    require_webinar(account, call)
    return Reply(body={"total_records": 0, "tracking_sources": []})


def delete_chat_message(account: Account, call: Call) -> Reply:
    """Answer `DELETE /live_webinars/{webinarId}/chat/messages/{messageId}`."""
    require_webinar(account, call)
    raise Refusal(400, 300, "DLP is not enabled on this account.")
