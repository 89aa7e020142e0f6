"""Templates and tracking fields, which an account keeps for all its webinars."""

from ..account import Account
from ..calls import Call, Json, Refusal
from .users import require_host

MOST_TEMPLATES = 40


def list_templates(account: Account, call: Call) -> Json:
    """Answer `GET /users/{userId}/webinar_templates`."""
    templates = require_host(account, call.parts["userId"]).templates
    shown = [{name: template[name] for name in ("id", "name", "type")} for template in templates]
    return {"total_records": len(shown), "templates": shown}


def add_template(account: Account, call: Call) -> Json:
    """Answer `POST /users/{userId}/webinar_templates`."""
    host = require_host(account, call.parts["userId"])
    name = call.fields.get("name") or "My template"
    webinar = account.find_webinar(call.fields.get("webinar_id", 0))
    if webinar is None:
        raise Refusal(400, 3000, "Cannot access meeting info.")
    template = next((template for template in host.templates if template["name"] == name), None)
    if template and not call.fields.get("overwrite"):
        raise Refusal(400, 3000, f"Webinar template name already exists: {name}.")
    if template is None:
        if len(host.templates) >= MOST_TEMPLATES:
            raise Refusal(400, 300, "You can only create up to 40 webinar templates.")
        template = {"id": account.names.opaque(22), "name": name, "type": 1}
        host.templates.append(template)
    template["settings"] = dict(webinar.settings)
    return {"id": template["id"], "name": name}


def list_tracking_fields(account: Account, _call: Call) -> Json:
    """Answer `GET /tracking_fields`."""
    return {"total_records": len(account.tracking_fields), "tracking_fields": account.tracking_fields}


def add_tracking_field(account: Account, call: Call) -> Json:
    """Answer `POST /tracking_fields`."""
    defaults = {"field": "", "recommended_values": [], "required": False, "visible": True}
    field = {"id": account.names.opaque(22), **defaults, **call.fields}
    account.tracking_fields.append(field)
    return field
