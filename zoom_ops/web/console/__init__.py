"""The operators' console, at `/-/`."""

from .routes import router

__all__ = ["router"]
