"""Which alerts follow from what is known of the service, and why it cannot do its work. Pure."""

import re
from collections.abc import Iterator
from datetime import timedelta

from ...messages import Message, Value, as_said
from ...messages import alerts as say
from ...planning import FEW_ELSEWHERE
from ...store.alerts import Alert
from ...store.db.disks import Disk
from ...store.identity.tokens import ApiToken
from ..notes import describe_pause
from ..waiting import list_first
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
            message=say.DISK_FULL(
                holds=disk.holds,
                folder=disk.folder,
                free=_size(disk.free),
                total=_size(disk.total),
                job="prune_records",
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
        ends = say.TOKEN_ENDS if left > timedelta() else say.TOKEN_ENDED
        yield Alert(
            kind="token_expires",
            subject=token.name,
            message=ends(token=token.name, end=token.expires_at, **_another(token)),
            severity="critical" if left < _TOKEN_CRITICAL else "warning",
            cause=token.name,
        )


def _another(token: ApiToken) -> dict[str, Value]:
    """Return the name of a token that takes the place of this one, and its scopes as a command takes them."""
    numbered = re.fullmatch(r"(.*)-([0-9]{1,4})", token.name)
    name = f"{numbered[1]}-{int(numbered[2]) + 1}" if numbered else f"{token.name}-2"
    return {"new": name, "scopes": tuple(word for scope in token.scopes for word in ("--scope", scope))}


def _of_pauses(facts: WatchFacts) -> Iterator[Alert]:
    for pause in facts.pauses:
        is_long = pause.since is None or facts.now - pause.since > _LONG_PAUSE
        if not (is_long or pause.coming or pause.waiting):
            continue
        is_account = pause.what == "account"
        said: dict[str, Value] = {
            "pause": describe_pause(pause.by, pause.since, pause.note),
            "coming": say.BEGIN_SOON(events=pause.coming, hours=SOON // timedelta(hours=1)) if pause.coming else None,
            "waiting": _waiting(pause),
            "lacking": say.WITHOUT_WEBINAR(events=list_first(pause.lacking)) if pause.lacking else None,
        }
        yield Alert(
            kind=PAUSED,
            account=pause.name if is_account else None,
            subject=None if is_account else pause.name,
            message=say.ACCOUNT_PAUSED(account=pause.name, **said)
            if is_account
            else say.JOB_PAUSED(job=pause.name, **said),
            severity="critical" if pause.lacking else "warning",
            cause=pause.name,
        )


def _waiting(pause: Pause) -> Message | None:
    count = len(pause.waiting)
    return say.WAIT_FOR_IT(count=count, events=list_first(pause.waiting)) if count else None


def _of_accounts(facts: WatchFacts) -> Iterator[Alert]:
    if facts.without_account is None:
        return
    count, first = facts.without_account
    yield Alert(
        kind="no_account",
        message=say.NO_ACCOUNT(events=count, event=first),
    )


def _of_monitor(facts: WatchFacts) -> Iterator[Alert]:
    if facts.unheard.rounds >= _UNHEARD_ROUNDS:
        yield Alert(
            kind="heartbeat_unheard",
            message=say.MONITOR_DEAF(times=_UNHEARD_ROUNDS, why=as_said(facts.unheard.reason)),
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
            message=say.BACKUP_OVERDUE(why=as_said(found.sentence)),
            severity="warning",
            cause=str(found.folder),
        )


def _of_links(facts: WatchFacts) -> Iterator[Alert]:
    if facts.elsewhere > FEW_ELSEWHERE:
        yield Alert(
            kind=ELSEWHERE,
            message=say.LEAD_ELSEWHERE(events=facts.elsewhere),
            severity="critical",
        )
