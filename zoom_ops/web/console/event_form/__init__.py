"""The event form: a new event, edit, copy, paste."""

from fastapi import APIRouter

from . import names, pasting, routes, undoing

router = APIRouter()
for part in (names, pasting, routes, undoing):
    router.include_router(part.router)
