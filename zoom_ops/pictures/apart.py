"""A part of this program that runs in a process of its own, with limits of memory and time.

What is read or drawn there may take too much of both: the process ends by its limits, and the one that serves the pages
neither grows nor waits for the interpreter, which many libraries in C hold while they work.
"""

import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_HERE = str(Path(__file__).resolve().parents[2])
_CLEAN = {"PYTHONPATH": _HERE}  # without our environment and its secrets
_RUN = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module(sys.argv[1], run_name='__main__')"


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
    how = ["-c", _RUN, _HERE, module] if inherits else ["-m", module]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-P", *how, *arguments],
            input=given, capture_output=True, timeout=time_s, env=None if inherits else _CLEAN, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(module) from error
    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2] if done.returncode else ""
    return Ended(written=done.stdout, was_stopped=done.returncode < 0, reason=last or str(done.returncode or ""))


def limit_process(*, memory: int, processor_s: int) -> None:
    """Limit this process: bytes of addresses, seconds of the processor. It leaves no core file."""
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, processor_s), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):  # a system without such a limit, or with a lower one
            resource.setrlimit(what, (most, most))
    with suppress(OSError):  # where a container has too little memory, Linux ends this process and not the service
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
