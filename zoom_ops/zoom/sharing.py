"""Lenient parser for who may open recordings: of one recording, and of a host's recordings to come."""

from collections.abc import Mapping
from typing import Any, get_args

from ..webinars import SharedWith, Sharing
from .parsing import as_mapping, as_rows, as_text

_LONGEST_NAME = 200


def parse_sharing(answer: Mapping[str, Any]) -> Sharing:
    """Parse the sharing settings of one recording.

    The passcode is there only for an app whose owner has the right to see it. An empty one says that none is needed.
    """
    shared, passcode = as_text(answer.get("share_recording")), answer.get("password")
    name = as_text(answer.get("authentication_name")) or as_text(answer.get("authentication_option")) or ""
    typed = as_text(passcode) if isinstance(passcode, str) else None  # as a number, 0123 would have lost its zero
    return Sharing(
        shared=next((known for known in get_args(SharedWith) if known == (shared or "").lower()), None),
        sign_in=_as_flag(answer.get("recording_authentication")) or False,
        sign_in_name=name[:_LONGEST_NAME] or None,
        on_demand=_as_flag(answer.get("on_demand")) or False,
        viewer_download=_as_flag(answer.get("viewer_download")),
        needs_passcode=None if typed is None else bool(typed),
        passcode=typed or None,
    )


def describe_recordings(email: str, settings: Mapping[str, Any], authentication: Mapping[str, Any]) -> str:
    """Say in a sentence whether a host's recordings will be open, by the user's settings.

    `authentication`: the settings with `option=recording_authentication`. Zoom tells no default for sharing itself.
    """
    recording = as_mapping(settings.get("recording"))
    if _as_flag(recording.get("cloud_recording")) is False:
        return (
            f"{email} cannot record to the cloud, so there will be no recording to publish: switch Cloud recording on "
            "at Zoom (Settings → Recording)."
        )
    told = as_mapping(authentication.get("authentication_options"))
    told = as_mapping(told.get("recording_authentication")) or authentication
    required = _as_flag(told.get("recording_authentication"))
    if required is None:
        return f"Whether viewers of the recordings of {email} must sign in to Zoom could not be seen."
    if not required:
        return f"Recordings of {email} will be open without signing in to Zoom, unless sharing is changed there."
    options = as_rows(told.get("authentication_options"))
    default = next((row for row in options if _as_flag(row.get("default_option"))), {})
    name = (as_text(default.get("name")) or "")[:_LONGEST_NAME]
    return (
        f"Recordings of {email} will open only for people who sign in to Zoom{f' ({name})' if name else ''}. If "
        "everybody should watch them, switch that off at Zoom: Settings → Recording → Require authentication to view."
    )


def _as_flag(value: Any) -> bool | None:
    """Parse a switch, also where Zoom sends it as a text."""
    return (
        {True: True, False: False, "true": True, "false": False}.get(value) if isinstance(value, bool | str) else None
    )
