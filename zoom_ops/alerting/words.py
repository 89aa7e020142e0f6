"""The words of messages to operators: a subject and plain text that can be read on a telephone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..errors import shorten
from ..events import clean_line
from ..store.alerts import SEVERITIES, Severity
from .deciding import News
from .hours import Hours
from .problems import Mute, Problem, Window

TITLE_LIMIT = 100
SHOWN = 10  # alerts of one problem, problems of one message
_NAME_LIMIT = 30
_SUMMARY_LIMIT = 160
_AGAIN = {"begun": "", "worse": "worse: ", "still": "still: ", "over": "over: "}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One alert of a problem."""

    about: str  # an event's name, a host's address; empty if it is about the account or the service
    start: datetime | None = None  # of the event
    sentence: str  # what happened, and what to do; empty where it is over
    link: str | None = None  # the console's page of the event


@dataclass(frozen=True, kw_only=True)
class Detail:
    """The alerts of a problem: the first ones, and the number of all. Of one that is over: those that it had."""

    lines: tuple[Line, ...] = ()
    count: int = 0
    waits: str = ""  # the events that wait for the end of the problem


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What all messages of an installation have in common."""

    name: str  # of the installation, in the subject
    base_url: str
    hours: Hours


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message without its recipient."""

    kind: str
    severity: Severity
    title: str
    body: str
    problem: str | None = None  # that it is about; None: several, or a digest
    account: str | None = None


def summarize(kind: str, cause: str, counted: tuple[int, str], about: str, sentence: str) -> str:
    """Say in a few words what a problem is.

    `counted`: how many of which things, such as (3, "events"); `about` and `sentence` are of its first alert.
    """
    count, things = counted
    readable = cause if " " in cause else ""
    if count == 1:
        text = readable or _first_of(sentence)
        named = about and about.lower() not in text.lower()
        return shorten(f"{about}: {text}" if named else text, _SUMMARY_LIMIT)
    return shorten(f"{count} {things}: {readable or kind.replace('_', ' ')}", _SUMMARY_LIMIT)


def compose_one(frame: Frame, news: News, detail: Detail) -> Message:
    """Build the message about one problem."""
    problem = news.problem
    title = _title(frame, problem.severity, f"{_AGAIN[news.what]}{problem.summary}")
    about = {"problem": problem.id, "account": problem.account}
    if news.what == "over":
        parts = [f"This is over: {problem.summary}", _facts(frame, problem, news.ended)]
        parts += [*_returned(frame, news), *_lines(frame, detail)]
        parts.append(f"All that is open: {frame.base_url}/-/alerts")
        title = _title(frame, "over", problem.summary)
        return Message(kind="over", severity=problem.severity, title=title, body="\n\n".join(parts) + "\n", **about)
    parts = [_facts(frame, problem), *_returned(frame, news), *_lines(frame, detail)]
    if detail.waits:
        parts.append(detail.waits)
    parts.append(f"All: {frame.base_url}/-/alerts#problem-{problem.id}")
    parts.append(f'Tell me no more of it: zoom-ops alerts mute {problem.id} --note "why"')
    return Message(kind=news.what, severity=problem.severity, title=title, body="\n\n".join(parts) + "\n", **about)


def compose_several(frame: Frame, news: Sequence[News]) -> Message:
    """Build one message about many problems at once."""
    worst = max((entry.problem.severity for entry in news), key=SEVERITIES.index)
    ordered = sorted(news, key=lambda entry: (-SEVERITIES.index(entry.problem.severity), entry.problem.since))
    lines = [f"• {entry.problem.severity}: {_AGAIN[entry.what]}{entry.problem.summary}" for entry in ordered[:SHOWN]]
    more = [f"and {len(ordered) - SHOWN} more"] if len(ordered) > SHOWN else []
    parts = ("\n".join(lines), *more, f"All: {frame.base_url}/-/alerts or: zoom-ops alerts")
    title = _title(frame, worst, f"{len(news)} problems at once")
    return Message(kind="several", severity=worst, title=title, body="\n\n".join(parts) + "\n")


