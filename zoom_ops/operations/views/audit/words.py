"""Lines of the audit in plain words: who did what, to which thing, and what of it changed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...events.changes import describe_change, write_times

DEEDS = {
    "account_paused": "paused the Zoom account",
    "account_resumed": "resumed the Zoom account",
    "alert_dismissed": "dismissed the alert",
    "alerts_tested": "sent a test alert",
    "backup_checked": "checked the backup",
    "backup_downloaded": "downloaded the backup",
    "edit_undone": "undid the latest edit",
    "event_approved": "approved what was in doubt",
    "event_cancelled": "cancelled the event",
    "event_deleted": "deleted the event",
    "event_drafted": "made the event a draft",
    "event_imported": "added the event",
    "event_listed": "put the event on the lists",
    "event_published": "published the event",
    "event_unlisted": "took the event off the lists",
    "event_updated": "changed the event",
    "hosts_read": "read the hosts again of",
    "invitations_ordered": "had new invitations sent",
    "job_asked_for": "asked for a job",
    "job_paused": "paused the job",
    "job_resumed": "resumed the job",
    "join_link_shown": "looked at the join link",
    "links_left": "left the links in homes as people changed them",
    "links_restored": "had our links in homes written again",
    "member_keys_renewed": "renewed the keys of links for members of",
    "message_retried": "sent messages again",
    "home_moved": "took the new address of the home",
    "move_ordered": "moved the event to another host",
    "move_taken_back": "took the move to another host back",
    "notification_replayed": "ran the jobs of a notification again",
    "password_change_refused": "gave a wrong password for a new one",
    "people_imported": "changed the address book",
    "person_forgotten": "removed a person from the address book",
    "plan_applied": "applied a plan",
    "problem_muted": "muted the problem",
    "problem_unmuted": "unmuted the problem",
    "proof_refused": "gave a wrong password as a proof",
    "pull_asked_for": "asked for a pull of the home",
    "record_asked_for": "asked for a record of the home",
    "recording_released": "let the recording go",
    "recording_withheld": "kept the recording back",
    "restoration_dismissed": "read what the restoration of a backup meant",
    "recovery_code_used": "used a recovery code",
    "recovery_codes_renewed": "made new recovery codes",
    "run_cancelled": "cancelled the run",
    "run_retried": "retried the run",
    "runs_retried": "retried several runs",
    "schedule_changed": "changed when the job runs",
    "second_factor_added": "added a second factor",
    "second_factor_refused": "gave a wrong code",
    "second_factor_removed": "removed the second factor",
    "second_factor_reset": "removed the second factor of",
    "sign_in_refused": "was refused at sign-in",
    "signed_in": "signed in",
    "signed_out": "signed out",
    "token_added": "made an API token",
    "token_revoked": "revoked the API token",
    "user_added": "added the user",
    "user_changed": "changed the user",
    "user_removed": "removed the user",
    "user_signed_out": "ended sessions of the user",
    "user_unlocked": "forgot the wrong passwords for the user",
    "webhook_tested": "sent a test message",
    "webinar_adopted": "adopted a webinar",
    "window_added": "added a maintenance window",
    "window_ended": "ended a maintenance window",
}
"""What each kind of line says that somebody did."""

_HOW = {
    "session": "in the console",
    "oidc": "in the console, signed in through the provider",
    "token": "with an API token",
    "command line": "on the command line",
    "home": "in its records",
}
_OF_ONESELF = (
    "password_change_refused", "proof_refused", "recovery_code_used", "recovery_codes_renewed", "second_factor_added",
    "second_factor_refused", "second_factor_removed", "sign_in_refused", "signed_in", "signed_out",
)  # fmt: skip
_FEW = 5  # fields; an event that is added has all of them
_HIDDEN = ("became", "force", "not_done", "fields", "job", "for", "skipped")  # said elsewhere or in other words
_NAMES = {  # what is said of a value, where its key does not say it
    "actions": "changes at Zoom or on pages",
    "cause": "with the cause",
    "every": "runs",
    "homes": "in",
    "host": "host now",
    "panelists": "people",
    "sessions_ended": "sessions that ended",
    "left": "recovery codes left",
    "network": "lets them in from",
    "status": "answer",
    "taken": "taken by",
    "targets": "of targets",
    "visibility": "who finds it",
    "webinar": "webinar",
    "created": "new entries",
    "updated": "changed entries",
}


@dataclass(frozen=True, kw_only=True)
class AuditNames:
    """The names of what lines are about: of events by id, of users by login, of recordings by uuid."""

    events: Mapping[str, str] = field(default_factory=dict)
    deleted: Mapping[str, str] = field(default_factory=dict)  # events that were deleted, by id
    users: Mapping[str, str] = field(default_factory=dict)
    recordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditWords:
    """A line in words: who did `deed` to `about`, whose page in the console is at `address` ("" for none)."""

    who: str
    how: str
    deed: str
    about: str
    address: str
    details: tuple[str, ...]


def describe_line(line: Mapping[str, Any], names: AuditNames) -> AuditWords:
    """Describe a line of the audit. `line` has the columns of the table."""
    about, address = _subject(line, names)
    return AuditWords(
        who=_named(line["who"], names.users) if line["how"] != "token" else f"token “{line['who']}”",
        how=_HOW.get(line["how"], line["how"]),
        deed=name_deed(line["what"]),
        about="" if line["what"] in _OF_ONESELF and line["subject"] == line["who"] else about,
        address=address,
        details=tuple(_details(_without_subject(line), names)),
    )


def name_deed(what: str) -> str:
    """Return what a kind of line says that somebody did."""
    return DEEDS.get(what, what.replace("_", " "))


def _subject(line: Mapping[str, Any], names: AuditNames) -> tuple[str, str]:
    """Return what a line is about, by name, and its address."""
    kind, subject, detail = line["subject_kind"], str(line["subject"]), line["detail"]
    plain = subject.replace("_", " ")
    match kind:
        case "event":
            known = subject in names.events
            name = names.events.get(subject) or names.deleted.get(subject) or detail.get("name") or subject
            return name, f"/-/events/{subject}" if known else ""
        case "user":
            return _named(subject, names.users), ""
        case "run":
            return f"{_runs(subject, detail)}{_run_of(detail, names)}", f"/-/runs/{subject}"
        case "alert" | "problem":
            about = names.events.get(str(detail.get("about")), detail.get("about"))
            said = f"{str(detail.get('kind') or kind).replace('_', ' ')}{f' of {about}' if about else ''}"
            return said, f"/-/alerts#problem-{subject}" if kind == "problem" else "/-/alerts?over=1"
    addresses = {
        "job": (f"job “{plain}”", f"/-/jobs#job-{subject}"),
        "account": (f"account {subject}", f"/-/hosts#account-{subject}"),
        "notification": (f"notification {subject}", f"/-/notifications/{subject}"),
        "window": ("a maintenance window", "/-/alerts#maintenance"),
        "people": ("the address book", "/-/people"),
        "alerts": ("everybody who is told", "/-/alerts#targets"),
        "backup": (subject, ""),
        "service": ("the service", ""),
        "webhook": (f"webhook {subject}", "/-/webhooks"),
        "plan": (f"plan {subject}", ""),
        "token": (f"token “{subject}”", ""),
    }
    return addresses.get(kind, (f"{kind} {subject}", ""))


def _runs(subject: str, detail: Mapping[str, Any]) -> str:
    return ", ".join(f"run {run}" for run in detail.get("runs") or (subject,))


def _run_of(detail: Mapping[str, Any], names: AuditNames) -> str:
    if "for" not in detail or "job" not in detail:
        return ""
    return f" ({str(detail['job']).replace('_', ' ')} for {names.events.get(detail['for'], detail['for'])})"


def _named(login: str, users: Mapping[str, str]) -> str:
    name = users.get(login, "")
    return f"{name} ({login})" if name and name.lower() != login.lower() else login


def _details(detail: Mapping[str, Any], names: AuditNames) -> Iterator[str]:
    """Yield what else a line says: first what changed, old → new."""
    yield from map(describe_change, detail.get("changes") or ())
    if "changes" not in detail and len(detail.get("fields") or ()) <= _FEW:
        yield from (str(name).replace("_", " ") for name in detail.get("fields") or ())
    if detail.get("job") and "for" not in detail:
        yield f"job “{str(detail['job']).replace('_', ' ')}”"
    if detail.get("force"):
        yield "by force: also what is refused as unsafe"
    if detail.get("not_done"):
        yield "looked at Zoom: it was not done"
    for key, value in detail.items():
        if key not in (*_HIDDEN, "changes", "runs", "name", "kind", "about") and value not in (None, "", [], False):
            yield _say(key, value, names)
    if isinstance(detail.get("runs"), int):
        yield f"{detail['runs']} {'run' if detail['runs'] == 1 else 'runs'}"


def _without_subject(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the detail of a line without the job that the line is about."""
    is_said = line["subject_kind"] == "job" and line["detail"].get("job") == line["subject"]
    return {key: value for key, value in line["detail"].items() if not (is_said and key == "job")}


def _say(key: str, value: Any, names: AuditNames) -> str:
    if key == "note":
        return f"“{value}”"
    if key == "password":
        return "a new password"
    if key == "recording":
        return names.recordings.get(value, "a recording")
    values = value if isinstance(value, list | tuple) else (value,)
    if key in ("events", "event"):
        said = ", ".join(f"“{names.events.get(each, each)}”" for each in values)
    else:
        said = ", ".join(write_times(str(each)) for each in values)
    return f"{_NAMES.get(key, key.replace('_', ' '))}: {said}"
