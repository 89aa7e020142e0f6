"""The command line, `zoom-ops`: a door; a command imports what it needs in its body, so that --help stays quick."""

from .main import main

__all__ = ["main"]
