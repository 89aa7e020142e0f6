"""The practice Zoom: a server that behaves as Zoom does, to try out webinars without a Zoom account."""

from .options import SandboxOptions, SandboxUser, load_users, parse_credentials
from .server import Sandbox, serve

__all__ = [
    "Sandbox",
    "SandboxOptions",
    "SandboxUser",
    "load_users",
    "parse_credentials",
    "serve",
]
