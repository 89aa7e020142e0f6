"""A part of this program that runs in a process of its own, with limits of memory and time.

What is read or drawn there may take too much of both: the process ends by its limits, and the one that serves the pages
neither grows nor waits for the interpreter, which many libraries in C hold while they work.
"""

import math
import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_HERE = str(Path(__file__).resolve().parents[2])
_CLEAN: dict[str, str] = {}  # without our environment and its secrets
# Where a container has too little memory, Linux ends this process and not the service: said before anything is loaded.
# The alarm ends it if the service was killed.
_BEGIN = """
import runpy, signal, sys
try:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
except OSError:
    pass
_, here, seconds, *sys.argv = sys.argv
signal.alarm(int(seconds))
sys.path.insert(0, here)
runpy.run_module(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A process that has ended: what it wrote, and how it ended."""

    written: bytes
    was_stopped: bool  # by one of its limits
    reason: str  # the last line of its errors, if it failed; else empty


def run_apart(module: str, *arguments: str, given: bytes, time_s: float, inherits: bool = False) -> Ended:
    """Run a module of ours with `given` as its standard input. It is killed after so many seconds of the clock.

    `inherits`: with our environment, which may name a proxy. Raise TimeoutError if it was killed, and OSError if no
    process could be started.
    """
    how = [sys.executable, "-P", "-c", _BEGIN, _HERE, str(math.ceil(time_s) + 1), module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            how, input=given, capture_output=True, timeout=time_s, env=None if inherits else _CLEAN, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(module) from error
    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2] if done.returncode else ""
    return Ended(written=done.stdout, was_stopped=done.returncode < 0, reason=last or str(done.returncode or ""))


def limit_process(*, memory: int, processor_s: int) -> None:
    """Limit this process: bytes of addresses, seconds of the processor. It leaves no core file."""
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, processor_s), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system without such a limit, or with a lower one
            resource.setrlimit(what, (most, most))
