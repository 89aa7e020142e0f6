"""The operators' console, at `/-/`."""

from fastapi import APIRouter

from . import events, jobs, people, plans, records, review, runs, today, watching

router = APIRouter()
for part in (today, events, plans, review, runs, jobs, people, watching, records):
    router.include_router(part.router)
