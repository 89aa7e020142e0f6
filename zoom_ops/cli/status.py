"""`zoom-ops status`: the service on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from .alerts import say_window
from .opening import opened
from .output import AsJson, print_json

if TYPE_CHECKING:
    from ..operations.views.status import Status

_INDENT = 10
_SHOWN = 4  # lines of a list; the command at its end shows all
_LATE = {
    "record": "record incomplete",
    "webinar": "no webinar yet",
    "speakers": "speakers not seated",
    "settings": "settings not as asked",
    "started": "not started",
    "links": "links missing",
}


def status(as_json: AsJson = False) -> None:
    """Show the service on one screen: process, accounts, hosts, events of today, problems. Exit with 1 for problems."""
    from ..operations.views.status import load_status, status_json

    with opened() as service:
        current = load_status(service.context)
    if as_json:
        print_json(status_json(current))
    else:
        for title, lines in _sections(current):
            _print_section(title, lines)
        things = "1 thing needs" if current.needs == 1 else f"{current.needs} things need"
        typer.secho(f"{things} a person." if current.needs else "All is well.", bold=True)
    if current.needs:
        raise typer.Exit(1)


def _sections(status: Status) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections of the screen: a word, and its lines. A section without lines is left out."""
    yield "Service", [_service_line(status)]
    yield "Accounts", _account_lines(status)
    yield "Hosts", _host_lines(status)
    yield "Live", _cut([_named(row) for row in status.live], "zoom-ops events list")
    yield (
        "Next",
        _cut([_coming_line(row, status.late.get(row.id, ())) for row in status.coming], "zoom-ops events list"),
    )
    yield "Problems", _cut([_problem_line(problem) for problem in status.problems], "zoom-ops alerts")
    yield "Quiet", [say_window(window) for window in status.windows]
    yield "Runs", _run_lines(status)
    yield "Refused", [status.refused] if status.refused else []
    yield "Jobs", [str(holdup.message) for holdup in status.paused_jobs]
    yield "Missing", [gap.sentence for gap in status.gaps]


def _service_line(status: Status) -> str:
    facts = status.service
    if facts.is_performing:
        return f"performs runs; last sign of life at {facts.heard_at:%H:%M:%S} UTC; engine {status.engine}"
    silent = next(str(holdup.message) for holdup in status.holdups if holdup.kind == "no_process")
    return f"{silent} {status.waiting}".strip()


def _account_lines(status: Status) -> list[str]:
    stops = {holdup.account: str(holdup.message) for holdup in reversed(status.holdups) if holdup.account}
    if (first := next(iter(status.holdups), None)) and first.account:
        stops[first.account] = f"{first.message} {status.waiting}".strip()
    lines = []
    for row in status.accounts:
        name, errors = row["name"], row["errors_today"]
        failed = f", {errors} of them failed" if errors else ""
        working = f"{name}: working; {row['calls_today']} calls today{failed}"
        lines.append(stops.get(name, working))
    return lines


def _host_lines(status: Status) -> list[str]:
    """Say how many changes the hosts have left: a line for each that has used some."""
    used = sorted((left, email) for _, email, left in status.hosts if left < 100)
    lines = _cut([f"{email}: {left} of 100 changes left until 00:00 UTC" for left, email in used], "zoom-ops hosts")
    if fresh := len(status.hosts) - len(used):
        lines.append(f"{fresh} {'host has' if fresh == 1 else 'hosts have'} all 100 changes left today")
    return lines


def _problem_line(problem: Mapping[str, Any]) -> str:
    times = f"{problem['count']} × " if problem["count"] > 1 else ""
    muted = "muted, " if problem["muted"] else ""
    about = f"{problem['about']}: " if problem["about"] else ""
    return _one_line(f"{muted}{times}{problem['kind']}: {about}{problem['sentence']}")


def _run_lines(status: Status) -> list[str]:
    """Say which runs failed or are parked: a line for each error."""
    errors: dict[tuple[str, str], list[int]] = {}
    for run in status.runs:
        errors.setdefault((run.state, str(run.error or "")), []).append(run.id)
    lines = [_one_line(f"{len(ids)} {state} (run {ids[0]}): {error}") for (state, error), ids in errors.items()]
    return [*_cut(lines, ""), "All of them: zoom-ops runs --failed"] if lines else []


def _named(row: Any) -> str:
    return _one_line(f"{row.id}: {row.name}")


def _coming_line(row: Any, late: tuple[str, ...]) -> str:
    """Name an event to come; say first which of its stages are late."""
    begins = f"{row.start_at:%Y-%m-%d %H:%M} UTC"
    if not late:
        return f"{begins} {_named(row)}"
    missing = ", ".join(dict.fromkeys(_LATE.get(stage, "see its plan") for stage in late))
    return f"{begins} late ({missing}): {_named(row)}"


def _cut(lines: list[str], command: str) -> list[str]:
    if len(lines) <= _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"… {len(lines) - _SHOWN} more{': ' if command else ''}{command}"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _width() -> int | None:
    """Return the width of the terminal; None where the output is read by a program, which gets whole lines."""
    import sys
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 2 * _INDENT) if sys.stdout.isatty() else None


def _print_section(title: str, lines: list[str]) -> None:
    from textwrap import wrap

    width = _width()
    wrapped = [part for line in lines for part in (wrap(line, width - _INDENT) if width else [line])]
    for number, part in enumerate(wrapped):
        typer.secho(f"{'' if number else title:<{_INDENT}}", bold=True, nl=False)
        typer.echo(part)
