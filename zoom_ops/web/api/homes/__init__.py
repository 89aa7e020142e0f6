"""The API of homes."""

from .routes import router

__all__ = ["router"]
