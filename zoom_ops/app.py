"""The wiring: from settings to everything connected, values handed in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from .clock import Clock, SystemClock
from .configuration import Configuration, find_exposed, list_secret_holders
from .engine.effects import EffectWaits, Journal
from .engine.heartbeat import is_alive
from .engine.lock import WorkLock, open_lock
from .engine.opening import Engines, open_engines
from .engine.port import EngineHooks, EngineWaits
from .engine.runs import Request, SubjectKind
from .engine.timetable import Schedule
from .errors import NotFoundError, ZoomOpsError
from .gateways import open_gateways
from .homes import EventRecords, Gate, HomeSettings
from .live import Current, Live
from .monitor.address import parse_monitor
from .monitor.pinger import Pinger
from .operations import metrics
from .operations.admin.configured import Changed
from .operations.admin.doctor import refuse_other_key, remember_key
from .operations.alerting.round import ask_to_tell
from .operations.change_signal import ChangeSignal
from .operations.context import Context
from .operations.due import the_watch
from .operations.jobs.registry import Job, load_jobs, rings_of, schedule_of
from .operations.jobs.work import performer
from .operations.notifications.intake import PATIENCE_S, Intake, RawNotification, take_notifications
from .operations.refusals import Refusals
from .operations.watching.watch import report_unwatched
from .operations.webhooks.deliver import ask_for_waiting
from .outgoing import Sender
from .outside import alerting_of, open_homes, picture_hosts_of, webhooks_of
from .settings import Place, Settings, load_homes, load_profiles, load_secret_keys
from .storage import connect_database, engine_kind, name_installation
from .store.accounts.facts import list_facts
from .store.db.backup import Nightly
from .store.db.connect import Database
from .store.db.disks import Disk, measure_disks
from .store.db.encryption import SecretBox
from .store.db.group_commit import GroupCommit
from .store.db.migrate import tables_fit
from .store.db.notify import notify_others
from .store.retention import RetentionPeriods
from .telemetry import Tracer, open_tracer
from .zoom import Gateway, NetworkHealth

AsksFor = Callable[[Connection, datetime], Sequence[Request]]


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything connected."""

    settings: Settings
    context: Context
    jobs: Live[str, Job]
    engines: Engines
    change_signal: ChangeSignal
    tracer: Tracer
    place: Place  # where the configuration is read
    open_gateways: Callable[[Settings, Mapping[str, Gateway]], dict[str, Gateway]]
    given_homes: Mapping[str, HomeSettings]  # they stay, whatever the files say
    refusals: Refusals = field(default_factory=Refusals)

    @property
    def database(self) -> Database:
        """The database."""
        return self.context.database

    def get_job(self, name: str) -> Job:
        """Get a job; raise NotFoundError with the nearest names."""
        if name not in self.jobs:
            raise NotFoundError("job", name, self.jobs)
        return self.jobs[name]

    def schedules(self) -> tuple[Schedule, ...]:
        """Build the schedules of the jobs. The monitor hears where the watch over the service cannot even begin."""
        lost = partial(report_unwatched, self.context)  # as while the disk is full
        schedules = ((job, schedule_of(job)) for job in self.jobs.values())
        return tuple(replace(known, lost=lost) if job.turn is the_watch else known for job, known in schedules)

    def replace(self, configuration: Configuration) -> Changed:
        """Take a configuration in place of the old one; return what has changed. Runs under way keep their gateway."""
        profiles, gateways = dict(self.context.profiles), dict(self.context.gateways)
        settings, opened = configuration.settings, self.open_gateways(configuration.settings, gateways)
        self.context.profiles.replace(configuration.profiles)
        self.context.gateways.replace(opened)
        homes = self._replace_homes(configuration.homes)
        moved = settings.default_account if settings.default_account != self.context.default_account else None
        self.context.default.value = settings.default_account
        self.context.rings.replace(rings_of(configuration.jobs.values()))
        self.jobs.replace(configuration.jobs)
        self.engines.daemon.reschedule(self.schedules())
        return Changed(
            profiles=tuple(name for name, now in configuration.profiles.items() if profiles.get(name) != now),
            accounts=tuple(name for name, now in opened.items() if gateways.get(name) is not now or name == moved),
            homes=homes,
        )

    def _replace_homes(self, homes: Mapping[str, HomeSettings]) -> tuple[str, ...]:
        """Take these homes in place of the old ones; return those that are new or changed."""
        before = dict(self.context.home_settings)
        known = {name: (before[name], records) for name, records in self.context.homes.items()}
        homes = {**homes, **self.given_homes}
        opened = open_homes(homes, self.settings, self.context.clock, known)
        self.context.home_settings.replace(homes)
        self.context.homes.replace(opened)
        return tuple(name for name, home in homes.items() if before.get(name) != home)

    def close(self) -> None:
        """Release the locks, close the database, and send what is left of traces."""
        self.engines.alone_lock.release()
        self.engines.daemon_lock.release()
        self.database.close()
        self.tracer.close()


