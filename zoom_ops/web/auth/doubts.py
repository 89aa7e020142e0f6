"""Log lines about a sign-in provider: each once a minute at most, since strangers decide how often there is reason."""

import structlog

from ...clock import Clock
from ..edge.seldom import Seldom

_log = structlog.get_logger(__name__)
_seldom = Seldom()


def log_doubt(clock: Clock, event: str, error: Exception) -> None:
    """Log that the provider's word was not believed, or that it cannot be asked, and how often since the last line."""
    reason = str(error)
    if times := _seldom.count(f"{event} {reason}", clock.elapsed()):
        _log.warning(event, reason=reason, times=times)
