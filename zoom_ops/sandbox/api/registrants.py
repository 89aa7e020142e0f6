"""The registrants of a webinar."""

from collections.abc import Callable

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created, invalid
from ..limits import count_registrant, count_registrant_status
from ..notifications import notify, planned
from ..paging import page_of
from ..records import Webinar, scheduled_ends
from ..zones import write_instant
from .webinars import require_webinar

MOST_PER_BATCH = 30
_STATUS_AFTER = {"approve": "approved", "deny": "denied", "cancel": "cancelled"}
_EVENT_AFTER = {"approve": "approved", "deny": "denied", "cancel": "cancelled"}
_AUTOMATIC = 0
_NO_REGISTRATION = 2


def list_registrants(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/registrants`; who cancelled is in no list."""
    webinar = require_webinar(account, call)
    listed = [_shown(one) for one in webinar.registrants if one["status"] == call.params["status"]]
    page = page_of(account, call, listed)
    return Reply(body={**page.body(), "registrants": page.entries})


def add_registrant(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/registrants`; the same address again keeps id and link."""
    webinar = require_webinar(account, call)
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 3000, f"This webinar does not have registration as required: {webinar.id}.")
    _check_registrant(account, webinar, call.fields)
    count_registrant(account, webinar.id, call.fields["email"])
    registrant = _register(account, webinar, call.fields)
    body = {
        "id": webinar.id,
        "registrant_id": registrant["id"],
        "topic": webinar.fields["topic"],
        "start_time": webinar.fields.get("start_time", write_instant(account.now())),
        "occurrences": _occurrences(webinar, call.params.get("occurrence_ids")),
    }
    link = {"join_url": registrant["join_url"]} if registrant["status"] == "approved" else {}
    return created({**body, **link})


def add_batch(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/batch_registrants`."""
    webinar = require_webinar(account, call)
    asked = call.fields.get("registrants", [])
    if webinar.fields["type"] != 5:
        raise Refusal(
            400,
            300,
            "This API can only be used for scheduled webinars (type 5). Batch registration is not supported for "
            "other webinar types.",
        )
    _require_registration(webinar)
    if not asked or len(asked) > MOST_PER_BATCH:
        raise invalid("registrants")
    for person in asked:
        _check_registrant(account, webinar, person)
    approve = call.fields.get("auto_approve")
    people = [_register(account, webinar, person, approved=approve) for person in asked]
    return created(
        {
            "registrants": [
                {"registrant_id": one["id"], "email": one["email"], "join_url": one["join_url"]} for one in people
            ]
        }
    )


def get_registrant(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/registrants/{registrantId}`."""
    webinar = require_webinar(account, call)
    _require_registration(webinar)
    name = call.parts["registrantId"]
    found = next((one for one in webinar.registrants if one["id"] == name), None)
    if found is None:
        raise Refusal(400, 3079, f"This registrant does not exist: {name}.")
    return Reply(body={**_shown(found), "language": found.get("language", "en-US")})


def delete_registrant(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/registrants/{registrantId}`."""
    webinar = require_webinar(account, call)
    _require_registration(webinar)
    name = call.parts["registrantId"]
    found = next((one for one in webinar.registrants if one["id"] == name), None)
    if found is None:
        raise Refusal(400, 3000, f"Registrant {name} was not found.")
    webinar.registrants.remove(found)
    notify(account, "webinar.registration_cancelled", _told(webinar, _named(found)))
    return NO_CONTENT


def change_status(account: Account, call: Call) -> Reply:
    """Answer `PUT /webinars/{webinarId}/registrants/status`: approve, deny or cancel up to thirty."""
    webinar = require_webinar(account, call)
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 300, f"Registration has not been enabled for this meeting: {webinar.id}.")
    action = call.fields["action"]
    for asked in call.fields.get("registrants", []):
        for registrant in filter(_is(asked), webinar.registrants):
            count_registrant_status(account, webinar.id, registrant["id"])
            registrant["status"] = _STATUS_AFTER[action]
            _tell_status(account, webinar, registrant, action)
    return NO_CONTENT


def get_questions(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/registrants/questions`."""
    webinar = require_webinar(account, call)
    _require_registration(webinar)
    return Reply(body=webinar.questions)


def set_questions(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/registrants/questions`."""
    webinar = require_webinar(account, call)
    _require_registration(webinar)
    webinar.questions |= call.fields
    return NO_CONTENT


def _require_registration(webinar: Webinar) -> None:
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 3000, f"Registration has not been enabled for this webinar: {webinar.id}.")


def _check_registrant(account: Account, webinar: Webinar, person: Json) -> None:
    """Refuse who cannot register: the host, a panelist, anybody once it is over or full."""
    email = person["email"].lower()
    alternative = webinar.settings["alternative_hosts"].lower().split(";")
    if email == webinar.host.email.lower() or email in alternative:
        raise Refusal(400, 3027, "Host cannot register.")
    if any(seated["email"].lower() == email for seated in webinar.panelists):
        raise Refusal(
            400,
            3000,
            "You have been invited as a panelist for the webinar, please check your email to find more information "
            "about this webinar.",
        )
    ends = scheduled_ends(webinar)
    if ends and max(ends) < account.now() and webinar.fields["type"] != 6:
        raise Refusal(
            400,
            3038,
            "Webinar is over, you cannot register now. If you have any questions, contact the webinar host.",
        )
    most = webinar.settings["registrants_restrict_number"] or webinar.host.capacity
    if sum(one["status"] != "cancelled" for one in webinar.registrants) >= most:
        raise Refusal(
            400,
            3000,
            "You have reached the limit for the number of attendees you can add. Contact Zoom Support for more "
            "information.",
        )


def _register(account: Account, webinar: Webinar, person: Json, *, approved: bool | None = None) -> Json:
    known = next((one for one in webinar.registrants if one["email"].lower() == person["email"].lower()), None)
    if known and known["status"] != "cancelled":
        return known
    if known:
        webinar.registrants.remove(known)
    automatic = webinar.settings["approval_type"] == _AUTOMATIC if approved is None else approved
    token = account.names.token(60)
    registrant: Json = {
        **person,
        "id": account.names.opaque(22),
        "status": "approved" if automatic else "pending",
        "create_time": write_instant(account.now()),
        "join_url": account.names.secret(f"{account.public_base()}/w/{webinar.id}?tk={token}"),
    }
    webinar.registrants.append(registrant)
    told = {name: value for name, value in registrant.items() if name not in ("create_time", "source_id", "language")}
    notify(account, "webinar.registration_created", _told(webinar, told), by_operator=False)
    return registrant


def _shown(registrant: Json) -> Json:
    """Show a registrant; who is not approved has no link yet, and what was not told is empty."""
    plain = {"last_name": "", "address": "", "city": "", "country": "", "zip": "", "state": "", "phone": ""}
    more = {"industry": "", "org": "", "job_title": "", "comments": "", "custom_questions": []}
    shown = {**plain, **more, **registrant}
    hidden = {"source_id", "language"} | (set() if registrant["status"] == "approved" else {"join_url"})
    shown = {name: value for name, value in shown.items() if name not in hidden}
    return {**shown, "no_of_employees": _answered(registrant.get("no_of_employees", ""))}


def _answered(size: str) -> str:
    """Turn the sizes that a request may name into those that replies name; Zoom's two lists differ."""
    return {"101-500": "251-500", "500-1,000": "501-1,000"}.get(size, size)


def _told(webinar: Webinar, registrant: Json) -> Json:
    sized = {"no_of_employees": _answered(registrant["no_of_employees"])} if "no_of_employees" in registrant else {}
    return {**planned(webinar), "registrant": {**registrant, **sized}}


def _named(registrant: Json) -> Json:
    return {name: registrant.get(name, "") for name in ("id", "first_name", "last_name", "email")}


def _tell_status(account: Account, webinar: Webinar, registrant: Json, action: str) -> None:
    link = {"join_url": registrant["join_url"]} if action == "approve" else {}
    event = f"webinar.registration_{_EVENT_AFTER[action]}"
    notify(account, event, _told(webinar, {**_named(registrant), **link}))


def _is(asked: Json) -> Callable[[Json], bool]:
    def fits(registrant: Json) -> bool:
        same_email = asked.get("email", "").lower() == registrant["email"].lower()
        return bool(asked.get("id") == registrant["id"] or same_email)

    return fits


def _occurrences(webinar: Webinar, wanted: str | None) -> list[Json]:
    chosen = {name.strip() for name in (wanted or "").split(",") if name.strip()}
    return [
        dict(date) for date in webinar.fields.get("occurrences", []) if not chosen or date["occurrence_id"] in chosen
    ]