@contextmanager
def open_app(settings: Settings, on_wrong_file: Callable[[str], object] | None = None) -> Iterator[App]:
    """Connect everything that the settings name, and migrate the database."""
    with closing(connect(settings, SystemClock(), on_wrong_file=on_wrong_file)) as app:
        yield app


def connect(  # noqa: PLR0913  # what a test or a command may give otherwise
    settings: Settings,
    clock: Clock,
    *,
    make_journal: Callable[[Database, EffectWaits], Journal] = Journal,
    make_lock: Callable[[Database], WorkLock] = open_lock,
    homes: Mapping[str, tuple[HomeSettings, EventRecords]] | None = None,
    measure: Callable[[Path, str], tuple[Disk, ...]] = measure_disks,
    place: Place | None = None,
    on_wrong_file: Callable[[str], object] | None = None,
) -> App:
    """Compose the service. A test may give another journal or lock, disks of another size, and homes without files.

    `place`: where the settings were read, if not in the environment and the folder of the process. With
    `on_wrong_file`, a profile or home with a mistake is left out, and the mistake is told.
    """
    tracer = open_tracer(settings.trace_receiver, clock, connect_s=settings.connect_s, read_s=settings.read_s)
    jobs = Live(load_jobs(settings.jobs_dir))
    profiles = Live(load_profiles(settings, on_wrong_file))
    place = place or Place.of()
    home_files = load_homes(settings.config_dir, place, on_wrong_file)
    given_homes = {name: given for name, (given, _) in (homes or {}).items()}
    given_records = {name: records for name, (_, records) in (homes or {}).items()}
    database = connect_database(settings, clock)
    box = SecretBox(load_secret_keys(settings))
    remember_key(database, box)
    refuse_other_key(database, box)
    kind, clock = engine_kind(settings), database.clock
    network_health = NetworkHealth(database, clock, settings.trial_s, alone=kind == "embedded")
    lag_s = max(settings.listing_lag_s, 2 * _measured_lag(database))
    effect_waits = EffectWaits(self_fence_s=settings.self_fence_s, deadline_s=settings.deadline_s, lag_s=lag_s)
    open_all = partial(open_gateways, database=database, box=box, network_health=network_health)
    context = Context(
        database=database,
        group_commit=GroupCommit(database, PATIENCE_S),
        box=box,
        clock=clock,
        journal=make_journal(database, effect_waits),
        homes=Live({**open_homes(home_files, settings, clock, {}), **given_records}),
        home_settings=Live({**home_files, **given_homes}),
        gate=Gate(clock),
        profiles=profiles,
        gateways=Live(open_all(settings, {})),
        webhooks=webhooks_of(settings),
        sender=Sender(clock, connect_s=settings.connect_s, read_s=settings.read_s, deadline_s=settings.deadline_s),
        monitor=parse_monitor(settings.heartbeat_url.get_secret_value()) if settings.heartbeat_url else None,
        pinger=Pinger(clock, connect_s=settings.connect_s, read_s=settings.read_s, deadline_s=settings.deadline_s),
        measure_disks=partial(measure, settings.data_dir, settings.database_url),
        alerting=alerting_of(settings),
        picture_hosts=picture_hosts_of(settings, clock),
        default=Current(settings.default_account),
        installation=name_installation(database),
        engine=kind,
        base_url=settings.base_url,
        trusted_proxies=settings.trusted_proxies,
        alive_within=timedelta(seconds=3 * settings.heartbeat_s + 1),
        recording_margin=timedelta(seconds=settings.recording_margin_s),
        kept=RetentionPeriods(
            runs=timedelta(days=settings.keep_runs_days),
            calls=timedelta(days=settings.keep_calls_days),
            notifications=timedelta(days=settings.keep_notifications_days),
        ),
        alert_refusals=settings.alert_refusals,
        nightly=Nightly(folder=settings.backup_dir, keep=settings.backup_keep) if settings.backup_dir else None,
        rings=Live(rings_of(jobs.values())),
        allowed_hosts=settings.allowed_hosts,
        recording_hosts=settings.recording_hosts,
        listens_openly=settings.listens_openly,
        find_exposed=partial(find_exposed, list_secret_holders(settings, place)),
        provider_admits=bool(settings.oidc and (settings.oidc.operator_values or settings.oidc.admin_values)),
    )
    change_signal = ChangeSignal()

    def signal_change() -> None:
        change_signal.ring()
        notify_others(database, "changed")

    hooks = EngineHooks(
        pause_s=context.group_commit.pause_s,
        asks_for=_ask_for_all(context),
        apart=_apart(context),
        spared=lambda: 2 if len(context.gateways) > 1 else 0,  # of eight threads
        on_finished=signal_change,
        steps_aside=network_health.steps_aside,
        goes_last=network_health.goes_last,
        tracer=tracer,
        on_outcome=metrics.note_run,
    )
    engine_waits = EngineWaits(
        poll_s=settings.poll_s, heartbeat_s=settings.heartbeat_s, waiting_s=settings.waiting_s, stop_s=settings.stop_s
    )
    engines = open_engines(kind, database, make_lock(database), performer(context, jobs), engine_waits, hooks)
    return App(
        settings=settings,
        context=context,
        jobs=jobs,
        engines=engines,
        change_signal=change_signal,
        tracer=tracer,
        place=place,
        open_gateways=open_all,
        given_homes=given_homes,
    )


