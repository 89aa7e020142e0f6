"""Build the web application: routes, middleware, error handlers."""

from functools import partial

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from . import console, home_hook, static_files, zoom_webhook
from .auth import account, sign_in
from .console.live import Changes
from .cors import PublicCors
from .csrf import SameOriginOnly
from .dependencies import UNOBSERVED, Services
from .edge.incoming import BoundedBodies
from .errors import add_refusals
from .feeds import router as feeds
from .feeds.kept_pictures import KeptPictures
from .feeds.pictures import Pictures
from .forwarded import ForwardedWatch
from .kept.answer import COMPRESSED_FROM, COMPRESSION
from .kept.pages import KeptFirst, KeptPages
from .late_app import LateApp
from .probes import routes as probes
from .public import pictures, routes
from .public.stream import Streams
from .security_headers import SecurityHeaders

API = "/api/v1"


def create_app(services: Services) -> FastAPI:
    """Build the web application."""
    app = FastAPI(title=services.organisation, openapi_url=None, docs_url=None, redoc_url=None, telemetry=UNOBSERVED)
    app.state.services = services
    streams = app.state.streams = Streams(services)
    app.state.changes = Changes(services, lambda: streams.closed)
    app.state.pictures = Pictures(KeptPictures(services.pictures_folder))
    app.state.notifications = zoom_webhook.batch_notifications(services)
    add_refusals(app)
    app.state.kept = KeptPages(lambda: app.state.services)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=COMPRESSION)
    app.add_middleware(SameOriginOnly, base_url=services.base_url)
    if services.cors_origins:
        app.add_middleware(PublicCors, origins=services.cors_origins)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(BoundedBodies, refusals=services.refusals)
    app.add_middleware(KeptFirst, kept=app.state.kept)
    app.add_middleware(ForwardedWatch, database=services.identity.database, clock=services.clock)
    for part in (probes, zoom_webhook, home_hook, static_files, sign_in, account, console, feeds, pictures, routes):
        app.include_router(part.router)
    app.mount(API, LateApp(partial(_open_api, services)))
    return app


def _open_api(services: Services) -> FastAPI:
    from .api import create_api  # its models take 6 MB, and few sites are asked by programs

    return create_api(services)
