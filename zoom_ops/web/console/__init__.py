"""The console, at `/-/`: for operators, and of it what is about drafts for authors."""

from fastapi import APIRouter

from . import (
    alerts,
    drafts,
    event_form,
    events,
    jobs,
    people,
    pictures,
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
    webhooks,
    records,
):
    router.include_router(part.router)
