"""The web application: event pages, their stream of changes, console, API, feeds, notifications, probes, daemon."""

import sys

# FastAPI looks at each annotation whether it is a model of Pydantic 1, which it refuses. Nothing here is one, and the
# look loads all of Pydantic 1: 2 MB. Without it, FastAPI takes every annotation for one of Pydantic 2.
sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]
