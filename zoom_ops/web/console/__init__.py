"""The operators' console, at `/-/`."""

from fastapi import APIRouter

from . import alerts, events, jobs, people, plans, records, review, runs, today, watching

router = APIRouter()
for part in (today, events, plans, review, runs, jobs, people, alerts, watching, records):
    router.include_router(part.router)
