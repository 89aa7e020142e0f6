"""The session branding of a webinar: wallpaper, virtual backgrounds, name tags."""

import re

from ..account import Account
from ..calls import Call, Json, Refusal
from ..records import Webinar

MOST_NAME_TAGS, MOST_BACKGROUNDS, MOST_BYTES = 20, 10, 15_000_000
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_SHOWN_TAG = ("id", "name", "text_color", "accent_color", "background_color", "is_default")


def get_branding(_account: Account, webinar: Webinar, _call: Call) -> Json:
    """Answer `GET /webinars/{webinarId}/branding`."""
    backgrounds = [
        {name: background[name] for name in ("id", "name", "is_default")}
        for background in webinar.branding["virtual_backgrounds"]
    ]
    return {**webinar.branding, "virtual_backgrounds": backgrounds}


def add_name_tag(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/branding/name_tags`."""
    tags = _require_branding(webinar)["name_tags"]
    if len(tags) >= MOST_NAME_TAGS:
        message = "You have reached the limit for the number of name tags you can add for this webinar."
        raise Refusal(400, 3000, f"{message} The limit is 20.")
    tag = {"is_default": False, **call.fields, "id": account.names.opaque(22)}
    shown = {name: tag[name] for name in _SHOWN_TAG}
    tags.append(shown)
    return shown


def update_name_tag(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/branding/name_tags/{nameTagId}`."""
    for tag in _require_branding(webinar)["name_tags"]:
        if tag["id"] == call.parts["nameTagId"]:
            tag |= {name: call.fields[name] for name in _SHOWN_TAG if name in call.fields}
            return
    raise Refusal(400, 300, "Name Tag does not exist.")


def delete_name_tags(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/branding/name_tags`."""
    _delete_entries(webinar, "name_tags", call, "name_tag_ids")


def add_background(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/branding/virtual_backgrounds`."""
    backgrounds = _require_branding(webinar)["virtual_backgrounds"]
    if len(backgrounds) >= MOST_BACKGROUNDS:
        raise Refusal(400, 120, "A maximum of 10 files are allowed for a webinar.")
    image = _parse_image(account, call, "You may only upload JPG/JPEG, GIF, or PNG image files.")
    backgrounds.append({**image, "is_default": False})
    return {**image, "is_default": False}


def choose_background(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `PATCH /webinars/{webinarId}/branding/virtual_backgrounds`."""
    backgrounds = _require_branding(webinar)["virtual_backgrounds"]
    chosen = call.params.get("id")
    if chosen not in [background["id"] for background in backgrounds]:
        raise Refusal(400, 300, f"Invalid parameter: {chosen}")
    for background in backgrounds:
        background["is_default"] = background["id"] == chosen


def delete_backgrounds(_account: Account, webinar: Webinar, call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/branding/virtual_backgrounds`."""
    _delete_entries(webinar, "virtual_backgrounds", call, "ids")


def set_wallpaper(account: Account, webinar: Webinar, call: Call) -> Json:
    """Answer `POST /webinars/{webinarId}/branding/wallpaper`."""
    branding = _require_branding(webinar)
    image = _parse_image(account, call, "You can only upload JPG/JPEG, GIF, or PNG image files.")
    branding["wallpaper"] = {"id": image["id"]}
    return image


def delete_wallpaper(_account: Account, webinar: Webinar, _call: Call) -> None:
    """Answer `DELETE /webinars/{webinarId}/branding/wallpaper`."""
    _require_branding(webinar).pop("wallpaper", None)


def _require_branding(webinar: Webinar) -> Json:
    if not webinar.settings["enable_session_branding"]:
        raise Refusal(400, 3000, "This webinar does not have session branding enabled.")
    return webinar.branding


def _delete_entries(webinar: Webinar, kind: str, call: Call, parameter: str) -> None:
    branding = _require_branding(webinar)
    ids = {entry_id.strip() for entry_id in (call.params.get(parameter) or "").split(",") if entry_id.strip()}
    if not ids or not ids <= {entry["id"] for entry in branding[kind]}:
        raise Refusal(400, 300, f"Invalid parameter: `{parameter}`.")
    branding[kind] = [entry for entry in branding[kind] if entry["id"] not in ids]


def _parse_image(account: Account, call: Call, wrong_type: str) -> Json:
    """Parse the uploaded file of a multipart body. `wrong_type` is the error message for a file that is no image."""
    upload = re.search(rb'name="file"; filename="([^"]*)"[^\0]*?\r\n\r\n(.*?)\r\n--', call.body, re.DOTALL)
    if upload is None:
        raise Refusal(400, 120, "No file uploaded. Verify that a file has been uploaded.")
    name, image = upload.group(1).decode("utf-8", "replace"), upload.group(2)
    if not image.startswith(_IMAGES):
        raise Refusal(400, 120, wrong_type)
    if len(call.body) > MOST_BYTES:
        raise Refusal(400, 120, "File size cannot exceed 15M.")
    return {"id": account.names.opaque(22), "name": name, "size": len(image), "type": "image"}
