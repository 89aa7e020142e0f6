"""The event form: a new event, edit, copy, paste."""

from fastapi import APIRouter

from . import names, pasting, routes

router = APIRouter()
for part in (names, pasting, routes):
    router.include_router(part.router)
