"""The load of a simulation, and its programme: when and on which account each event is held."""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.builders import AMARA, JONAS, MEI, RECORDING_EXPECTED, an_event
from zoom_ops.events import Event

BEGIN = datetime(2040, 1, 24, 22, 55, tzinfo=UTC)  # an hour before the daily jobs, shortly before a turn
LENGTH = timedelta(hours=1)
PROCESSING = (LENGTH / 4, 3 * LENGTH / 4)  # the time that Zoom takes for a recording: minimum, maximum
HOSTS = 20  # of an account with 2,000 events a month
_MONTH = timedelta(days=30)
_GRID = timedelta(minutes=15)
_PAST = timedelta(days=4)  # the sweep of every half hour looks this far back


@dataclass(frozen=True, kw_only=True)
class Costs:
    """The computing time for pieces of work, in seconds. A process is one Python: it does one thing at a time."""

    run: float = 0.011
    notification: float = 0.001
    asking: float = 0.0001  # a turn, for each run that it submits


@dataclass(frozen=True, kw_only=True)
class Load:
    """The size of a simulation: accounts, events of each account a month, and hours."""

    accounts: int = 100
    times: int = 1
    monthly: int = 2_000
    hours: float = 2
    processes: int = 3
    threads: int = 8
    plan: str = "business"
    lost: float = 0.05
    lead: timedelta = timedelta(days=8)  # from an event's file to its start, or up to an eighth less
    at_work: bool = True  # it begins with an installation that has worked for long; else with an empty one
    seed: int = 1
    costs: Costs = Costs()

    def on_a_share(self, share: int) -> "Load":
        """Return the load of one process on a share of the machines: `share` times the accounts have all of them."""
        if share == 1:
            return self
        slower = share / self.processes
        costs = Costs(**{name: cost * slower for name, cost in asdict(self.costs).items()})
        threads = max(1, round(self.processes * self.threads / share))
        return replace(self, processes=1, threads=threads, costs=costs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the accounts."""
        return tuple(f"a{number:04}" for number in range(self.accounts))

    @property
    def hosts(self) -> int:
        """The number of hosts of each account."""
        return HOSTS * self.times

    @property
    def end(self) -> datetime:
        """The end of the simulation."""
        return BEGIN + timedelta(hours=self.hours)

    @property
    def daily(self) -> float:
        """The number of events a day, of all accounts."""
        return self.accounts * self.times * self.monthly / _MONTH.days


@dataclass(frozen=True, kw_only=True)
class Planned:
    """An event of the programme: when its file comes, and when it begins."""

    id: str
    account: str
    imported: datetime
    start: datetime
    processing: timedelta = LENGTH / 2

    @property
    def end(self) -> datetime:
        """The end of the event."""
        return self.start + LENGTH

    @property
    def available(self) -> datetime:
        """The time when its recording is processed."""
        return self.end + self.processing

    @property
    def event(self) -> Event:
        """The event record."""
        return an_event(
            id=self.id, account=self.account, start=self.start, end=self.end, timezone="UTC", display_times=(),
            performers=(AMARA, JONAS, MEI), attachments=(RECORDING_EXPECTED,),
        )  # fmt: skip


def hosts_of(account: str, count: int) -> tuple[str, ...]:
    """List the addresses of an account's hosts."""
    return tuple(f"host-{number:04}@{account}.example.org" for number in range(count))


def programme_of(load: Load) -> tuple[Planned, ...]:
    """Draw the programme, sorted by start; the starts are spread evenly over the quarters of an hour."""
    chance = random.Random(load.seed)
    first = BEGIN - _PAST if load.at_work else BEGIN + load.lead
    first += -timedelta(minutes=first.minute) % _GRID
    span = load.end + load.lead - first if load.at_work else load.end - first
    return tuple(sorted(_draw(load, chance, first, span), key=lambda planned: (planned.start, planned.id)))


def _draw(load: Load, chance: random.Random, first: datetime, span: timedelta) -> Iterator[Planned]:
    each = round(load.monthly * load.times * (span / _MONTH))
    for account in load.names:
        for number in range(each):
            start = first + chance.randrange(int(span / _GRID)) * _GRID
            imported = start - load.lead * (1 - chance.random() / 8)
            processing = timedelta(seconds=chance.uniform(*(bound.total_seconds() for bound in PROCESSING)))
            yield Planned(
                id=f"tides-{account}-{number:06}",
                account=account,
                imported=imported,
                start=start,
                processing=processing,
            )
