"""What people do in Zoom's portal, and no app can: convert a webinar, trim a recording, make a webinar elsewhere."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..account import Account
from ..calls import Json
from ..notifications import notify, scheduled_payload
from ..records import Instance, Webinar
from ..zones import write_instant

_MEETING, _WEBINAR = 2, 5


class ConvertBody(BaseModel):
    """What a webinar becomes. Its number stays."""

    model_config = ConfigDict(extra="forbid")
    to: Literal["meeting", "webinar"] = "meeting"


class TrimBody(BaseModel):
    """The recording of an instance that is trimmed to its first minutes."""

    model_config = ConfigDict(extra="forbid")
    uuid: str
    minutes: int = Field(ge=1)


class OriginBody(BaseModel):
    """How a webinar was made."""

    model_config = ConfigDict(extra="forbid")
    made_by_events: bool | None = None
    is_simulive: bool | None = None


def convert(account: Account, webinar: Webinar, order: ConvertBody) -> Json:
    """Convert a webinar to a meeting, or back."""
    webinar.converted = order.to == "meeting"
    webinar.fields["type"] = _MEETING if webinar.converted else _WEBINAR
    event = "webinar.converted_to_meeting" if webinar.converted else "meeting.converted_to_webinar"
    notify(account, event, scheduled_payload(webinar))
    return {"webinar_id": webinar.id, "type": webinar.fields["type"]}


def trim(account: Account, instance: Instance, order: TrimBody) -> Json:
    """Trim a recording: it has other files and is shorter. Zoom documents no notification of this."""
    recording = instance.recorded
    recording.minutes = order.minutes
    for file in recording.kept():
        start = datetime.fromisoformat(file.fields["recording_start"])
        end = write_instant(start + timedelta(minutes=order.minutes))
        file.fields |= {"id": account.names.file_id(), "recording_end": end}
        file.key = account.names.opaque(86)
    return {"uuid": instance.uuid, "duration": order.minutes}


def set_origin(webinar: Webinar, order: OriginBody) -> Json:
    """Set how a webinar was made."""
    if order.made_by_events is not None:
        webinar.made_by_events = order.made_by_events
    if order.is_simulive is not None:
        webinar.fields["is_simulive"] = order.is_simulive
    origin = {"made_by_events": webinar.made_by_events, "is_simulive": webinar.fields["is_simulive"]}
    return {"webinar_id": webinar.id, **origin}
