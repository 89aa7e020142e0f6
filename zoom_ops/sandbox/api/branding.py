"""The session branding of a webinar: wallpaper, virtual backgrounds, name tags."""

import re

from ..account import Account
from ..calls import NO_CONTENT, Call, Json, Refusal, Reply, created
from ..records import Webinar
from .webinars import require_webinar

MOST_NAME_TAGS, MOST_BACKGROUNDS, MOST_BYTES = 20, 10, 15_000_000
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_SHOWN_TAG = ("id", "name", "text_color", "accent_color", "background_color", "is_default")


def get_branding(account: Account, call: Call) -> Reply:
    """Answer `GET /webinars/{webinarId}/branding`."""
    branding = require_webinar(account, call).branding
    backgrounds = [
        {name: one[name] for name in ("id", "name", "is_default")} for one in branding["virtual_backgrounds"]
    ]
    return Reply(body={**branding, "virtual_backgrounds": backgrounds})


def add_name_tag(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/branding/name_tags`."""
    tags = _branded(account, call).branding["name_tags"]
    if len(tags) >= MOST_NAME_TAGS:
        raise Refusal(
            400,
            3000,
            "You have reached the limit for the number of name tags you can add for this webinar. The limit is 20.",
        )
    tag = {"is_default": False, **call.fields, "id": account.names.opaque(22)}
    shown = {name: tag[name] for name in _SHOWN_TAG}
    tags.append(shown)
    return created(shown)


def update_name_tag(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/branding/name_tags/{nameTagId}`."""
    for tag in _branded(account, call).branding["name_tags"]:
        if tag["id"] == call.parts["nameTagId"]:
            tag |= {name: call.fields[name] for name in _SHOWN_TAG if name in call.fields}
            return NO_CONTENT
    raise Refusal(400, 300, "Name Tag does not exist.")


def delete_name_tags(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/branding/name_tags`."""
    _drop(_branded(account, call), "name_tags", call, "name_tag_ids")
    return NO_CONTENT


def add_background(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/branding/virtual_backgrounds`."""
    backgrounds = _branded(account, call).branding["virtual_backgrounds"]
    if len(backgrounds) >= MOST_BACKGROUNDS:
        raise Refusal(400, 120, "A maximum of 10 files are allowed for a webinar.")
    image = _image(account, call, "You may only upload JPG/JPEG, GIF, or PNG image files.")
    backgrounds.append({**image, "is_default": False})
    return created({**image, "is_default": False})


def choose_background(account: Account, call: Call) -> Reply:
    """Answer `PATCH /webinars/{webinarId}/branding/virtual_backgrounds`."""
    backgrounds = _branded(account, call).branding["virtual_backgrounds"]
    wanted = call.params.get("id")
    if wanted not in [one["id"] for one in backgrounds]:
        raise Refusal(400, 300, f"Invalid parameter: {wanted}")
    for one in backgrounds:
        one["is_default"] = one["id"] == wanted
    return NO_CONTENT


def delete_backgrounds(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/branding/virtual_backgrounds`."""
    _drop(_branded(account, call), "virtual_backgrounds", call, "ids")
    return NO_CONTENT


def set_wallpaper(account: Account, call: Call) -> Reply:
    """Answer `POST /webinars/{webinarId}/branding/wallpaper`."""
    webinar = _branded(account, call)
    image = _image(account, call, "You can only upload JPG/JPEG, GIF, or PNG image files.")
    webinar.branding["wallpaper"] = {"id": image["id"]}
    return created(image)


def delete_wallpaper(account: Account, call: Call) -> Reply:
    """Answer `DELETE /webinars/{webinarId}/branding/wallpaper`."""
    _branded(account, call).branding.pop("wallpaper", None)
    return NO_CONTENT


def _branded(account: Account, call: Call) -> Webinar:
    webinar = require_webinar(account, call)
    if not webinar.settings["enable_session_branding"]:
        raise Refusal(400, 3000, "This webinar does not have session branding enabled.")
    return webinar


def _drop(webinar: Webinar, kind: str, call: Call, parameter: str) -> None:
    wanted = {one.strip() for one in (call.params.get(parameter) or "").split(",") if one.strip()}
    known = {one["id"] for one in webinar.branding[kind]}
    if not wanted or not wanted <= known:
        raise Refusal(400, 300, f"Invalid parameter: `{parameter}`.")
    webinar.branding[kind] = [one for one in webinar.branding[kind] if one["id"] not in wanted]


def _image(account: Account, call: Call, refused: str) -> Json:
    """Take the uploaded file out of a multipart body."""
    found = re.search(rb'name="file"; filename="([^"]*)"[^\0]*?\r\n\r\n(.*?)\r\n--', call.body, re.DOTALL)
    if found is None:
        raise Refusal(400, 120, "No file uploaded. Verify that a file has been uploaded.")
    name, image = found.group(1).decode("utf-8", "replace"), found.group(2)
    if not image.startswith(_IMAGES):
        raise Refusal(400, 120, refused)
    if len(call.body) > MOST_BYTES:
        raise Refusal(400, 120, "File size cannot exceed 15M.")
    return {"id": account.names.opaque(22), "name": name, "size": len(image), "type": "image"}
