"""`/api/v1`: what operators do, for programs."""

from .application import PREFIX, create_api

__all__ = ["PREFIX", "create_api"]
