"""The console `/-/`: what operators watch, decide and repair."""

from .routes import router

__all__ = ["router"]
