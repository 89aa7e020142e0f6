"""Build the web application: routes, middleware, error handlers."""

from functools import partial

from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from . import home_hook, static_files
from .api_door import API, ApiDoor
from .auth import account, code, provider_sign_in, provider_sign_out, second_factor, sign_in
from .console.live import Changes
from .dependencies import UNOBSERVED, Services, admit_signed_in
from .edge.bodies import BoundedBodies
from .edge.forwarded import PassingProxies
from .errors import add_refusals
from .feeds import router as feeds
from .feeds.kept_pictures import KeptPictures
from .feeds.pictures import Pictures
from .kept.pages import KeptFirst, KeptPages
from .middleware.compression import Compressed
from .middleware.cors import PublicCors
from .middleware.csrf import SameOriginOnly
from .middleware.late_app import LateRouter
from .middleware.slashes import redirect_within_host
from .probes import routes as probes
from .public import pictures, routes, well_known
from .public.stream import Streams
from .security_headers import SecurityHeaders
from .zoom_webhook import PATH, NotificationsFirst, ZoomWebhook


def create_app(services: Services) -> FastAPI:
    """Build the web application."""
    app = FastAPI(title=services.organisation, openapi_url=None, docs_url=None, redoc_url=None, telemetry=UNOBSERVED)
    app.state.services = services
    streams = app.state.streams = Streams(services)
    app.state.changes = Changes(services, lambda: streams.closed)
    app.state.pictures = Pictures(KeptPictures(services.pictures_folder))
    add_refusals(app)
    redirect_within_host(app.router)
    kept = app.state.kept = KeptPages(lambda: app.state.services)
    streams.renew = partial(kept.renew, app)
    webhook = ZoomWebhook(services)
    app.router.routes.append(Route(PATH, webhook, methods=["POST"]))  # so that other methods are refused
    app.add_middleware(Compressed)
    app.add_middleware(SameOriginOnly, base_url=services.base_url)
    if services.cors_origins:
        app.add_middleware(PublicCors, origins=services.cors_origins)
    app.add_middleware(NotificationsFirst, webhook=webhook)
    app.add_middleware(SecurityHeaders, transport=services.transport_security)
    app.add_middleware(BoundedBodies, refusals=services.refusals)
    app.add_middleware(KeptFirst, kept=app.state.kept)
    app.state.passing = PassingProxies(services.clock)
    signing_in = (sign_in, code, provider_sign_in, provider_sign_out, account, second_factor)
    for part in (feeds, pictures, routes, probes, well_known, home_hook, static_files, *signing_in):
        app.include_router(part.router)  # each is tried in turn: what most ask for is first
    app.router.routes.append(LateRouter(app, "/-/", _load_console, admit_signed_in))
    app.mount(API, ApiDoor(services, partial(_open_api, services)))
    return app


def _load_console() -> APIRouter:
    from .console_routes import router  # with what it shows and reads it takes 15 MB, and readers never need it

    return router


def _open_api(services: Services) -> FastAPI:
    from .api import create_api  # its models take 6 MB, and few sites are asked by programs

    return create_api(services)