def compose_digest(
    frame: Frame,
    problems: Sequence[Problem],
    mutes: Mapping[str, Mute],
    windows: Sequence[Window],
    ended: Sequence[str],
    now: datetime,
) -> Message:
    """Build the daily digest; also where there is nothing to tell.

    `mutes`: by problem. `ended`: summaries of what ended since the last digest.
    """
    open_ones = [problem for problem in problems if problem.id not in mutes]
    ordered = sorted(open_ones, key=lambda problem: (-SEVERITIES.index(problem.severity), problem.since))
    sections = [
        _section("Open", [f"{one.severity}: {one.summary} (since {frame.hours.local(one.since)})" for one in ordered]),
        _section("Muted", [_muted(mute, problems, frame) for mute in mutes.values()]),
        _section("Maintenance", [describe_window(window, frame.hours, now) for window in windows]),
        _section("Over since the last digest", list(ended)),
    ]
    needs = f"{len(open_ones)} open {_plural('problem', len(open_ones))}" if open_ones else "Nothing needs you"
    severities: list[Severity] = [one.severity for one in open_ones]
    severity: Severity = max(severities, key=SEVERITIES.index, default="info")
    title = _cut(f"[{_name(frame)}] digest: {needs}")
    last = f"{frame.base_url}/-/ or: zoom-ops alerts"
    body = "\n\n".join([f"{needs}.", *(section for section in sections if section), last])
    return Message(kind="digest", severity=severity, title=title, body=f"{body}\n")


def compose_test(frame: Frame, label: str, now: datetime) -> Message:
    """Build the message of `zoom-ops alerts test`."""
    return Message(
        kind="test",
        severity="info",
        title=f"[{_name(frame)}] test: alerts arrive here",
        body=f"This is a test to {label}, sent {frame.hours.local(now)}. Nothing has to be done.\n",
    )


def describe_window(window: Window, hours: Hours, now: datetime) -> str:
    """Describe a maintenance window in a sentence."""
    whose = f"account {window.account}" if window.account else "everything"
    when = f"until {hours.local(window.ends)}"
    if not window.lasts(now):
        when = f"from {hours.local(window.begins)} {when}"
    return f"Maintenance of {whose} {when}: {window.note} ({window.who}). Nobody is told of it meanwhile."


def _title(frame: Frame, severity: Severity | Literal["over"], text: str) -> str:
    return _cut(f"[{_name(frame)}] {severity}: {clean_line(text)}")


def _cut(title: str) -> str:
    return shorten(title, TITLE_LIMIT)


def _name(frame: Frame) -> str:
    return shorten(clean_line(frame.name), _NAME_LIMIT)


def _facts(frame: Frame, problem: Problem, ended: datetime | None = None) -> str:
    whose = f" · account {problem.account}" if problem.account else ""
    since = frame.hours.local(problem.since)
    when = f"from {since} until {frame.hours.local(ended)}" if ended else f"since {since}"
    return f"{problem.severity}{whose} · {when}"


def _returned(frame: Frame, news: News) -> list[str]:
    if not (news.returns.count and news.returns.since):
        return []
    times = "once" if news.returns.count == 1 else f"{news.returns.count} times"
    return [f"It returned {times} since {frame.hours.local(news.returns.since)}."]


def _lines(frame: Frame, detail: Detail) -> list[str]:
    """Write the first alerts of a problem, and how many more there are."""
    more = detail.count - len(detail.lines)
    return [*(_alert(frame, line) for line in detail.lines), *([f"and {more} more"] if more > 0 else [])]


def _alert(frame: Frame, line: Line) -> str:
    start = f", {frame.hours.local(line.start)}" if line.start else ""
    head = [f"• {line.about}{start}"] if line.about else []
    return "\n".join([*head, *filter(None, (line.sentence, line.link))])


def _section(heading: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([f"{heading}:", *(f"• {line}" for line in lines[:SHOWN]), *more])


def _muted(mute: Mute, problems: Sequence[Problem], frame: Frame) -> str:
    found = next((problem.summary for problem in problems if problem.id == mute.problem), mute.kind.replace("_", " "))
    until = f" until {frame.hours.local(mute.until)}" if mute.until else ""
    return f"{found}: muted{until} by {mute.who}: {mute.note}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _first_of(sentence: str) -> str:
    """Return the first sentence, without its full stop."""
    return sentence.partition(". ")[0].rstrip(".")
