"""`/api/v1`: the operators' API, an application of its own with its own OpenAPI description."""

from fastapi import FastAPI

from ... import __version__
from ..api_door import API, title_of
from ..dependencies import UNOBSERVED, Services
from ..head import HeadAsGet
from . import (
    accounts,
    alerts,
    audit,
    configuration,
    events,
    homes,
    jobs,
    notifications,
    people,
    plans,
    reviews,
    runs,
    status,
    webhooks,
    webinars,
)
from .callers import CallerRates
from .description import describer, name_operation
from .problems import add_problems

_DESCRIPTION = """What operators do, for programs. A request brings a token: `Authorization: Bearer zops_…`, made by
`zoom-ops tokens add`, which says what it is for; each operation names the scope that it needs. Whoever is signed in as
an operator may ask, too. What goes wrong is a problem document (RFC 9457) with a sentence. What is changed here is in
the audit, under the token's name."""
_RESOURCES = (
    status,
    events,
    webinars,
    jobs,
    runs,
    plans,
    reviews,
    people,
    alerts,
    accounts,
    notifications,
    homes,
    webhooks,
    audit,
    configuration,
)


def create_api(services: Services) -> FastAPI:
    """Build the application that is mounted at `/api/v1`."""
    api = FastAPI(
        title=title_of(services.organisation),
        version=__version__,
        description=_DESCRIPTION,
        servers=[{"url": API}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=UNOBSERVED,
        generate_unique_id_function=name_operation,
    )
    api.state.services = services
    api.state.rates = CallerRates(services.clock)
    add_problems(api)
    api.add_middleware(HeadAsGet)
    for resource in _RESOURCES:
        api.include_router(resource.router)
    api.openapi = describer(api)  # type: ignore[method-assign]  # FastAPI's documented way to replace it
    return api
