"""What a daemon with pages serves: its services, built from the settings, and its web server."""

from functools import partial

from ..app import App, is_ready, take, wake
from ..configuration import describe_moving
from ..licence import Licence, make_licence
from ..live import Live
from ..operations.exposition import Exposition
from ..operations.notifications.intake import refuse_early
from ..operations.services import Operations
from ..operations.views.feeds import Feeds
from ..operations.views.programme import Programme
from ..settings import Settings, read_logo
from .app import create_app
from .auth.setup import identity_of, provided_of
from .branding import Branding, make_colours, make_logo
from .dependencies import Services
from .edge.door.limits import Limits
from .edge.server import WebServer, make_server
from .i18n.language import Language
from .reloading import Files, open_languages
from .security_headers import transport_security
from .streams.places import StreamLimits, StreamPlaces


def open_web(app: App, languages: Live[str, Language]) -> WebServer:
    """Make the server of the pages. Raise ConfigurationError if its address is in use."""
    settings, site = app.settings, create_app(build_services(app, languages))
    limits = Limits(connections=settings.max_connections)
    host, port = settings.listen_host, settings.listen_port
    return make_server(site, host, port, proxies=settings.trusted_proxies, limits=limits)


def build_services(app: App, languages: Live[str, Language] | None = None) -> Services:
    """Build the services that the endpoints use. `languages`: those that change with the operator's words."""
    context = app.context
    return Services(
        programme=Programme(
            context.database,
            context.box,
            context.clock,
            context.profiles,
            context.recording_margin,
            context.home_settings,
            lambda: context.playing_hosts,
        ),
        identity=identity_of(app),
        provided=provided_of(app),
        feeds=Feeds(context.database),
        take_notifications=partial(take, app),
        refuse_notification=partial(refuse_early, context),
        is_ready=partial(is_ready, app),
        metrics=Exposition(context, app.jobs).render,
        clock=context.clock,
        installation=context.installation,
        base_url=context.base_url,
        organisation=app.settings.organisation,
        branding=branding_of(app.settings),
        languages=languages or open_languages(app),
        operations=Operations(
            context=context,
            jobs=app.jobs,
            wake=partial(wake, app),
            configuration=Files(app).show,
            moving=partial(describe_moving, app.settings, app.place),
        ),
        embed_origins=app.settings.embed_origins,
        cors_origins=app.settings.cors_origins,
        share_on=app.settings.share_on,
        licence=licence_of(app.settings),
        allowed_hosts=app.settings.allowed_hosts,
        transport_security=transport_security(app.settings.base_url, app.settings.hsts),
        metrics_token=app.settings.metrics_secret,
        security_contact=app.settings.security_contact,
        streams=streams_of(app.settings),
        refusals=app.refusals,
        changed=app.change_signal,
        pictures_folder=app.settings.data_dir / "cache" / "pictures",
    )


def branding_of(settings: Settings) -> Branding:
    """Build the organisation's logos and colours from the settings."""
    logos = {"logo": settings.logo, "logo_dark": settings.logo_dark}
    files = {name: make_logo(name.upper(), read_logo(name.upper(), path)) for name, path in logos.items() if path}
    colours = make_colours(settings.accent, settings.accent_dark) if settings.accent else None
    return Branding(**files, colours=colours)


def streams_of(settings: Settings) -> StreamPlaces:
    """Build the places of streams from the settings."""
    limits = StreamLimits(most=settings.streams, each=settings.streams_per_address, proxies=settings.trusted_proxies)
    return StreamPlaces(limits)


def licence_of(settings: Settings) -> Licence | None:
    """Build the licence of texts and recordings from the settings."""
    return make_licence(settings.content_licence) if settings.content_licence else None
