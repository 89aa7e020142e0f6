"""The systems by their names, and what each needs of the machine."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.homes.systems.place import Place
from tests.homes.systems.running import Running

HERE = Path(__file__).parent
NAMES = ("kinto", "radicale", "wagtail", "wordpress", "pretalx", "indico")
"""Quick ones first: the tests run in this order while the others start."""


class LackError(Exception):
    """A system cannot be installed on this machine."""


@dataclass(frozen=True, kw_only=True)
class System:
    """A kind of system. Its folder holds `start.py`, `events.py` and, if Python runs it, `requirements.txt`.

    `packages` are Debian's. `pythons` are the oldest and the newest Python that it was seen to run on.
    """

    name: str
    title: str
    start: Callable[[Place], Running]
    packages: tuple[str, ...] = ()
    pythons: tuple[tuple[int, int], tuple[int, int]] = ((3, 11), (3, 14))
    pip: tuple[str, ...] = ()

    @property
    def requirements(self) -> Path | None:
        """Return the file with the versions to install, or None where Debian's packages are all."""
        path = HERE / self.name / "requirements.txt"
        return path if path.exists() else None


def find_system(name: str) -> System:
    """Find a system by its name; raise LackError."""
    if name not in NAMES:
        raise LackError(f"There is no system {name!r}; there are {', '.join(NAMES)}.")
    system: System = import_module(f"tests.homes.systems.{name}.start").SYSTEM
    return system


def find_events(name: str) -> ModuleType:
    """Find the module that makes, reads and opens events in a system.

    Each has `open_session(running, account=None)`, a requests session with the token of an account, or without one;
    `make_event(running, event)`, as the admin; `read_event(running, session, event_id)`, the answer of the API;
    `prove(running, session)`, the answer to a request that needs an account.
    """
    return import_module(f"tests.homes.systems.{name}.events")
