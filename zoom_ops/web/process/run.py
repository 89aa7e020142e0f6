"""The process of a daemon, from its start to a graceful stop: the engine, and the web server in a thread."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Literal, Protocol

import structlog

from ...app import App, is_ready
from ...engine.lock import BEING_MOVED, WorkLock, open_use_lock
from ...errors import ConfigurationError, ZoomOpsError
from ...live import Live
from ...operations.admin.configured import follow_configuration
from ...operations.admin.doctor import omissions
from ...operations.admin.newer import ask_unlooked
from ...operations.alerting.round import follow_settings
from ...operations.exposition import Exposition
from ...operations.refusals import RefusalReporter
from ...operations.watching.outage import report_outage
from ...store.copy.progress import refuse_moved
from ...store.db.notify import NoticeListener
from ...system import memory
from ..i18n.language import Language
from ..probes.answers import Probes
from ..probes.server import open_probes
from ..reloading import Reloader, open_languages
from .terminal import Terminal

log = structlog.get_logger()
Part = Literal["web", "worker", "scheduler"]
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # SIGHUP asks to read the configuration, the others to stop
_SWITCH_S = 0.0005  # until a thread that computes lets the loop go on, which has to wait so at each read and write
_TAKEN = "Another zoom_ops process does the work of this database already; stop it first."
_LOOK_S = 5.0  # seconds between two checks that the database was not moved


class Server(Protocol):
    """What answers requests."""

    def start(self) -> None:
        """Serve until `stop()`, and return at once."""

    def stop(self) -> None:
        """Accept no more requests, and wait a moment for those in progress."""


def serve(app: App, *, only: Part | None = None, ready: Callable[[str], None] = lambda _: None) -> None:
    """Run until SIGTERM or Ctrl-C, then finish the runs in progress or hand them back. SIGHUP reads the files again.

    `ready` is called with the base URL once the daemon runs. A scheduler enqueues the due work of the jobs and performs
    no runs; a worker does both. Raise ConfigurationError if another process does the work or moves the database.
    """
    memory.keep_small()
    sys.setswitchinterval(_SWITCH_S)
    works = only != "web"
    in_use = _use(app)
    if works and not app.engines.daemon_lock.acquire():
        raise ConfigurationError(f"{_TAKEN}{_why_alone(app)}")
    terminal = Terminal()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # new threads inherit it; `sigwait` gets them all
    listener = _listen(app)
    languages = open_languages(app)
    server = _open_server(app, only, languages)
    reloader = Reloader(app, languages, only or "all")
    reporter = RefusalReporter(app.refusals, app.context.clock, app.database)
    if works:
        _start_work(app, performs=only != "scheduler")
    if server:
        server.start()
        reporter.start()
    _report_settings(app)
    log.info("daemon_started", only=only or "all", engine=app.engines.kind)
    ready(app.settings.base_url)
    threading.Thread(target=_stay, args=(app, in_use), name="use", daemon=True).start()
    reloader.start()
    memory.settle()
    while signal.sigwait(SIGNALS) == signal.SIGHUP and not terminal.is_gone():
        reloader.ask()
    reloader.stop()
    if listener:
        listener.stop()
    if works:
        app.engines.daemon.take_no_more()
    if server:
        server.stop()
        reporter.stop()
    finished = app.engines.daemon.stop() if works else True
    log.info("daemon_stopped", handed_back=not finished)


def _use(app: App) -> WorkLock:
    """Take the shared lock of the database; a process that copies the database holds it exclusively."""
    in_use, until = open_use_lock(app.database, shared=True), app.context.clock.elapsed() + _LOOK_S
    while not in_use.acquire():  # a server may notice the end of the copying process late
        if app.context.clock.elapsed() > until:
            raise ConfigurationError(BEING_MOVED)
        app.context.clock.sleep(0.1)
    return in_use


def _start_work(app: App, *, performs: bool) -> None:
    """Start the engine, and what has to be known before its first run."""
    report_outage(app.context)
    follow_configuration(app.context, app.jobs.values())
    follow_settings(app.context)
    app.engines.daemon.start(app.schedules(), performs=performs)
    threading.Thread(target=_finish_restoration, args=(app,), name="restored", daemon=True).start()


def _report_settings(app: App) -> None:
    """Log what is incomplete or wrong in settings that are good enough to start with."""
    for sentence in omissions(app.context.profiles.values()):
        log.warning("profile_incomplete", reason=sentence)
    for wrong in app.context.alerting.wrong:
        log.error("alert_target_wrong", reason=wrong.sentence)


def _why_alone(app: App) -> str:
    """Render why this process cannot share the work, if the database allows several processes."""
    if app.database.is_sqlite or app.engines.kind == "cluster":
        return ""
    if app.settings.engine == "embedded":
        return " Many can share it, with ENGINE=cluster for each of them."
    missing = "the extra `cluster` is not installed" if app.settings.secret_key else "SECRET_KEY is not set"
    return f" Many can share it, but this one works alone, for {missing}."


def _stay(app: App, in_use: WorkLock) -> None:
    """Renew the lock regularly, and stop the process once the database was moved.

    The lock ends with its connection. Without the lock another process can move the database.
    """
    while True:
        with suppress(ZoomOpsError):
            in_use.acquire()
        try:
            app.database.let_go()
            refuse_moved(app.database)
        except ConfigurationError as error:
            log.critical("database_moved", reason=str(error))
            os.kill(os.getpid(), signal.SIGTERM)
            return
        except ZoomOpsError:
            pass  # the database does not answer: other parts report it
        memory.give_back()
        app.context.clock.sleep(_LOOK_S)


def _finish_restoration(app: App) -> None:
    """Find what Zoom has newer than a restored backup, as far as the command that restored it did not."""
    pause: timedelta | None = timedelta()
    while pause is not None:
        app.context.clock.sleep(pause.total_seconds())
        try:
            pause = ask_unlooked(app.context)
        except ZoomOpsError:
            pause = timedelta(seconds=_LOOK_S)  # the database does not answer: other parts report it


def _listen(app: App) -> NoticeListener | None:
    """Listen to the notices of other processes; SQLite has none."""
    if app.database.is_sqlite:
        return None
    listener = NoticeListener(app.database, {"due": app.engines.daemon.wake, "changed": app.change_signal.ring})
    listener.start()
    return listener


def _open_server(app: App, only: Part | None, languages: Live[str, Language]) -> Server | None:
    """Make the server of the pages, or of the probes alone in a process without pages, which loads no web framework.

    The probes are optional: the process runs without them if their address is in use.
    """
    if only in (None, "web"):
        from ..daemon import open_web  # a worker never needs it, and it takes 30 MB

        return open_web(app, languages)
    try:
        answers = Probes(
            is_ready=partial(is_ready, app),
            metrics=Exposition(app.context, app.jobs).render,
            token=app.settings.metrics_secret,
        )
        return open_probes(answers, app.settings.listen_host, app.settings.listen_port)
    except ConfigurationError as error:
        log.info("probes_not_served", reason=str(error))
        return None
