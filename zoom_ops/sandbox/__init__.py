"""The practice Zoom: a server that behaves as Zoom does, to try out webinars without a Zoom account."""

from .like import load_like
from .options import SandboxOptions, SandboxUser, load_users, parse_credentials
from .policy import Policy, load_policy
from .server import Sandbox, serve

__all__ = [
    "Policy",
    "Sandbox",
    "SandboxOptions",
    "SandboxUser",
    "load_like",
    "load_policy",
    "load_users",
    "parse_credentials",
    "serve",
]
