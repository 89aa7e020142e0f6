"""The panelists of a webinar."""

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created, invalid
from ..records import Webinar
from ..zones import write_instant
from .webinars import require_webinar

MOST_PANELISTS = 100
_BRANDED = ("virtual_background_id", "name_tag_id", "name_tag_name", "name_tag_pronouns", "name_tag_description")


def list_panelists(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/panelists`, without pagination."""
    webinar = require_webinar(account, call)
    return Reply(body={"total_records": len(webinar.panelists), "panelists": webinar.panelists})


def add_panelists(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/panelists`.

    A panelist whose address is added again keeps id, name and link, and gets the invitation again.
    """
    webinar = require_webinar(account, call)
    people = call.fields.get("panelists", [])
    missing = [
        f"panelists.{index}.{name}"
        for index, person in enumerate(people)
        for name in ("email", "name")
        if not person.get(name)
    ]
    if missing or not people:
        raise invalid(*(missing or ["panelists"]))
    new = {person["email"].lower() for person in people} - set(_by_email(webinar))
    if len(webinar.panelists) + len(new) > MOST_PANELISTS:
        raise Refusal(
            400,
            3000,
            "You have reached the limit for the number of panelists you can add. Contact Zoom Support for more "
            "information.",
        )
    for person in people:
        _add_or_invite(account, webinar, person)
    webinar.used = account.now()
    return created({"id": str(webinar.id), "updated_at": write_instant(account.now())})


def remove_panelists(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/panelists`: remove all panelists."""
    require_webinar(account, call).panelists.clear()
    return NO_CONTENT


def remove_panelist(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/panelists/{panelistId}`, by id or e-mail address."""
    webinar = require_webinar(account, call)
    name = call.parts["panelistId"]
    webinar.panelists[:] = [
        person for person in webinar.panelists if person["id"] != name and person["email"].lower() != name.lower()
    ]
    return NO_CONTENT


def _by_email(webinar: Webinar) -> dict[str, Json]:
    return {person["email"].lower(): person for person in webinar.panelists}


def _add_or_invite(account: Account, webinar: Webinar, person: Json) -> None:
    branding = {name: person[name] for name in _BRANDED if name in person}
    existing = _by_email(webinar).get(person["email"].lower())
    if existing:
        existing |= branding
    else:
        token = account.names.token(60)
        link = f"{account.public_base()}/w/{webinar.id}?tk={token}&pwd={webinar.fields.get('encrypted_passcode', '')}"
        webinar.panelists.append(
            {
                "id": account.names.opaque(22),
                "email": person["email"],
                "name": person["name"],
                "join_url": account.names.secret(link),
                **branding,
            }
        )
    if webinar.settings["panelists_invitation_email_notification"]:
        webinar.invitations.append({"email": person["email"], "at": account.now().timestamp()})
