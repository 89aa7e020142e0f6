"""The polls and the survey of a webinar."""

from ..account import Account
from ..calls import Call, Json, Refusal
from ..records import Webinar


def list_polls(_account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/polls`."""
    anonymous = call.params.get("anonymous")
    shown = [poll for poll in webinar.polls if anonymous is None or poll.get("anonymous", False) == anonymous]
    return {"total_records": len(shown), "polls": shown}


def add_poll(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/polls`."""
    poll = {"id": account.names.opaque(22), "status": "notstart", **call.fields}
    webinar.polls.append(poll)
    return poll


def get_poll(_account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/polls/{pollId}`."""
    for poll in webinar.polls:
        if poll["id"] == call.parts["pollId"]:
            return poll
    raise Refusal(400, 4400, "Invalid poll IDs.")


def update_poll(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PUT /webinars/{webinarId}/polls/{pollId}`."""
    poll = get_poll(account, webinar, call)
    poll |= call.fields


def delete_poll(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/polls/{pollId}`."""
    webinar.polls.remove(get_poll(account, webinar, call))


def get_survey(_account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/survey`."""
    return webinar.survey


def update_survey(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/survey`."""
    third_party = call.fields.get("third_party_survey", "https://")
    if third_party and "://" not in third_party:
        raise Refusal(400, 300, f"Invalid third party survey: {third_party}.")
    webinar.survey |= call.fields


def delete_survey(_account: Account, webinar: Webinar, _call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/survey`."""
    webinar.survey.clear()
