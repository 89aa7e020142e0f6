"""The command line, `zoom-ops`. A command imports modules in its body, so that --help stays fast."""

import sys

if "rich" not in sys.modules:
    # structlog loads it where it is installed, and nothing here prints with it: 5 MB of each process
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog  # noqa: F401

    del sys.modules["rich"]

try:
    from .main import main
except KeyboardInterrupt:  # somebody was fast
    sys.exit(130)

__all__ = ["main"]
