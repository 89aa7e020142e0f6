"""What a daemon says once it runs: where it is reached, what it works on, and what is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ... import __version__
from ...store.schedules import load_schedule_settings
from ..context import Context
from ..gaps import Gap, load_gaps
from .accounts import show_accounts


@dataclass(frozen=True, kw_only=True)
class Startup:
    """What a daemon is when it begins. `listen` and `base_url` are None in a process that serves no pages."""

    version: str
    listen: str | None
    base_url: str | None
    accounts: tuple[tuple[str, int, str], ...]  # name, number of hosts, state
    jobs: int
    paused_jobs: tuple[str, ...]
    gaps: tuple[Gap, ...]


def load_startup(context: Context, jobs: Collection[str], listen: str | None) -> Startup:
    """Load what a daemon says at its start."""
    with context.database.read() as connection:
        gaps = load_gaps(context, connection)
        settings = load_schedule_settings(connection)
    return Startup(
        version=__version__,
        listen=listen,
        base_url=context.base_url if listen else None,
        accounts=tuple(
            (row["name"], len(context.gateways[row["name"]].account.hosts), _state(row["state"]))
            for row in show_accounts(context)
        ),
        jobs=len(jobs),
        paused_jobs=tuple(sorted(name for name in jobs if name in settings and settings[name].paused)),
        gaps=gaps,
    )


def startup_lines(startup: Startup) -> tuple[str, ...]:
    """Render it for a person: a line for each fact, and one for each thing that is missing."""
    paused = f"; paused: {', '.join(startup.paused_jobs)}" if startup.paused_jobs else ""
    lines = [f"zoom_ops {startup.version}"]
    if startup.base_url:
        lines += [f"Pages     {startup.base_url}/ (here: {startup.listen})", f"Console   {startup.base_url}/-/"]
    else:
        lines += ["Pages     not served by this process"]
    lines += [f"Account   {name}: {_count(hosts, 'host')}, {state}" for name, hosts, state in startup.accounts]
    lines += [f"Jobs      {startup.jobs}{paused}"]
    return (*lines, *(f"Missing   {gap.sentence}" for gap in startup.gaps), "Ctrl-C stops it.")


def startup_json(startup: Startup) -> dict[str, Any]:
    """Build the fields of the log line that says the same to a program."""
    return {
        "version": startup.version,
        "listen": startup.listen,
        "address": startup.base_url,
        "console": f"{startup.base_url}/-/" if startup.base_url else None,
        "accounts": [{"name": name, "hosts": hosts, "state": state} for name, hosts, state in startup.accounts],
        "jobs": startup.jobs,
        "paused_jobs": list(startup.paused_jobs),
        "missing": [gap_json(gap) for gap in startup.gaps],
    }


def gap_json(gap: Gap) -> dict[str, Any]:
    """Build the JSON of something that is missing."""
    return {"kind": gap.kind, "account": gap.account, "reason": gap.reason, "action": gap.action}


def _state(state: str) -> str:
    return "ok" if state == "working" else state


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
