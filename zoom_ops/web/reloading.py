"""Read the configuration again, on SIGHUP and when a file has changed; report what was refused."""

import os
import socket
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from ..app import App, wake
from ..configuration import (
    Configuration,
    Items,
    Reading,
    Stamp,
    Watch,
    compare,
    describe_files,
    describe_processes,
    items_of,
    read_configuration,
    take_stamp,
)
from ..errors import ZoomOpsError
from ..live import Live
from ..operations.admin.configured import Changed, follow_configuration, report_refused
from ..settings import LIVE, load_words
from ..store.configurations import BEAT, Held, delete_held, load_held, save_held, touch_held
from .i18n.catalogs import check_words, load_languages
from .i18n.language import Language

log = structlog.get_logger()
LOOK_S = 2.0  # seconds between two looks at the files


class Reloader:
    """Keeps what this process has of the configuration as the files say."""

    def __init__(self, app: App, languages: Live[str, Language], part: str) -> None:
        self._app, self._languages, self._part = app, languages, part
        self._process = f"{socket.gethostname()}:{os.getpid()}"[:200]
        self._has = Configuration(
            settings=app.settings,
            profiles=dict(app.context.profiles),
            jobs=dict(app.jobs),
            words=load_words(app.settings),
            homes=dict(app.context.home_settings),
        )
        self._watch = Watch(read=())  # so that what changed during the start is read, too
        self._refused: str | None = None
        self._changed: Changed | None = None  # not followed yet
        self._read_at: datetime = app.context.clock.now()
        self._written_at: float | None = None  # in elapsed seconds; None: something is to be written
        self._asked, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="configuration", daemon=True)

    def start(self) -> None:
        """Begin to watch the files."""
        self._thread.start()

    def ask(self) -> None:
        """Read the files now."""
        self._asked.set()

    def stop(self) -> None:
        """Stop watching, and forget what this process has."""
        self._stopping.set()
        self._asked.set()
        self._thread.join(timeout=1)
        try:
            with self._app.database.begin(durable=False) as connection:
                delete_held(connection, self._process)
        except ZoomOpsError as error:
            log.info("configuration_not_forgotten", reason=str(error))

    def look(self, *, asked: bool = False) -> None:
        """Look at the files once; read them if they have changed and are at rest, or at once if `asked`."""
        stamp = take_stamp(self._app.place)
        if self._watch.look(stamp) or asked:
            self._watch.read = stamp
            self._read()
        try:
            self._write()
        except ZoomOpsError as error:  # tried again at the next look
            log.info("configuration_not_written", reason=str(error))

    def _run(self) -> None:
        asked = False
        while not self._stopping.is_set():
            try:
                self.look(asked=asked)
            except Exception:
                log.exception("configuration_not_read")
            asked = self._asked.wait(LOOK_S)
            self._asked.clear()

    def _read(self) -> None:
        reading = read_configuration(self._app.place, check_words)
        mistakes = reading.mistakes or self._lost(reading)
        if reading.configuration is None or mistakes:
            self._refuse(mistakes)
        else:
            self._take(reading.configuration)

    def _lost(self, reading: Reading) -> tuple[str, ...]:
        """Refuse settings that name no account any more: it is a file that was emptied, and not what is meant."""
        now = reading.configuration
        if now is None or now.settings.accounts or not self._has.settings.accounts:
            return ()
        file = self._app.place.settings_file
        return (f"{file} names no Zoom account any more. If that is meant, restart the daemon.",)

    def _refuse(self, mistakes: tuple[str, ...]) -> None:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        refused = f"{mistakes[0]}{more}"
        if refused != self._refused:
            log.error("configuration_refused", mistakes=mistakes)
            self._refused, self._written_at = refused, None

    def _take(self, configuration: Configuration) -> None:
        live = {name: getattr(configuration.settings, name) for name in LIVE}
        has = Configuration(
            settings=self._app.settings.model_copy(update=live),
            profiles=configuration.profiles,
            jobs=configuration.jobs,
            words=configuration.words,
            homes=configuration.homes,
        )
        differences = compare(self._items(self._has), self._items(has))
        self._refused, self._written_at = None, None
        if not differences:
            return
        changed = self._app.replace(has)
        self._languages.replace(load_languages(self._app.settings.languages, configuration.words))
        self._has, self._read_at = has, self._app.context.clock.now()
        before = self._changed or Changed()
        self._changed = Changed(
            profiles=(*before.profiles, *changed.profiles),
            accounts=(*before.accounts, *changed.accounts),
            homes=(*before.homes, *changed.homes),
        )
        log.info("configuration_taken", changes=[f"{difference.kind} {difference.name}" for difference in differences])

    def _write(self) -> None:
        """Follow a change, write what this process has, keep the alert true. In between, a sign of life is enough."""
        elapsed = self._app.context.clock.elapsed()
        if self._changed:
            if follow_configuration(self._app.context, self._app.jobs.values(), self._changed):
                wake(self._app)
            self._changed = None
        known = self._written_at is not None
        if self._written_at is not None and elapsed - self._written_at < BEAT.total_seconds():
            return
        with self._app.database.begin(durable=False) as connection:
            now = self._app.database.now(connection)
            if not (known and touch_held(connection, self._process, now)):
                save_held(connection, self._held(now))
            report_refused(connection, now)
        self._written_at = elapsed

    def _held(self, now: datetime) -> Held:
        return Held(
            process=self._process,
            part=self._part,
            read_at=self._read_at,
            seen_at=now,
            items=self._items(self._has),
            refused=self._refused,
        )

    def _items(self, configuration: Configuration) -> Items:
        return items_of(configuration, self._app.place.variables, partial(self._app.context.box.fingerprint, "setting"))


class Files:
    """What the files say and what the processes have against it, for pages and API; read again when they change."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stamp: Stamp | None = None
        self._reading = Reading(configuration=None)
        self._lock = threading.Lock()

    def show(self) -> dict[str, Any]:
        """Describe the files, and each running process."""
        app = self._app
        with self._lock:
            stamp = take_stamp(app.place)
            if stamp != self._stamp:
                self._reading, self._stamp = read_configuration(app.place, check_words), stamp
            reading = self._reading
        with app.database.read() as connection:
            processes = load_held(connection, app.database.now(connection))
        fingerprint = partial(app.context.box.fingerprint, "setting")
        described = describe_processes(reading, app.place, processes, fingerprint)
        return describe_files(reading, app.place) | {"processes": described}


def open_languages(app: App) -> Live[str, Language]:
    """Load the languages of the pages, with the operator's words, to be replaced when these change."""
    loaded: Mapping[str, Language] = load_languages(app.settings.languages, load_words(app.settings))
    return Live(loaded)
