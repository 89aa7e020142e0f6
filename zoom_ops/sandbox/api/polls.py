"""The polls and the survey of a webinar."""

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created
from ..records import Webinar
from .webinars import require_webinar


def list_polls(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/polls`."""
    polls = require_webinar(account, call).polls
    anonymous = call.params.get("anonymous")
    shown = [poll for poll in polls if anonymous is None or poll.get("anonymous", False) == anonymous]
    return Reply(body={"total_records": len(shown), "polls": shown})


def add_poll(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/polls`."""
    webinar = require_webinar(account, call)
    poll = {"id": account.names.opaque(22), "status": "notstart", **call.fields}
    webinar.polls.append(poll)
    return created(poll)


def get_poll(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/polls/{pollId}`."""
    return Reply(body=_require_poll(require_webinar(account, call), call))


def update_poll(account: Account, call: Call) -> Reply:
    """Answer `PUT /webinars/{webinarId}/polls/{pollId}`."""
    poll = _require_poll(require_webinar(account, call), call)
    poll |= call.fields
    return NO_CONTENT


def delete_poll(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/polls/{pollId}`."""
    webinar = require_webinar(account, call)
    webinar.polls.remove(_require_poll(webinar, call))
    return NO_CONTENT


def get_survey(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/survey`."""
    return Reply(body=require_webinar(account, call).survey)


def update_survey(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/survey`."""
    webinar = require_webinar(account, call)
    third_party = call.fields.get("third_party_survey", "https://")
    if third_party and "://" not in third_party:
        raise Refusal(400, 300, f"Invalid third party survey: {third_party}.")
    webinar.survey |= call.fields
    return NO_CONTENT


def delete_survey(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/survey`."""
    require_webinar(account, call).survey.clear()
    return NO_CONTENT


def _require_poll(webinar: Webinar, call: Call) -> Json:
    for poll in webinar.polls:
        if poll["id"] == call.parts["pollId"]:
            return poll
    raise Refusal(400, 4400, "Invalid poll IDs.")
