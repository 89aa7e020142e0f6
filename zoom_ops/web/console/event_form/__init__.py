"""The event form: a new event, edit, copy, paste."""

from fastapi import APIRouter

from . import routes

router = APIRouter()
for part in (routes,):
    router.include_router(part.router)
