"""The command line, `zoom-ops`. A command imports modules in its body, so that --help stays fast."""

from .main import main

__all__ = ["main"]
