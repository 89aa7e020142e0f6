"""The table in which the firewall of Linux keeps each connection. Once it is full, newcomers' packets are dropped."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...messages import alerts as say
from ...store.alerts import Alert
from .attacks import SERVER_FULL

FIREWALL = "firewall"  # a cause of SERVER_FULL
_FOLDER = Path("/proc/sys/net/netfilter")
_NEARLY = 0.9  # of the table


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """How many connections the table holds, and how many fit."""

    count: int
    most: int

    @property
    def is_nearly_full(self) -> bool:
        """Whether newcomers will soon be dropped, or are."""
        return self.count >= _NEARLY * self.most

    def __str__(self) -> str:
        return f"the table of the firewall holds {self.count:,} of {self.most:,} connections"


def read_tracked(folder: Path = _FOLDER) -> Tracked | None:
    """Read the table of this network; None where the system keeps none, or a container does not see it."""
    with suppress(OSError, ValueError):
        count, most = ((folder / f"nf_conntrack_{name}").read_text("ascii") for name in ("count", "max"))
        if int(most) > 0:
            return Tracked(count=int(count), most=int(most))
    return None


def find_full_table(tracked: Tracked | None) -> Iterator[Alert]:
    """Yield an alert while the table is nearly full. Its sentence is the same until then. Pure."""
    if tracked and tracked.is_nearly_full:
        yield Alert(
            kind=SERVER_FULL,
            subject=FIREWALL,
            cause=FIREWALL,
            message=say.FIREWALL_FULL(most=tracked.most),
        )