def is_ready(app: App) -> tuple[bool, str]:
    """Return whether the service can do its work, and the reason if not: database, its version, the engine."""
    try:
        if not tables_fit(app.database):
            return False, "The database is not migrated to this version."
        alive = is_worked_on(app)
    except ZoomOpsError as error:
        return False, str(error)
    if app.engines.daemon.trouble:
        return False, app.engines.daemon.trouble
    if not alive:
        return False, "The engine has not been heard of lately: is the daemon running?"
    return True, "ready"


def is_worked_on(app: App) -> bool:
    """Return whether a process that performs runs has given a sign of life lately."""
    return is_alive(app.database, app.context.alive_within)


def take(app: App, raw: Sequence[RawNotification]) -> Sequence[Intake | Exception]:
    """Take notifications and wake the engine. Storing them notifies the other processes."""
    answers = take_notifications(app.context, raw)
    taken = [part for answer in answers if isinstance(answer, Intake) for part in answer.taken]
    if any(event_id for _, event_id in taken):  # only these ring jobs
        app.engines.daemon.wake()
    if taken:
        app.change_signal.ring()
    return answers


def wake(app: App) -> None:
    """Wake the engine, here and in the other processes, and let open pages look at once."""
    app.engines.daemon.wake()
    app.change_signal.ring()
    notify_others(app.database, "due")


def _ask_for_all(context: Context) -> AsksFor:
    """Build what the engine calls at each look: messages to webhooks, and to operators where somebody is told."""
    messages = ask_for_waiting(context)
    if not context.alerting.is_set:
        return messages
    tell = ask_to_tell(context)
    return lambda connection, now: [*messages(connection, now), *tell(connection, now)]


def _apart(context: Context) -> tuple[SubjectKind, ...]:
    """List the kinds of subjects that may keep a thread waiting. Homes may come later: their files are read again."""
    kinds: dict[SubjectKind, bool] = {"webhook": bool(context.webhooks), "target": context.alerting.is_set}
    return (*(kind for kind, there in kinds.items() if there), "home", "record")


def _measured_lag(database: Database) -> float:
    """Return the longest lag of a host's list that a rehearsal measured, in seconds."""
    with database.read() as connection:
        rows = list_facts(connection)
    return max((row.value for row in rows if row.name == "list_lag_s" and row.value), default=0)
