"""Which alerts follow from what is known of the service, and why it cannot do its work. Pure."""

import re
import shlex
from collections.abc import Iterator
from datetime import timedelta

from ...planning import FEW_ELSEWHERE
from ...store.alerts import Alert
from ...store.db.disks import Disk
from ...store.identity.tokens import ApiToken
from ..notes import describe_pause
from ..waiting import name_events
from .attacks import SERVER_FULL, SIGN_IN_ATTACK, find_attacks, find_doubtful_factors, find_known_passwords
from .facts import SOON, Pause, WatchFacts
from .firewall import find_full_table

ELSEWHERE = "recordings_lead_elsewhere"
PAUSED = "paused_for_long"  # an account (`account`), or a job (`subject`)
KINDS = (
    "disk_nearly_full", "token_expires", PAUSED, "no_account", "heartbeat_unheard", "backup_overdue", SIGN_IN_ATTACK,
    SERVER_FULL, ELSEWHERE,
)  # fmt: skip
_MB, _GB = 10**6, 10**9
_TOKEN_WARNING, _TOKEN_CRITICAL = timedelta(days=14), timedelta(days=3)
_TOKEN_ENDED = timedelta(days=3)  # for so long an ended token is still told: its script may be noticed only now
_LONG_PAUSE = timedelta(hours=24)
_UNHEARD_ROUNDS = 3  # fewer may be one hiccup of the network


def find_alerts(facts: WatchFacts) -> tuple[Alert, ...]:
    """Build the alerts about the service: exactly these of KINDS are to be open."""
    return (
        *_of_disks(facts),
        *_of_tokens(facts),
        *_of_pauses(facts),
        *_of_accounts(facts),
        *_of_monitor(facts),
        *_of_backups(facts),
        *_of_links(facts),
        *find_attacks(facts.refused, facts.alert_refusals, facts.now),
        *find_full_table(facts.tracked),
        *find_known_passwords(facts.wrong_codes, facts.now),
        *find_doubtful_factors(facts.new_factors),
    )


def find_failures(facts: WatchFacts) -> tuple[str, ...]:
    """Say why the service cannot do its work, for the monitor. Pauses are wanted, and no failure.

    The sentences leave the house: they hold our own words and names alone, and nothing that Zoom has said.
    """
    stopped = (f"Zoom account {name} is stopped: zoom-ops accounts says why." for name in facts.stopped_accounts)
    full = (f"The disk with {disk.holds} has {_size(disk.free)} left." for disk in facts.disks if _is_critical(disk))
    return (*stopped, *full)


def _of_disks(facts: WatchFacts) -> Iterator[Alert]:
    for disk in facts.disks:
        if not _is_critical(disk) and disk.free >= max(_GB, disk.total / 10):
            continue
        yield Alert(
            kind="disk_nearly_full",
            subject=disk.folder,
            sentence=(
                f"The disk with {disk.holds} ({disk.folder}) has {_size(disk.free)} of {_size(disk.total)} left. "
                "When it is full, nothing is made or taken in. Make room, or: zoom-ops run prune_records"
            ),
            severity="critical" if _is_critical(disk) else "warning",
            cause=disk.folder,
        )


def _is_critical(disk: Disk) -> bool:
    return disk.free < max(200 * _MB, disk.total / 50)


def _of_tokens(facts: WatchFacts) -> Iterator[Alert]:
    for token in facts.tokens:
        if token.expires_at is None:
            continue
        left = token.expires_at - facts.now
        if not -_TOKEN_ENDED <= left < _TOKEN_WARNING:
            continue
        verb = "ends" if left > timedelta() else "ended"
        yield Alert(
            kind="token_expires",
            subject=token.name,
            sentence=(
                f"Token {token.name} {verb} on {token.expires_at:%Y-%m-%d %H:%M} UTC, and requests with it are refused "
                f"from then on. Give its script another: {_command_for(token)}. "
                f"Then: zoom-ops tokens revoke {shlex.quote(token.name)}"
            ),
            severity="critical" if left < _TOKEN_CRITICAL else "warning",
            cause=token.name,
        )


