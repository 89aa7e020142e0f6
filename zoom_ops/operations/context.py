"""The services and settings that the operations work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ..alerting.setup import Alerting
from ..clock import Clock
from ..engine.effects import Journal
from ..engine.port import EngineKind
from ..errors import MisconfiguredError
from ..events import Event
from ..homes import EventRecords, Gate, HomeSettings
from ..live import Current, Live
from ..monitor.address import Monitor
from ..monitor.pinger import Pinger
from ..outgoing import Sender, Webhook
from ..picture_hosts import PictureHosts
from ..planning import practice_hosts
from ..profiles import Profile
from ..store.db.backup import Nightly
from ..store.db.connect import Database
from ..store.db.disks import Disk
from ..store.db.encryption import SecretBox
from ..store.db.group_commit import GroupCommit
from ..store.retention import RetentionPeriods
from ..zoom import Gateway
from .last_look import LastLook


@dataclass(frozen=True, kw_only=True)
class Context:
    """The services and settings that the operations work with, wired together once; what is live follows the files."""

    database: Database
    group_commit: GroupCommit  # for writes of several threads at once
    box: SecretBox = field(repr=False)
    clock: Clock
    journal: Journal
    homes: Live[str, EventRecords]  # other systems with event records, by name
    home_settings: Live[str, HomeSettings]  # what their files say, by name
    gate: Gate  # to the homes, for runs that write there
    profiles: Live[str, Profile]
    gateways: Live[str, Gateway]  # by account
    webhooks: Mapping[str, Webhook]  # by name
    sender: Sender
    monitor: Monitor | None  # outside; it alarms when this service falls silent
    pinger: Pinger
    measure_disks: Callable[[], tuple[Disk, ...]]
    alerting: Alerting  # who tells operators
    picture_hosts: PictureHosts  # from where pictures may be fetched
    default: Current[str | None]  # the account of an event that names none
    installation: str
    engine: EngineKind
    base_url: str
    trusted_proxies: tuple[str, ...]  # addresses and networks whose forwarded addresses are believed
    alive_within: timedelta  # no process performs runs if the latest sign of life is older
    recording_margin: timedelta  # added to twice an event's length: then its recording is overdue
    kept: RetentionPeriods
    alert_refusals: int  # so many refusals within five minutes open an alert
    nightly: Nightly | None  # None: no backups are made by themselves
    rings: Live[str, tuple[str, ...]]  # happening → jobs that it rings
    allowed_hosts: tuple[str, ...] = ()  # under which the service may be asked, beside its own
    recording_hosts: tuple[str, ...] = ()  # at which recordings may play, beside those of Zoom
    listens_openly: bool = False  # its port is reached from other machines
    find_exposed: Callable[[], tuple[Path, ...]] = tuple  # files with secrets that every user of the machine may read
    provider_admits: bool = False  # a sign-in provider makes somebody an operator or admin
    last_look: Current[LastLook] = field(default_factory=lambda: Current(LastLook()))
    """What this process remembers of its last look at the coming events: see `find_candidates`."""

    @property
    def default_account(self) -> str | None:
        """The account of an event that names none."""
        return self.default.value

    @property
    def playing_hosts(self) -> tuple[str, ...]:
        """The hosts at which recordings may play, beside those of Zoom."""
        apis = (gateway.account.api_url for gateway in self.gateways.values())
        return (*self.recording_hosts, *practice_hosts(apis))

    def account_of(self, event: Event) -> str | None:
        """Return the Zoom account of an event, or None where none is configured for it."""
        name = event.account or self.default_account
        return name if name in self.gateways else None

    def gateway(self, account: str) -> Gateway:
        """Return the gateway to an account; raise MisconfiguredError where the account is not configured."""
        gateway = self.gateways.get(account)
        if gateway is None:
            sentence = f"The Zoom account {account!r} is not configured any more."
            raise MisconfiguredError(sentence, missing=f"account {account}")
        return gateway

    def get_home(self, name: str) -> EventRecords:
        """Return a home; raise MisconfiguredError where it is not configured."""
        home = self.homes.get(name)
        if home is None:
            raise MisconfiguredError(f"The home {name!r} is not configured any more.", missing=f"home {name}")
        return home

    def profile_of(self, event: Event) -> Profile:
        """Return the profile of an event; raise MisconfiguredError where there is no such profile."""
        profile = self.profiles.get(event.profile)
        if profile is None:
            sentence = (
                f"Event {event.id} wants the profile {event.profile!r}; there are {', '.join(sorted(self.profiles))}."
            )
            raise MisconfiguredError(sentence, missing=f"profile {event.profile}")
        return profile

    def recording_address(self, event_id: str) -> str:
        """Build our own address of an event's recording."""
        return f"{self.base_url}/events/{event_id}/recording"
