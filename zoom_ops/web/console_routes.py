"""All routes of the console, at `/-/`."""

from fastapi import APIRouter

from .console import (
    alerts,
    backups,
    drafts,
    event_form,
    events,
    figures,
    homes,
    jobs,
    options,
    people,
    pictures,
    plans,
    records,
    review,
    runs,
    sessions,
    today,
    tokens,
    users,
    watching,
    webhooks,
    webinars,
)

router = APIRouter()
for part in (
    today,
    event_form,
    drafts,
    events,
    webinars,
    plans,
    review,
    runs,
    jobs,
    people,
    pictures,
    alerts,
    watching,
    figures,
    homes,
    webhooks,
    records,
    users,
    sessions,
    tokens,
    backups,
    options,
):
    router.include_router(part.router)
