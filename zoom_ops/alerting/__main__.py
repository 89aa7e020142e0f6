"""The process that sends: it reads one order in JSON, carries it out, and writes what came of it."""

import json
import os
import sys
from contextlib import suppress

from ..system.apart import limit_process
from .sending import carry_out

_MEMORY = 256_000_000  # bytes of addresses: Apprise takes 70 MB, and its thread reserves 70 MB
_PROCESSOR_S = 20
_YIELDS = 10  # who looks at pages goes first


def main() -> None:
    """Read the order, carry it out, and write the outcome."""
    limit_process(memory=_MEMORY, processor_s=_PROCESSOR_S)
    with suppress(OSError):  # systemd may refuse it
        os.nice(_YIELDS)
    outcome = carry_out(json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(outcome))  # a line of its own, whatever a plugin prints
    sys.stdout.flush()
    os._exit(0)  # a thread of Apprise may still wait for the target


if __name__ == "__main__":
    main()
