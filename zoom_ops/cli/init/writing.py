"""Write what `zoom-ops init` was told, load it as the service does, and make the first admin."""

from __future__ import annotations

import errno
import secrets
import shutil
import socket
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...linear import split_url
from .questions import Answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...operations.gaps import Gap
    from ...settings import Places, Settings, SettingsDraft
    from ...store.audit import Actor

_EVENT = """\
# An event to practise with: zoom-ops events import {path}
id: practice-town-hall
name: Practice Town Hall
start: "{day}T15:00"
end: "{day}T16:00"
timezone: Europe/Paris
performers:
  - {{kind: speaker, name: Ana Silva, email: ana.silva@example.org}}
  - {{kind: speaker, name: Kofi Mensah, email: kofi.mensah@example.org}}
attachments:
  - {{title: Recording, kind: recording, state: expected, visibility: public}}
"""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was written, and what comes next."""

    settings_file: str
    backup: str | None
    account: str
    hosts: tuple[str, ...]
    admin: str | None
    address: str
    gaps: tuple[Gap, ...]
    notes: tuple[str, ...]
    commands: tuple[str, ...] = field(default=())


def write_all(places: Places, answers: Answers, by: Actor, *, force: bool) -> Done:
    """Write the files and load them again. If anything fails, all files are as they were before."""
    from ...settings import find_overriding, load_settings, settings_text, write_first_files

    kept = {key: answers.get(key) for key in ("client_secret", "webhook_secret")}
    named = {f"{answers['account']}-{key.replace('_', '-')}": value for key, value in kept.items() if value}
    named |= {"alert-to": answers["alert_to"]} if answers.get("alert_to") else {}
    with write_first_files(places, named, lambda files: settings_text(_draft(answers, files)), replace=force) as backup:
        settings = load_settings()
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        gaps = _open_once(settings, answers, by)
    answers["is_written"] = True
    answers["notes"] += _find_taken(settings, answers)
    overriding = find_overriding(_keys(answers))
    if overriding:
        verb = "is" if len(overriding) == 1 else "are"
        answers["notes"].append(f"{', '.join(overriding)} {verb} set here, and override the file.")
    return Done(
        settings_file=places.shown(places.settings_file),
        backup=places.shown(backup) if backup else None,
        account=answers["account"],
        hosts=answers["hosts"],
        admin=answers.get("admin"),
        address=settings.base_url,
        gaps=gaps,
        notes=tuple(answers["notes"]),
        commands=_commands(places, settings.data_dir, answers),
    )


def _is_taken(host: str, port: int) -> bool:
    """Return whether something uses an address of this machine already."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def _find_taken(settings: Settings, answers: Answers) -> list[str]:
    """Say which addresses are in use, so that the next commands would fail."""
    notes = []
    if _is_taken(settings.listen_host, settings.listen_port):
        notes += [
            f"{settings.listen} is in use: stop what uses it before zoom-ops serve, or change listen in the file."
        ]
    address = split_url(answers["sandbox"])
    if answers["practice"] and _is_taken(address.hostname or "", address.port or 80):
        notes += [f"{address.netloc} is in use: stop what uses it before zoom-ops sandbox, or give --sandbox URL."]
    return notes


def practice_credentials(sandbox: str) -> dict[str, Any]:
    """Make up the credentials of an account at the practice Zoom."""
    return {
        "account_id": "practice",
        "client_id": "practice",
        "client_secret": secrets.token_hex(16),
        "webhook_secret": secrets.token_hex(16),
        "api_url": f"{sandbox}/v2",
        "oauth_url": f"{sandbox}/oauth/token",
    }


def _draft(answers: Answers, files: Mapping[str, str]) -> SettingsDraft:
    from ...settings import AccountDraft, SettingsDraft

    name = answers["account"]
    return SettingsDraft(
        base_url=answers["base_url"],
        listen=answers["listen"],
        organisation=answers["organisation"],
        data_dir=answers["data_dir"],
        alert_to_file=files.get("alert-to"),
        account=AccountDraft(
            name=name,
            account_id=answers["account_id"],
            client_id=answers["client_id"],
            client_secret_file=files[f"{name}-client-secret"],
            webhook_secret_file=files.get(f"{name}-webhook-secret"),
            hosts=answers["hosts"],
            plan=answers["plan"],
            api_url=answers.get("api_url"),
            oauth_url=answers.get("oauth_url"),
        ),
    )


def _open_once(settings: Settings, answers: Answers, by: Actor) -> tuple[Gap, ...]:
    """Open the service as the daemon does, add the first admin, and look what is missing."""
    from ...app import open_app
    from ...identity import Passwords, UserChanges, add_user, show_users
    from ...operations.gaps import load_gaps
    from ...storage import session_waits

    with open_app(settings) as service:
        if login := answers.get("admin"):
            users = show_users(service.database, session_waits(settings))
            if any(user["login"] == login for user in users):
                note = f"There is a user {login} already, who keeps role and password: zoom-ops users set changes them."
                answers["notes"].append(note)
            else:
                changes = UserChanges(role="admin", password=answers["password"])
                add_user(service.database, Passwords(organisation=settings.organisation), by, login, changes)
        with service.database.read() as connection:
            return load_gaps(service.context, connection)


def _keys(answers: Answers) -> Any:
    account = ("account_id", "client_id", "client_secret", "webhook_secret", "hosts", "plan", "api_url", "oauth_url")
    yield from ((key,) for key in ("base_url", "listen", "organisation", "data_dir", "alert_to", "database_url"))
    yield from (("accounts", answers["account"], key) for key in account)


def _commands(places: Places, data_dir: Path, answers: Answers) -> tuple[str, ...]:
    program = _program()
    if not answers["practice"]:
        return f"{program} doctor", f"{program} serve", f"{program} events import FILE"
    file = _write_practice_event(places, data_dir)
    return f"{program} sandbox --account {answers['account']}", f"{program} serve", f"{program} events import {file}"


def _write_practice_event(places: Places, data_dir: Path) -> str:
    """Write an event that begins in two days, unless there is one."""
    from ...clock import SystemClock
    from ...settings import write_new

    path = data_dir / "practice-event.yaml"
    shown, day = places.shown(path), SystemClock().now() + timedelta(days=2)
    write_new(path, _EVENT.format(path=shown, day=f"{day:%Y-%m-%d}"))
    return shown


def _program() -> str:
    """Return how this program is called, so that a copied command works: by its name where the shell finds it."""
    called = Path(sys.argv[0])
    found = shutil.which("zoom-ops")
    if called.name != "zoom-ops" or (found and Path(found).resolve() == called.resolve()):
        return "zoom-ops"
    return str(called)
