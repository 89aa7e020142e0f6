"""The command line, `zoom-ops`. A command imports modules in its body, so that --help stays fast."""

import sys

# structlog loads these where they are installed, and nothing here prints with them or switches between greenlets: they
# take 7 MB of each process
_unused = [name for name in ("rich", "greenlet") if name not in sys.modules]
for _name in _unused:
    sys.modules[_name] = None  # type: ignore[assignment]
import structlog  # noqa: E402, F401

for _name in _unused:
    del sys.modules[_name]

try:
    from .main import main
except KeyboardInterrupt:  # somebody was fast
    sys.exit(130)

__all__ = ["main"]
