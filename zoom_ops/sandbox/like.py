"""A policy from the report of a rehearsal, so that the practice Zoom behaves like the account that was measured."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import BadInputError
from .policy import Policy, known_setting

_TOLD_ONLY = frozenset([  # facts that say how an account is, and change nothing in how it answers
    "agenda_kept", "agenda_listed", "capacity", "change_refused", "deleted", "host_matches", "instances",
    "license_type", "nested_lost", "no_recordings", "notified", "panelist_fields", "play_link", "practice_said",
    "recorded_after_s", "recording_minutes", "recording_of_none", "recordings", "renamed", "seat_kept",
    "token_life_s", "transcribed_after_s",
])  # fmt: skip
FORMAT = 1  # of the report
LONGEST_REPORT = 5_000_000  # bytes
Keys = dict[str, dict[str, Any]]  # table → key → value


def load_like(path: Path | str) -> tuple[Policy, tuple[str, ...]]:
    """Load the policy of a report; return it with the facts that no policy can express, or of another version.

    Raises BadInputError for a file that is no report.
    """
    file = str(path)
    try:
        content = Path(path).read_bytes()
        document = json.loads(content) if len(content) <= LONGEST_REPORT else None
    except (OSError, ValueError, RecursionError) as error:
        raise BadInputError(f"The report cannot be read: {error}", file=file) from error
    facts = document.get("facts") if isinstance(document, Mapping) else None
    if not isinstance(facts, Mapping):
        raise BadInputError("This is not a report of zoom-ops rehearse --json: it has no facts.", file=file)
    policy, unread = policy_like(facts)
    version = document.get("format") if isinstance(document, Mapping) else None
    return policy, (*unread, *([] if version == FORMAT else [f"format {version}, of another version"]))


def policy_like(facts: Mapping[str, Any]) -> tuple[Policy, tuple[str, ...]]:
    """Build the policy that facts mean, with the names of the facts that mean none. Never raises."""
    policy, unread = Policy(), list[str]()
    for name, value in facts.items():
        if name in _TOLD_ONLY:
            continue
        try:
            policy = policy.merged(_READERS[name](value))
        except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
            unread.append(str(name))
    return policy, tuple(unread)


def _settings(table: str, values: Mapping[str, Any]) -> Keys:
    named = {name.removeprefix("settings."): value for name, value in values.items()}
    return {"settings": {table: {name: value for name, value in named.items() if known_setting(name)}}}


def _refusable(key: str, usual: str) -> Callable[[str], Keys]:
    return lambda answer: {"undocumented": {key: "refused" if answer.startswith("refused") else usual}}


_READERS: Mapping[str, Callable[[Any], Keys]] = {
    "refused": lambda kept: _settings("locked", {name: both["kept"] for name, both in kept.items()}),
    "inherited": lambda values: _settings("inherited", values),
    "host_as_panelist": _refusable("host_as_panelist", "seated"),
    "nested_part": lambda answer: {"undocumented": {"nested_settings": answer}},
    "seated_twice": lambda answer: {
        "undocumented": {"same_address": "refused" if answer.startswith("refused") else answer.replace("2 ", "two ")}
    },
    "removed_twice": lambda answer: {"undocumented": {"unseated": "204" if answer.startswith("2") else "refused"}},
    "unlicensed": lambda answer: {
        "features": {
            "unlicensed": [] if answer == "licensed" else ["language_interpretation"],
            "refuse_unlicensed": answer.startswith("refused"),
        }
    },
    "scope_form": lambda answer: {"app": {"broad_scopes": answer == "broad"}},
    "instances_of_none": lambda answer: {
        "undocumented": {"instances_of_none": "404" if answer.startswith("404") else "none"}
    },
    "cloud_recording": lambda may: {"recordings": {"cloud_recording": may is not False}},
    "auto_delete_days": lambda days: {"recordings": {"auto_delete_days": days} if days is not None else {}},
    "features": lambda features: {"features": {"meeting_capacity": features.get("meeting_capacity", 100)}},
    "panelist_email": lambda answer: {"people": {"blank_emails": answer == "withheld"}},
    "passcode_fields": lambda fields: {"recordings": {"passcode_right": bool(fields)}},
    "sharing": lambda sharing: {
        "recordings": {
            "share": sharing["shared"] or "publicly",
            "authentication": sharing["sign_in"],
            "on_demand": sharing["on_demand"],
            "viewer_download": sharing["viewer_download"] is not False,
            "passcode_required": sharing["needs_passcode"] is not False,
        }
    },
    "list_lag_s": lambda seconds: {"undocumented": {"list_lag_s": seconds or 0}},
}
