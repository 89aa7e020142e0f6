"""The console's page of backups, and of what a restoration meant."""

from .pages import router

__all__ = ["router"]
