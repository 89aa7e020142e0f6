"""Put the web door together: routes, headers, refusals."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from . import api, console, health, static_files, zoom_webhook
from .auth import oidc_login, password_login
from .csrf import SameOriginOnly
from .dependencies import Doors
from .errors import add_refusals
from .feeds import router as feeds
from .public import routes
from .public.stream import Streams
from .security_headers import SecurityHeaders


def create_app(doors: Doors) -> FastAPI:
    """Make the web application."""
    app = FastAPI(title=doors.organisation, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doors = doors
    app.state.streams = Streams(doors)
    app.state.notifications = zoom_webhook.gather_notifications(doors)
    add_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SameOriginOnly, base_url=doors.base_url)
    app.add_middleware(SecurityHeaders)
    for part in (health, zoom_webhook, static_files, password_login, oidc_login, console, feeds, routes):
        app.include_router(part.router)
    app.mount(api.PREFIX, api.create_api(doors))
    return app


def create_probes(doors: Doors) -> FastAPI:
    """Make the application of a process that shows no pages: it tells how it is, and nothing else."""
    app = FastAPI(title=doors.organisation, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doors = doors
    app.state.streams = Streams(doors)
    add_refusals(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(health.router)
    return app
