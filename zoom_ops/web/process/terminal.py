"""The terminal in which the daemon was started, if it was: once that is gone, SIGHUP means to stop."""

import os
import signal


class Terminal:
    """Tells a hang-up of the terminal from an operator's `kill -HUP`."""

    def __init__(self) -> None:
        is_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # as by nohup: it shall outlive the terminal
        self._there = _has_terminal() and not is_ignored

    def is_gone(self) -> bool:
        """Return whether there was a terminal at the start, and it hung up since."""
        return self._there and not _has_terminal()


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
