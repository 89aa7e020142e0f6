"""The registrants of a webinar."""

from ..account import Account
from ..calls import Call, Json, Refusal, full, invalid
from ..limits import count_registrant, count_registrant_status
from ..notifications import notify, scheduled_payload
from ..paging import page_of
from ..records import Webinar, scheduled_ends
from ..zones import write_instant

MOST_PER_BATCH = 30
_STATUS_AFTER = {"approve": "approved", "deny": "denied", "cancel": "cancelled"}
_AUTOMATIC = 0
_NO_REGISTRATION = 2


def list_registrants(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/registrants`. Cancelled registrants are in no list."""
    listed = [_entry(row) for row in webinar.registrants if row["status"] == call.params["status"]]
    return page_of(account, call, "registrants", listed)


def add_registrant(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/registrants`. An address that registers again keeps id and link."""
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 3000, f"This webinar does not have registration as required: {webinar.id}.")
    _check_registrant(account, webinar, call.fields)
    count_registrant(account, webinar.id, call.fields["email"])
    registrant = _register(account, webinar, call.fields)
    chosen = {part.strip() for part in (call.params.get("occurrence_ids") or "").split(",") if part.strip()}
    dates = webinar.fields.get("occurrences", [])
    body = {
        "id": webinar.id,
        "registrant_id": registrant["id"],
        "topic": webinar.fields["topic"],
        "start_time": webinar.fields.get("start_time", write_instant(account.now())),
        "occurrences": [dict(date) for date in dates if not chosen or date["occurrence_id"] in chosen],
    }
    link = {"join_url": registrant["join_url"]} if registrant["status"] == "approved" else {}
    return {**body, **link}


def add_batch(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/batch_registrants`."""
    people = call.fields.get("registrants", [])
    if webinar.fields["type"] != 5:
        message = "This API can only be used for scheduled webinars (type 5)."
        raise Refusal(400, 300, f"{message} Batch registration is not supported for other webinar types.")
    _require_registration(webinar)
    if not people or len(people) > MOST_PER_BATCH:
        raise invalid("registrants")
    for person in people:
        _check_registrant(account, webinar, person)
    approve = call.fields.get("auto_approve")
    rows = [_register(account, webinar, person, approved=approve) for person in people]
    shown = [{"registrant_id": row["id"], "email": row["email"], "join_url": row["join_url"]} for row in rows]
    return {"registrants": shown}


def get_registrant(_account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/registrants/{registrantId}`."""
    name = call.parts["registrantId"]
    registrant = _require_registrant(webinar, name, Refusal(400, 3079, f"This registrant does not exist: {name}."))
    return {**_entry(registrant), "language": registrant.get("language", "en-US")}


def delete_registrant(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/registrants/{registrantId}`."""
    name = call.parts["registrantId"]
    registrant = _require_registrant(webinar, name, Refusal(400, 3000, f"Registrant {name} was not found."))
    webinar.registrants.remove(registrant)
    notify(account, "webinar.registration_cancelled", _event_payload(webinar, _identity(registrant)))


def change_registrants(account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PUT /webinars/{webinarId}/registrants/status`: approve, deny or cancel up to 30 registrants."""
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 300, f"Registration has not been enabled for this meeting: {webinar.id}.")
    status = _STATUS_AFTER[call.fields["action"]]
    for selector in call.fields.get("registrants", []):
        for registrant in webinar.registrants:
            same_email = selector.get("email", "").lower() == registrant["email"].lower()
            if selector.get("id") == registrant["id"] or same_email:
                count_registrant_status(account, webinar.id, registrant["id"])
                registrant["status"] = status
                link = {"join_url": registrant["join_url"]} if status == "approved" else {}
                payload = _event_payload(webinar, {**_identity(registrant), **link})
                notify(account, f"webinar.registration_{status}", payload)


def get_questions(_account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/registrants/questions`."""
    _require_registration(webinar)
    return webinar.questions


def set_questions(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/registrants/questions`."""
    _require_registration(webinar)
    webinar.questions |= call.fields


def _require_registration(webinar: Webinar) -> None:
    if webinar.settings["approval_type"] == _NO_REGISTRATION:
        raise Refusal(400, 3000, f"Registration has not been enabled for this webinar: {webinar.id}.")


def _require_registrant(webinar: Webinar, registrant_id: str, missing: Refusal) -> Json:
    _require_registration(webinar)
    for registrant in webinar.registrants:
        if registrant["id"] == registrant_id:
            return registrant
    raise missing


def _check_registrant(account: Account, webinar: Webinar, person: Json) -> None:
    """Raise `Refusal` for a host or panelist, and for everybody once the webinar is over or full."""
    email = person["email"].lower()
    alternative = webinar.settings["alternative_hosts"].lower().split(";")
    if email == webinar.host.email.lower() or email in alternative:
        raise Refusal(400, 3027, "Host cannot register.")
    if any(panelist["email"].lower() == email for panelist in webinar.panelists):
        message = (
            "You have been invited as a panelist for the webinar, please check your email to find more information"
        )
        raise Refusal(400, 3000, f"{message} about this webinar.")
    ends = scheduled_ends(webinar)
    if ends and max(ends) < account.now() and webinar.fields["type"] != 6:
        message = "Webinar is over, you cannot register now. If you have any questions, contact the webinar host."
        raise Refusal(400, 3038, message)
    most = webinar.settings["registrants_restrict_number"] or webinar.host.capacity
    if sum(row["status"] != "cancelled" for row in webinar.registrants) >= most:
        raise full("attendees")


def _register(account: Account, webinar: Webinar, person: Json, *, approved: bool | None = None) -> Json:
    """Register a person. Return the existing registrant if the address is registered and not cancelled."""
    existing = next((row for row in webinar.registrants if row["email"].lower() == person["email"].lower()), None)
    if existing and existing["status"] != "cancelled":
        return existing
    if existing:
        webinar.registrants.remove(existing)
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
    shown = {name: value for name, value in registrant.items() if name not in ("create_time", "source_id", "language")}
    notify(account, "webinar.registration_created", _event_payload(webinar, shown), by_operator=False)
    return registrant


def _entry(registrant: Json) -> Json:
    """Build the JSON of a registrant. Missing fields are empty. Without approval there is no link."""
    empty = {
        **{"last_name": "", "address": "", "city": "", "country": "", "zip": "", "state": "", "phone": ""},
        **{"industry": "", "org": "", "job_title": "", "comments": "", "custom_questions": []},
    }
    hidden = {"source_id", "language"} | (set() if registrant["status"] == "approved" else {"join_url"})
    shown = {name: value for name, value in {**empty, **registrant}.items() if name not in hidden}
    return {**shown, "no_of_employees": _reply_size(registrant.get("no_of_employees", ""))}


def _reply_size(size: str) -> str:
    """Convert a company size of requests to the one of replies. Zoom's two lists differ."""
    return {"101-500": "251-500", "500-1,000": "501-1,000"}.get(size, size)


def _event_payload(webinar: Webinar, registrant: Json) -> Json:
    sized = {"no_of_employees": _reply_size(registrant["no_of_employees"])} if "no_of_employees" in registrant else {}
    return {**scheduled_payload(webinar), "registrant": {**registrant, **sized}}


def _identity(registrant: Json) -> Json:
    return {name: registrant.get(name, "") for name in ("id", "first_name", "last_name", "email")}
