"""Put the web door together: routes, headers, refusals."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from . import api, assets, console, hooks, pages, probes, provided, signing_in
from .doors import Doors
from .feeds import router as feeds
from .headers import SecurityHeaders
from .refusals import add_refusals
from .same_origin import SameOriginOnly
from .streams import Streams


def create_app(doors: Doors) -> FastAPI:
    """Make the web application."""
    app = FastAPI(title=doors.organisation, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doors = doors
    app.state.streams = Streams(doors)
    app.state.notifications = hooks.gather_notifications(doors)
    add_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SameOriginOnly, base_url=doors.base_url)
    app.add_middleware(SecurityHeaders)
    for part in (probes, hooks, assets, signing_in, provided, console, feeds, pages):
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
    app.include_router(probes.router)
    return app
