"""The console's page of homes."""

from .pages import router

__all__ = ["router"]
