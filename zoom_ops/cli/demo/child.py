"""A child process of the demo: one command, which ends when the demo ends for any reason."""

import os
import signal
import threading


def run() -> None:
    """Run the command of this process. Its standard input is a pipe that only the demo holds open."""
    threading.Thread(target=_end_with_the_demo, daemon=True).start()
    from ..main import main

    main()


def _end_with_the_demo() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))  # the main thread handles them
    while os.read(0, 1024):  # returns b"" once the demo has ended
        pass
    os.kill(os.getpid(), signal.SIGTERM)
