"""`zoom-ops homes`: other systems whose event records become events here, and which show links of recordings."""

from .commands import app

__all__ = ["app"]
