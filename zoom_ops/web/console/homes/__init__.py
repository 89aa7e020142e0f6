"""The console's page of homes, and what is decided about links in them."""

from .pages import router

__all__ = ["router"]
