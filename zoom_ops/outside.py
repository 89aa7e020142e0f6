"""Other systems that the configuration names, besides Zoom: webhooks, homes, operators' targets, where pictures lie."""

from collections.abc import Mapping

from .access import Reader
from .alerting.notifier import Notifier
from .alerting.setup import Alerting
from .alerting.words import Frame
from .clock import Clock
from .homes import EventRecords, HomeSettings, open_home
from .outgoing import Webhook
from .picture_hosts import PictureHosts
from .settings import Settings


def webhooks_of(settings: Settings) -> dict[str, Webhook]:
    """Build the webhooks that the settings describe."""
    return {
        name: Webhook(
            name=name,
            url=webhook.url,
            secrets=tuple(secret.get_secret_value() for secret in webhook.secret),
            kinds=webhook.kinds,
            reader=Reader(role=webhook.audience, groups=tuple(sorted(set(webhook.groups)))),
        )
        for name, webhook in settings.webhooks.items()
    }


def alerting_of(settings: Settings) -> Alerting:
    """Build what tells operators, as the settings say."""
    frame = Frame(name=settings.organisation, base_url=settings.base_url, hours=settings.hours)
    entries = [entry.get_secret_value() for entry in settings.alert_to]
    notifier = Notifier(read_s=settings.read_s, deadline_s=2 * settings.deadline_s)
    return Alerting(entries, settings.accounts, frame, notifier)


def open_homes(
    homes: Mapping[str, HomeSettings],
    settings: Settings,
    clock: Clock,
    known: Mapping[str, tuple[HomeSettings, EventRecords]],
) -> dict[str, EventRecords]:
    """Open each home that the files describe; keep a known one while its settings are the same. No request is made."""
    waits = {"connect_s": settings.connect_s, "read_s": settings.read_s, "deadline_s": settings.deadline_s}
    opened = {}
    for name, home in homes.items():
        before, records = known.get(name, (None, None))
        opened[name] = records if records and before == home else open_home(name, home, clock, **waits)
    return opened


def picture_hosts_of(settings: Settings, clock: Clock) -> PictureHosts:
    """Build what fetches pictures, from the hosts that the settings name."""
    return PictureHosts(settings.picture_hosts, clock, connect_s=settings.connect_s, read_s=settings.read_s)
