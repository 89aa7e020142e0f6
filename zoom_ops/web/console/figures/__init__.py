"""The console's figures: charts of the jobs, of the time to the page, of Zoom's limits, and the week of the hosts."""

from fastapi import APIRouter

from . import calendar, pages

router = APIRouter()
router.include_router(calendar.router)
router.include_router(pages.router)
