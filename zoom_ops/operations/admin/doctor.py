"""The checks of `zoom-ops doctor`."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from ...engine.heartbeat import has_stopped
from ...errors import ConfigurationError
from ...linear import sorts_slowly
from ...profiles import Profile
from ...stages import find_service_holdups
from ...store.accounts.stops import Stop, load_stops
from ...store.backups.folder import look_at_folder
from ...store.db.connect import Database
from ...store.db.encryption import KEY_CHECK, SecretBox
from ...store.db.facts import find_fact, settle_fact
from ...store.db.migrate import tables_fit
from ...store.db.server import look_at_server
from ...store.forwarding import load_forwarding
from ...zoom import Gateway
from ..context import Context
from ..gaps import Gap, Kind, load_gaps
from ..holdups import load_service_facts
from ..notes import describe_pause
from ..reconcile.recorded import count_elsewhere
from ..views.alerts import count_open_alerts
from ..views.targets import show_targets

_NAMED = 3  # hosts
_FULL = 0.9  # share of the connections in use from which the next process may get none
SAFE_PYTHONS = ("3.11.16", "3.12.14", "3.13.14", "3.14.6")  # of each series the first without CVE-2026-3276
_SSD_PAGE_COST = 2.0  # a higher random_page_cost is not set for an SSD
_UNHEARD_PROXIES = (
    "not checked: no request with X-Forwarded-For came from ZOOM_OPS_TRUSTED_PROXIES yet, so nobody knows whether it "
    "names the proxies"
)
_WORD = "zoom_ops"  # what is encrypted to recognise the key


@dataclass(frozen=True, kw_only=True)
class Check:
    """The result of one check. What was not `checked` is neither good nor bad; its sentence says where to look."""

    what: str
    ok: bool
    sentence: str
    checked: bool = True


def check_installation(context: Context) -> tuple[Check, ...]:
    """Check database, secret key, profiles, every Zoom account, the monitor and the alerts."""
    kind = context.database.engine.dialect.name
    current = tables_fit(context.database)
    checks = [Check(what="database", ok=current, sentence=f"{kind}, {'up to date' if current else 'not migrated'}")]
    checks.append(_process_check(context))
    checks.append(_python_check())
    if server := look_at_server(context.database):
        facts = [f"{server.connections} of {server.most_connections} connections in use"]
        if server.random_page_cost > _SSD_PAGE_COST:  # it matters from about 100,000 events on
            facts.append(f"random_page_cost is {server.random_page_cost:g}, as for a turning disk: 1.1 for an SSD")
        room = server.connections < _FULL * server.most_connections
        checks.append(Check(what="database server", ok=room, sentence="; ".join(facts)))
    try:
        refuse_other_key(context.database, context.box)
        checks.append(Check(what="secret key", ok=True, sentence="fits this database"))
    except ConfigurationError as error:
        checks.append(Check(what="secret key", ok=False, sentence=str(error)))
    checks.append(Check(what="profiles", ok=True, sentence=", ".join(sorted(context.profiles))))
    checks += [Check(what="profiles", ok=True, sentence=sentence) for sentence in omissions(context.profiles.values())]
    with context.database.read() as connection:
        gaps = load_gaps(context, connection)
        forwarding = load_forwarding(connection, context.database.now(connection))
        pauses = {stop.account: stop for stop in load_stops(connection) if stop.is_pause}
        elsewhere = count_elsewhere(context, connection)
    checks += [_gap_check(gap) for gap in gaps if gap.kind in _GAPS]  # wrong alert targets are checked below
    if context.trusted_proxies and not forwarding.from_trusted:
        checks.append(Check(what="proxies", ok=True, sentence=_UNHEARD_PROXIES, checked=False))
    if elsewhere:
        checks.append(_elsewhere_check(elsewhere))
    for name, gateway in context.gateways.items():
        checks.extend(_account_checks(name, gateway, pauses.get(name)))
    checks.append(_backup_check(context))
    checks.append(_monitor_check(context))
    checks.extend(_target_checks(context))
    count = count_open_alerts(context.database)
    checks.append(Check(what="alerts", ok=True, sentence=f"{count} open: zoom-ops alerts" if count else "none is open"))
    return tuple(checks)


def _python_check() -> Check:
    """Say whether this Python is safe from long runs of combining marks. The service guards itself in any case."""
    version = sys.version.partition(" ")[0]
    if not sorts_slowly():
        return Check(what="python", ok=True, sentence=version)
    advice = f"update to {', '.join(SAFE_PYTHONS[:-1])} or {SAFE_PYTHONS[-1]}: docs/deploying.md, On a machine"
    sentence = f"{version} takes quadratic time for combining marks (CVE-2026-3276), and is guarded; {advice}"
    return Check(what="python", ok=True, sentence=sentence, checked=False)


def omissions(profiles: Iterable[Profile]) -> Iterator[str]:
    """Yield a warning for each profile that leaves settings to the account without a word."""
    for profile in profiles:
        if profile.omitted:
            yield (
                f"config/profiles/{profile.name}.toml says nothing of {', '.join(profile.omitted)}: new webinars get "
                "what the account has. Set them under [settings], or name them in as_account."
            )


def remember_key(database: Database, box: SecretBox) -> None:
    """Store an encrypted word at the first start. Later checks decrypt it to see whether the key still fits."""
    with database.begin() as connection:
        if find_fact(connection, KEY_CHECK) is None:
            settle_fact(connection, KEY_CHECK, (box.seal(_WORD) or b"").decode())


def refuse_other_key(database: Database, box: SecretBox) -> None:
    """Raise ConfigurationError if the key does not decrypt the stored word."""
    with database.read() as connection:
        sealed = find_fact(connection, KEY_CHECK)
    box.unseal(sealed.encode() if sealed is not None else None)


def _elsewhere_check(found: Mapping[str, int]) -> Check:
    """Report published recordings that nobody can open. `found`: how many lead to each host."""
    hosts = sorted(found, key=lambda host: (-found[host], host))
    named = ", ".join(f"{host} ({found[host]})" for host in hosts[:_NAMED])
    more = f" and {len(hosts) - _NAMED} more hosts" if len(hosts) > _NAMED else ""
    sentence = (
        f"published ones that lead to where none may play: {sum(found.values())}, to {named}{more}. Nobody can open "
        "them. If recordings do play there, add the hosts to ZOOM_OPS_RECORDING_HOSTS and restart. If not, withdraw "
        "them: zoom-ops apply --kind recording --force"
    )
    return Check(what="recordings", ok=False, sentence=sentence)


def _process_check(context: Context) -> Check:
    """Report whether a process performs runs. Where none was ever heard of, or it was stopped, that may be meant so."""
    with context.database.read() as connection:
        facts = load_service_facts(context, connection)
        is_meant = facts.heard_at is None or has_stopped(connection)
    silent = next((holdup for holdup in find_service_holdups(facts) if holdup.kind == "no_process"), None)
    if silent is None:
        return Check(what="process", ok=True, sentence="performs runs")
    return Check(what="process", ok=is_meant, sentence=str(silent.message), checked=not is_meant)


def _backup_check(context: Context) -> Check:
    """Report the latest backup in BACKUP_DIR, whoever made it."""
    if not context.database.is_sqlite:
        return Check(what="backups", ok=True, sentence="not checked: pg_dump makes those of PostgreSQL", checked=False)
    if context.nightly is None:
        sentence = "not checked: BACKUP_DIR is not set, so none is made by itself"
        return Check(what="backups", ok=True, sentence=sentence, checked=False)
    found = look_at_folder(context.nightly, context.installation, context.clock.now())
    if found.trouble:
        advice = "" if found.trouble == "unusable" else " Make one now: zoom-ops db backup"
        return Check(what="backups", ok=False, sentence=f"{found.sentence}{advice}")
    sentence = f"{len(found.files)} in {found.folder}, the latest is {found.files[0].name}"
    return Check(what="backups", ok=True, sentence=sentence)


def _monitor_check(context: Context) -> Check:
    """Send the monitor a ping that counts as no sign of life, where it knows such a ping."""
    if context.monitor is None:
        sentence = "not checked: HEARTBEAT_URL is not set, so nobody is told when this service falls silent"
        return Check(what="monitor", ok=True, sentence=sentence, checked=False)
    heard = context.pinger.ping(context.monitor, "test", str(uuid4()), "zoom-ops doctor")
    doubt = " It answers the same to a wrong key: see there whether it arrived."
    if not heard.ok:
        doubt = " Compare HEARTBEAT_URL with the address that the monitor shows."
    sentence = heard.sentence + (doubt if not heard.ok or context.monitor.form == "cronitor" else "")
    return Check(what=f"monitor ({context.monitor.form.capitalize()})", ok=heard.ok, sentence=sentence)


_GAPS: Mapping[Kind, str] = {
    "no_account": "accounts",
    "no_default_account": "accounts",
    "no_hosts": "hosts",
    "no_webhook_secret": "webhook secret",
    "no_user": "console",
    "no_alert_target": "alert targets",
    "plain_http": "address",
    "missing_proxy": "proxies",
    "unnamed_proxy": "proxies",
    "wrong_host": "proxies",
    "readable_secret": "secrets",
}


def _gap_check(gap: Gap) -> Check:
    """Report what is missing: a fault is bad; anything else may be meant to be so."""
    what = f"account {gap.account}: {_GAPS[gap.kind]}" if gap.account else _GAPS[gap.kind]
    return Check(what=what, ok=not gap.is_fault, sentence=gap.sentence, checked=gap.is_fault)


def _target_checks(context: Context) -> Iterator[Check]:
    """Check where operators are told; what each target says, says its latest message."""
    for row in show_targets(context):
        answer = row["answer"] or "not checked: it was sent nothing yet; zoom-ops alerts test does that"
        is_well = row["state"] in ("working", "new")
        yield Check(what=f"alert target {row['target']}", ok=is_well, sentence=answer, checked=row["state"] != "new")


def _account_checks(name: str, gateway: Gateway, pause: Stop | None) -> Iterator[Check]:
    if gateway.account.webhook_secrets:
        yield Check(what=f"account {name}: webhook secret", ok=True, sentence="set")
    if pause:  # no call goes to Zoom: not even this one
        why = f"{describe_pause(pause.by, pause.since, pause.sentence)} To go on: zoom-ops accounts resume {name}"
        yield Check(what=f"account {name}", ok=True, sentence=why, checked=False)
        return
    for finding in gateway.check().findings:
        what = f"account {name}: {finding.subject}"
        yield Check(what=what, ok=finding.ok, sentence=finding.sentence, checked=finding.seen)
