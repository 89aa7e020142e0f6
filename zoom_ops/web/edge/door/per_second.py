"""So many in a second, for what more of would cost others too much."""


class PerSecond:
    """A number a second, after a pause that of one second at once. Times are seconds."""

    def __init__(self, a_second: float) -> None:
        self._a_second, self._left, self._counted_at = a_second, float(a_second), 0.0

    def is_used_up(self, now: float) -> bool:
        """Return whether there is none left."""
        self._left = min(self._a_second, self._left + self._a_second * (now - self._counted_at))
        self._counted_at = now
        return self._left < 1

    def count(self) -> None:
        """Count one, also of those that are not bound by it."""
        self._left = max(0.0, self._left - 1)
