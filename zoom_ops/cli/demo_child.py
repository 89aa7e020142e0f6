"""Be one of the demo's processes: a command that ends with the demo, however that ends."""

from __future__ import annotations

import os
import signal
import threading

_ASKING_TO_STOP = (signal.SIGTERM, signal.SIGINT)


def run() -> None:
    """Run the command of this process; its standard input is a pipe that nobody but the demo holds open."""
    threading.Thread(target=_end_with_the_demo, daemon=True).start()
    from .main import main

    main()


def _end_with_the_demo() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING_TO_STOP)  # they are the main thread's to take
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
