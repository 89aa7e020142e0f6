"""The web door: the event pages, their stream of changes, Zoom's notifications, and the probes."""

from .doors import Doors
from .server import WebServer, make_server
from .site import create_app

__all__ = ["Doors", "WebServer", "create_app", "make_server"]
