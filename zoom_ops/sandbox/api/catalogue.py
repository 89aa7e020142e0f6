"""Templates and tracking fields, which an account keeps for all its webinars."""

from ..account import Account
from ..calls import Call, Refusal, Reply, created
from .users import require_host

MOST_TEMPLATES = 40


def list_templates(account: Account, call: Call) -> Reply:
    """Answer `GET /users/{userId}/webinar_templates`."""
    templates = require_host(account, call.parts["userId"]).templates
    shown = [{name: template[name] for name in ("id", "name", "type")} for template in templates]
    return Reply(body={"total_records": len(shown), "templates": shown})


def add_template(account: Account, call: Call) -> Reply:
    """Answer `POST /users/{userId}/webinar_templates`."""
    host = require_host(account, call.parts["userId"])
    name = call.fields.get("name") or "My template"
    webinar = account.find_webinar(call.fields.get("webinar_id", 0))
    if webinar is None:
        raise Refusal(400, 3000, "Cannot access meeting info.")
    existing = next((template for template in host.templates if template["name"] == name), None)
    if existing and not call.fields.get("overwrite"):
        raise Refusal(400, 3000, f"Webinar template name already exists: {name}.")
    if not existing and len(host.templates) >= MOST_TEMPLATES:
        raise Refusal(400, 300, "You can only create up to 40 webinar templates.")
    template = existing or {"id": account.names.opaque(22), "name": name, "type": 1}
    template["settings"] = dict(webinar.settings)
    if not existing:
        host.templates.append(template)
    return created({"id": template["id"], "name": name})


def list_tracking_fields(account: Account, _call: Call) -> Reply:
    """Answer `GET /tracking_fields`."""
    fields = account.tracking_fields
    return Reply(body={"total_records": len(fields), "tracking_fields": fields})


def add_tracking_field(account: Account, call: Call) -> Reply:
    """Answer `POST /tracking_fields`."""
    field = {
        "id": account.names.opaque(22),
        "field": call.fields.get("field", ""),
        "recommended_values": call.fields.get("recommended_values", []),
        "required": call.fields.get("required", False),
        "visible": call.fields.get("visible", True),
    }
    account.tracking_fields.append(field)
    return created(field)
