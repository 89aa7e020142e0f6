"""The operators' console, at `/-/`."""

from fastapi import APIRouter

from . import (
    alerts,
    event_form,
    events,
    jobs,
    people,
    plans,
    records,
    review,
    runs,
    today,
    watching,
    webhooks,
    webinars,
)

router = APIRouter()
for part in (
    today,
    event_form,
    events,
    webinars,
    plans,
    review,
    runs,
    jobs,
    people,
    alerts,
    watching,
    webhooks,
    records,
):
    router.include_router(part.router)
