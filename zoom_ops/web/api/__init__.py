"""`/api/v1`: the operators' API."""

from .application import PREFIX, create_api

__all__ = ["PREFIX", "create_api"]
