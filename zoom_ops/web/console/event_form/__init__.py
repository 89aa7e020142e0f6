"""The event form: a new event, edit, copy, paste."""

from fastapi import APIRouter

from . import pasting, routes

router = APIRouter()
for part in (pasting, routes):
    router.include_router(part.router)
