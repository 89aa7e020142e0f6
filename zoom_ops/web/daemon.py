"""The daemon: the engine and the web door in one process, from start to a graceful stop."""

import signal
from collections.abc import Callable
from functools import partial

import structlog

from ..app import App, is_ready, take
from ..errors import ConfigurationError
from ..operations import measures
from ..operations.accounts import wake_mended
from ..operations.desk import Desk
from ..operations.feeds import Feeds
from ..operations.jobs import schedule_of
from ..operations.programme import Programme
from ..settings import Settings, describe_values, load_words, read_logo
from .branding import Branding, make_colours, make_logo
from .catalogs import load_languages
from .doors import Doors
from .identity_doors import identity_of, provided_of
from .server import WebServer, make_server
from .site import create_app

log = structlog.get_logger()
_ASKING_TO_STOP = (signal.SIGTERM, signal.SIGINT)


def serve(app: App, *, web: bool = True, work: bool = True, ready: Callable[[str], None] = lambda _: None) -> None:
    """Run until SIGTERM or Ctrl-C, then finish what is under way or hand it back; `ready` is told the address."""
    if app.settings.engine == "cluster":
        raise ConfigurationError("This version has no cluster engine yet: ENGINE is auto or embedded.")
    if work and not app.lock.acquire():
        raise ConfigurationError("Another zoom_ops process does the work of this database already; stop it first.")
    signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING_TO_STOP)  # in every thread from here on: `sigwait` misses none
    server = _open_web(app) if web else None
    if work:
        wake_mended(app.context)
        app.engine.start(schedule_of(job) for job in app.jobs.values())
    if server:
        server.start()
    log.info("daemon_started", web=web, work=work)
    ready(app.settings.base_url)
    signal.sigwait(_ASKING_TO_STOP)
    _stop(app, server, work)


def doors_of(app: App) -> Doors:
    """Build what the web needs of the rest."""
    context = app.context
    return Doors(
        programme=Programme(context.database, context.box, context.clock, context.profiles, context.recording_margin),
        identity=identity_of(app),
        provided=provided_of(app),
        feeds=Feeds(context.database),
        take_notification=partial(take, app),
        is_ready=partial(is_ready, app),
        metrics=partial(measures.exposition, context.database),
        clock=context.clock,
        installation=context.installation,
        base_url=context.base_url,
        organisation=app.settings.organisation,
        branding=branding_of(app.settings),
        languages=load_languages(app.settings.languages, load_words(app.settings)),
        desk=Desk(context=context, jobs=app.jobs, wake=app.engine.wake, settings=describe_values(app.settings)),
        embed_origins=app.settings.embed_origins,
        changed=app.bell,
    )


def branding_of(settings: Settings) -> Branding:
    """Take the organisation's own logo and colour."""
    logos = {"logo": settings.logo, "logo_dark": settings.logo_dark}
    files = {name: make_logo(name.upper(), read_logo(name.upper(), path)) for name, path in logos.items() if path}
    colours = make_colours(settings.accent, settings.accent_dark) if settings.accent else None
    return Branding(**files, colours=colours)


def _open_web(app: App) -> WebServer:
    settings = app.settings
    return make_server(
        create_app(doors_of(app)), settings.listen_host, settings.listen_port, proxies=settings.trusted_proxies
    )


def _stop(app: App, server: WebServer | None, work: bool) -> None:
    if work:
        app.engine.take_no_more()
    if server:
        server.stop()
    finished = app.engine.stop() if work else True
    log.info("daemon_stopped", handed_back=not finished)
