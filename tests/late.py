"""The whole application, for tests that walk over its routes: also what is built when it is first asked for."""

from fastapi import FastAPI

from zoom_ops.web.middleware.late_app import LateRouter


def whole(app: FastAPI) -> FastAPI:
    """Return an application with the routes of its console."""
    for route in [*app.routes]:
        if isinstance(route, LateRouter):
            route.open()
    return app
