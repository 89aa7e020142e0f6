"""The command line, `zoom-ops`. A command imports modules in its body, so that --help stays fast."""

import sys

try:
    from .main import main
except KeyboardInterrupt:  # somebody was fast
    sys.exit(130)

__all__ = ["main"]
