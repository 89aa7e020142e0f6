"""The services and settings that the operations work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from ..alerting.setup import Alerting
from ..clock import Clock
from ..engine.effects import Journal
from ..engine.port import EngineKind
from ..errors import ParkedError
from ..events import Event
from ..homes import EventRecords
from ..monitor.address import Monitor
from ..monitor.pinger import Pinger
from ..outgoing import Sender, Webhook
from ..profiles import Profile
from ..store.db.connect import Database
from ..store.db.disks import Disk
from ..store.db.encryption import SecretBox
from ..store.db.group_commit import GroupCommit
from ..store.retention import Kept
from ..zoom import Gateway


@dataclass(frozen=True, kw_only=True)
class Context:
    """The services and settings that the operations work with, wired together once."""

    database: Database
    group_commit: GroupCommit  # for writes of several threads at once
    box: SecretBox = field(repr=False)
    clock: Clock
    journal: Journal
    home: EventRecords
    profiles: Mapping[str, Profile]
    gateways: Mapping[str, Gateway]  # by account
    webhooks: Mapping[str, Webhook]  # by name
    sender: Sender
    monitor: Monitor | None  # outside; it alarms when this service falls silent
    pinger: Pinger
    measure_disks: Callable[[], tuple[Disk, ...]]
    alerting: Alerting  # who tells operators
    default_account: str | None
    installation: str
    engine: EngineKind
    base_url: str
    alive_within: timedelta  # no process performs runs if the latest sign of life is older
    recording_margin: timedelta  # added to twice an event's length: then its recording is overdue
    kept: Kept
    rings: Mapping[str, tuple[str, ...]]  # happening → jobs that it rings
    provider_admits: bool = False  # a sign-in provider makes somebody an operator or admin

    def account_of(self, event: Event) -> str | None:
        """Return the Zoom account of an event, or None where none is configured for it."""
        name = event.account or self.default_account
        return name if name in self.gateways else None

    def gateway(self, account: str) -> Gateway:
        """Return the gateway to an account; raise ParkedError where the account is not configured."""
        if account not in self.gateways:
            raise ParkedError(f"The Zoom account {account!r} is not configured any more.")
        return self.gateways[account]

    def profile_of(self, event: Event) -> Profile:
        """Return the profile of an event; raise ParkedError where there is no such profile."""
        if event.profile not in self.profiles:
            known = ", ".join(sorted(self.profiles))
            raise ParkedError(f"Event {event.id} wants the profile {event.profile!r}; there are {known}.")
        return self.profiles[event.profile]

    def recording_address(self, event_id: str) -> str:
        """Build our own address of an event's recording."""
        return f"{self.base_url}/events/{event_id}/recording"
