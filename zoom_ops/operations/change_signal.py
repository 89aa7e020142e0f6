"""A signal after a commit, so that open pages look at once."""

from collections.abc import Callable
from threading import Lock


class ChangeSignal:
    """A signal that any thread may ring. Each subscriber is called at once in that thread, and must be quick."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._subscribers: list[Callable[[], None]] = []

    def subscribe(self, subscriber: Callable[[], None]) -> Callable[[], None]:
        """Call a function at each ring; return the function that ends the subscription."""
        with self._lock:
            self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            with self._lock:
                if subscriber in self._subscribers:
                    self._subscribers.remove(subscriber)

        return unsubscribe

    def ring(self) -> None:
        """Call every subscriber."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        for subscriber in subscribers:
            subscriber()
