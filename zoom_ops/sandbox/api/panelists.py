"""The panelists of a webinar."""

from collections.abc import Collection

from ..account import Account
from ..calls import Call, Json, Refusal, full, invalid
from ..records import Webinar
from ..zones import write_instant

PANELISTS_PER_PLACE = 2  # as many panelists can be added for each participant of the host's meetings (KB0066116)
_BRANDED = ("virtual_background_id", "name_tag_id", "name_tag_name", "name_tag_pronouns", "name_tag_description")


def list_panelists(account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/panelists`, without pagination. The policy may withhold addresses."""
    shown = [person | ({"email": ""} if _is_withheld(account, person["email"]) else {}) for person in webinar.panelists]
    return {"total_records": len(shown), "panelists": shown}


def add_panelists(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/panelists`.

    A panelist whose address is added again keeps id, name and link, and gets the invitation again.
    """
    people = call.fields.get("panelists", [])
    missing = [
        f"panelists.{index}.{name}"
        for index, person in enumerate(people)
        for name in ("email", "name")
        if not person.get(name)
    ]
    if missing or not people:
        raise invalid(*(missing or ["panelists"]))
    rules, undocumented = account.policy.people, account.policy.undocumented
    refused = {email.lower() for email in rules.refused_emails}
    if wrong := [f"panelists.{at}.email" for at, person in enumerate(people) if person["email"].lower() in refused]:
        raise invalid(*wrong)
    most = rules.most_panelists
    most = PANELISTS_PER_PLACE * account.policy.features.meeting_capacity if most is None else most
    known = {person["email"].lower(): person for person in webinar.panelists}
    if undocumented.host_as_panelist == "refused":
        _refuse({webinar.host.email.lower()}, people, "The host cannot be a panelist")
    if undocumented.same_address == "refused":
        _refuse(known.keys(), people, "This person is a panelist already")
    if len(known.keys() | {person["email"].lower() for person in people}) > most:
        raise full("panelists")
    for person in people:
        panelist = known.get(person["email"].lower())
        if panelist is None or undocumented.same_address == "two seats":
            panelist = known[person["email"].lower()] = _panelist(account, webinar, person)
            webinar.panelists.append(panelist)
        panelist |= {name: person[name] for name in _BRANDED if name in person}
        if webinar.settings["panelists_invitation_email_notification"]:
            webinar.invitations.append({"email": person["email"], "at": account.now().timestamp()})
    webinar.used = account.now()
    return {"id": str(webinar.id), "updated_at": write_instant(account.now())}


def remove_panelists(_account: Account, webinar: Webinar, _call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/panelists`: remove all panelists."""
    webinar.panelists.clear()


def remove_panelist(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/panelists/{panelistId}`, by id or e-mail address."""
    name = call.parts["panelistId"]
    kept = [person for person in webinar.panelists if person["id"] != name and person["email"].lower() != name.lower()]
    if len(kept) == len(webinar.panelists) and account.policy.undocumented.unseated == "refused":
        raise Refusal(400, 300, f"Panelist does not exist: {name}.")
    webinar.panelists[:] = kept


def _refuse(addresses: Collection[str], people: list[Json], message: str) -> None:
    for person in people:
        if person["email"].lower() in addresses:
            raise Refusal(400, 300, f"{message}: {person['email']}.")


def _is_withheld(account: Account, email: str) -> bool:
    withheld = account.policy.people.blank_emails
    if isinstance(withheld, bool):
        return withheld
    if withheld == "guests":
        return account.find_user(email) is None
    return email.lower() in {address.lower() for address in withheld}


def _panelist(account: Account, webinar: Webinar, person: Json) -> Json:
    token = account.names.token(60)
    link = f"{account.public_base()}/w/{webinar.id}?tk={token}&pwd={webinar.fields.get('encrypted_passcode', '')}"
    return {
        "id": account.names.opaque(22),
        "email": person["email"],
        "name": person["name"],
        "join_url": account.names.secret(link),
    }
