"""Phrases of sentences to operators, and what actions and fields are called there."""

from collections.abc import Mapping, Sequence

_SHOWN = 6  # names in a sentence
_ACTIONS: Mapping[str, tuple[str, str]] = {  # by kind: what it does, and what it has done
    "CancelWebinar": ("Delete the webinar", "deleted the webinar"),
    "CreateWebinar": ("Create the webinar", "created the webinar"),
    "DeleteOldWebinar": ("Delete the old webinar", "deleted the old webinar"),
    "UpdateWebinar": ("Change the webinar", "changed the webinar"),
    "RemovePanelist": ("Remove a panelist", "removed a panelist"),
    "AddPanelists": ("Add panelists", "added panelists"),
    "WithdrawRecording": ("Withdraw the recording", "withdrew the recording"),
    "PublishRecording": ("Publish the recording", "published the recording"),
}
_FIELDS = {"topic": "title", "agenda": "description", "timezone": "time zone"}  # Zoom's words, in ours


def name_action(kind: str) -> str:
    """Return what an action of a kind does, in plain words: "Create the webinar"."""
    return _ACTIONS[kind][0] if kind in _ACTIONS else kind


def describe_done(kinds: Sequence[str]) -> str:
    """Say what was done, by the kinds of the actions in their order. Return "" for none."""
    parts = (_done(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds))
    said = ", ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _done(kind: str, times: int) -> str:
    words = _ACTIONS[kind][1] if kind in _ACTIONS else kind
    return f"{words} {times} times" if times > 1 else words


def name_field(field: str) -> str:
    """Return what a field of a webinar is called: "settings.auto_recording" is "auto recording"."""
    plain = field.removeprefix("settings.").replace(".", ": ").replace("_", " ")
    return _FIELDS.get(field, plain)


def shows(title: str, visibility: str) -> str:
    """Describe who can see a recording at the event record once it is published."""
    if visibility == "public":
        return f"Shows “{title}” to everybody at the event record."
    return f"Shows “{title}” to members at the event record."


def name_some(names: Sequence[str]) -> str:
    """List the first names, and count the others."""
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest


def people(count: int) -> str:
    """Render a number of people."""
    return "1 person" if count == 1 else f"{count} people"