def _command_for(token: ApiToken) -> str:
    """Write the command that makes a token like this one, under another name."""
    numbered = re.fullmatch(r"(.*)-([0-9]{1,4})", token.name)
    name = f"{numbered[1]}-{int(numbered[2]) + 1}" if numbered else f"{token.name}-2"
    return " ".join(("zoom-ops tokens add", shlex.quote(name), *(f"--scope {scope}" for scope in token.scopes)))


def _of_pauses(facts: WatchFacts) -> Iterator[Alert]:
    for pause in facts.pauses:
        is_long = pause.since is None or facts.now - pause.since > _LONG_PAUSE
        if not (is_long or pause.coming or pause.waiting):
            continue
        is_account = pause.what == "account"
        effect = "No call goes to Zoom." if is_account else "It does not run by itself."
        about = describe_pause(pause.by, pause.since, pause.note)
        yield Alert(
            kind=PAUSED,
            account=pause.name if is_account else None,
            subject=None if is_account else pause.name,
            sentence=" ".join(
                (f"{pause.what.capitalize()} {pause.name}: {about}", effect, *_of_coming(pause), _resumption(pause))
            ),
            severity="critical" if pause.lacking else "warning",
            cause=pause.name,
        )


def _of_coming(pause: Pause) -> Iterator[str]:
    hours = SOON // timedelta(hours=1)
    if pause.coming:
        yield f"{pause.coming} {'event begins' if pause.coming == 1 else 'events begin'} within {hours} hours."
    if pause.waiting:
        count = len(pause.waiting)
        yield f"{count} {'event waits' if count == 1 else 'events wait'} for it: {name_events(pause.waiting)}."
    if pause.lacking:
        yield f"Without a webinar: {name_events(pause.lacking)}."


def _resumption(pause: Pause) -> str:
    return f"To go on: zoom-ops {pause.what}s resume {pause.name}"


def _of_accounts(facts: WatchFacts) -> Iterator[Alert]:
    if facts.without_account is None:
        return
    count, first = facts.without_account
    events = "1 event needs" if count == 1 else f"{count} events need"
    yield Alert(
        kind="no_account",
        sentence=(
            f"No Zoom account is configured, and {events} a webinar; the first is {first}. "
            "Name it in config/settings.toml (docs/configuration.md); the daemon reads it by itself. Then: zoom-ops "
            "doctor"
        ),
    )


def _of_monitor(facts: WatchFacts) -> Iterator[Alert]:
    if facts.unheard.rounds >= _UNHEARD_ROUNDS:
        yield Alert(
            kind="heartbeat_unheard",
            sentence=(
                f"The monitor at HEARTBEAT_URL has not heard this service {_UNHEARD_ROUNDS} times in a row or more. "
                f"{facts.unheard.reason} Check the address: zoom-ops doctor"
            ),
        )


def _size(count: int) -> str:
    """Render bytes so coarsely that the sentence of an alert rarely changes."""
    return f"{count / _GB:.1f} GB" if count >= _GB else f"{count // (10 * _MB) * 10} MB"


def _of_backups(facts: WatchFacts) -> Iterator[Alert]:
    found = facts.backups
    if found and found.trouble in ("unusable", "old"):
        yield Alert(
            kind="backup_overdue",
            subject=str(found.folder),
            sentence=f"{found.sentence} Until that is mended, a lost disk costs what is newer.",
            severity="warning",
            cause=str(found.folder),
        )


def _of_links(facts: WatchFacts) -> Iterator[Alert]:
    if facts.elsewhere > FEW_ELSEWHERE:
        yield Alert(
            kind=ELSEWHERE,
            sentence=(
                f"The recordings of {facts.elsewhere} events lead to where none may play: nobody can open them. "
                "Perhaps ZOOM_OPS_RECORDING_HOSTS lacks a host: zoom-ops doctor names them. Add it and restart. What "
                "is published stays until then. To withdraw it all: zoom-ops apply --kind recording --force"
            ),
            severity="critical",
        )
