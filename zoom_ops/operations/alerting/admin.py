"""What operators change: mutes, maintenance windows, tests of the targets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ...alerting.hours import parse_moment, parse_span
from ...alerting.notifier import Answer
from ...alerting.words import compose_test
from ...clock import iso_text
from ...errors import BadInputError, NotFoundError
from ...events import clean_line
from ...store.alerting.messages import release
from ...store.alerting.state import end_mute, end_window, load_mutes, load_windows, save_mute, save_window
from ...store.audit import Actor, record_audit
from ...store.db.connect import Database
from ..context import Context
from .deliver import note_failure, note_success
from .known import load_problems

Document = dict[str, Any]
_NOTE_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class Times:
    """From when until when, as people write it: moments in their zone, or how long it lasts."""

    begins: str | None = None  # None: now
    until: str | None = None
    lasts: str | None = None  # such as 2h
    zone: ZoneInfo


def mute_problem(database: Database, name: str, by: Actor, times: Times, *, note: str) -> Document:
    """Mute a problem with a note. `name`: its id, the beginning of it, or its kind if there is one problem of it."""
    note = _check_note(note)
    with database.begin() as connection:
        now = database.now(connection)
        until = read_end(times, now)
        if until is not None and until <= now:
            raise BadInputError(f"A mute until {iso_text(until)} would be over already.")
        problems = load_problems(connection)
        problem = _find(name, {problem.id: problem for problem in problems})
        values = {"kind": problem.kind, "account": problem.account, "cause": problem.cause, "note": note}
        save_mute(connection, problem.id, values | {"who": by.name, "at": now, "until": until})
        about = {"kind": problem.kind, "account": problem.account, "note": note, "until": iso_text(until)}
        record_audit(connection, by, "problem_muted", ("problem", problem.id), now, **about)
    return {"problem": problem.id, "summary": problem.summary, "note": note, "until": iso_text(until)}


def unmute_problem(database: Database, name: str, by: Actor) -> Document:
    """End the mute of a problem."""
    with database.begin() as connection:
        now = database.now(connection)
        mute = _find(name, {row.problem: row for row in load_mutes(connection, now)}, what="muted problem")
        end_mute(connection, mute.problem)
        record_audit(connection, by, "problem_unmuted", ("problem", mute.problem), now, kind=mute.kind, note=mute.note)
    return {"problem": mute.problem, "kind": mute.kind}


def read_end(times: Times, begin: datetime) -> datetime | None:
    """Parse the end of a mute or a window; None where none is given."""
    if times.until and times.lasts:
        raise BadInputError("Say until when, or for how long, not both.")
    try:
        if times.until:
            return parse_moment(times.until, times.zone)
        return begin + parse_span(times.lasts) if times.lasts else None
    except (ValueError, OverflowError) as error:
        raise BadInputError(str(error)) from None


def add_window(database: Database, by: Actor, times: Times, *, note: str, account: str | None = None) -> Document:
    """Add a maintenance window of one account or of the whole service."""
    note = _check_note(note)
    with database.begin() as connection:
        now = database.now(connection)
        try:
            begin = parse_moment(times.begins, times.zone) if times.begins else now
        except ValueError as error:
            raise BadInputError(str(error)) from None
        end = read_end(times, begin)
        if end is None:
            raise BadInputError("Say until when the window lasts, or for how long.")
        if end <= begin:
            raise BadInputError(f"The window ends ({iso_text(end)}) before it begins ({iso_text(begin)}).")
        if end <= now:
            raise BadInputError(f"The window is over already: it ends {iso_text(end)}.")
        row = {"begins": begin, "ends": end, "note": note, "account": account or None, "who": by.name}
        number = save_window(connection, row)
        about = {"begins": iso_text(begin), "ends": iso_text(end), "note": note, "account": account or None}
        record_audit(connection, by, "window_added", ("window", number), now, **about)
    return {"id": number, **about, "who": by.name}


def stop_window(database: Database, number: int, by: Actor) -> Document:
    """End a maintenance window now, or cancel one to come. What was put off for it is sent at once."""
    with database.begin() as connection:
        now = database.now(connection)
        known = [str(row.id) for row in load_windows(connection, now)]
        row = end_window(connection, number, now)
        if row is None:
            raise NotFoundError("maintenance window that lasts or is to come with the number", str(number), known)
        release(connection, row.ends, now)
        record_audit(connection, by, "window_ended", ("window", number), now, note=row.note, account=row.account)
    return {"id": number, "ended": True, "note": row.note}


def check_account(account: str | None, accounts: Any) -> str | None:
    """Return the account of a window; raise NotFoundError where the settings have none of this name."""
    if account and account not in accounts:
        raise NotFoundError("account", account, accounts)
    return account or None


def try_targets(context: Context, by: Actor) -> list[Document]:
    """Send each target a test message now; return what each answered. A target that takes it has no alert any more."""
    alerting = context.alerting
    with context.database.read() as connection:
        now = context.database.now(connection)
    shown = [_answer(wrong.label, Answer(taken=False, sentence=wrong.sentence)) for wrong in alerting.wrong]
    for target in alerting.targets:
        message = compose_test(alerting.frame, target.label, now)
        answer = alerting.notifier.send(target, message.title, message.body, message.severity)
        shown.append(_answer(target.label, answer))
        with context.database.begin() as connection:
            (note_success if answer.taken else note_failure)(connection, target, answer, now)
    with context.database.begin() as connection:
        taken = sum(row["taken"] for row in shown)
        record_audit(connection, by, "alerts_tested", ("alerts", "targets"), now, taken=taken, targets=len(shown))
    return sorted(shown, key=lambda row: int(row["target"].rpartition("#")[2]))


def _answer(label: str, answer: Answer) -> Document:
    return {"target": label, "taken": answer.taken, "answer": answer.sentence}


def _check_note(note: str) -> str:
    """Return a note on one line; raise BadInputError for none or a very long one."""
    cleaned = clean_line(note)
    if not cleaned:
        raise BadInputError("A note is missing: say why, so that everybody who sees it knows.")
    if len(cleaned) > _NOTE_LIMIT:
        raise BadInputError(f"The note has {len(cleaned)} characters: at most {_NOTE_LIMIT}.")
    return cleaned


def _find(name: str, known: dict[str, Any], *, what: str = "problem") -> Any:
    """Find a problem by its id, the beginning of it, or its kind."""
    wanted = name.strip().lower()
    found = [one for key, one in known.items() if key == wanted]
    found = found or [one for key, one in known.items() if wanted and (key.startswith(wanted) or one.kind == wanted)]
    if not found:
        raise NotFoundError(what, name[:60], (*known, *(one.kind for one in known.values())))
    if len(found) > 1:
        names = ", ".join(key for key, one in known.items() if one in found)
        raise BadInputError(f"{name[:60]!r} is meant by several problems: {names}.")
    return found[0]
